-- case: hit each request opens a file and forgets it
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n WHERE i < 50;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_unit_id, open_stack_id, uses)
  SELECT i + 1, 1, 'file', 'unknown', '/srv/data.txt', i * 100000000 + 10, i + 1, 33, 1 FROM n WHERE i < 50;
INSERT INTO fact VALUES (1, 'rlimit.nofile', '1024');
INSERT INTO host_second SELECT i * 1000000000, 1, 0, 0, 0, 20 + 10 * i, 1 FROM n WHERE i < 6;
-- expect: file /srv/app.py:33 /srv/app.py:33 0.0% - proven

-- case: near-miss no-upstream-keep-alive: a socket to another service in each request, closed again
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n WHERE i < 50;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_unit_id, open_stack_id, closed_ns, close_unit_id, uses)
  SELECT i + 1, 1, 'socket', 'http', 'api:80', i * 100000000 + 10, i + 1, 33, i * 100000000 + 3000000, i + 1, 1 FROM n WHERE i < 50;

-- case: miss two files kept open since the first requests
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n WHERE i < 50;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_unit_id, open_stack_id, uses)
  SELECT i + 1, 1, 'file', 'unknown', '/srv/log' || i, i * 100000000 + 10, i + 1, 33, 1 FROM n WHERE i < 2;

-- case: miss the file below a leaked SQLite connection is the connection's
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n WHERE i < 50;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_unit_id, open_stack_id, uses)
  SELECT i + 1, 1, 'file', 'unknown', '/srv/app.db', i * 100000000 + 10, i + 1, 33, 1 FROM n WHERE i < 50
  UNION ALL SELECT i + 101, 1, 'sqlite', 'sqlite', '/srv/app.db', i * 100000000 + 5, i + 1, 33, 1 FROM n WHERE i < 50;

-- case: hit each tenth request the garbage collector closes what was left: a sawtooth, no growth, no proof
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n WHERE i < 50;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_unit_id, open_stack_id, closed_ns, close_unit_id, uses)
  SELECT i + 1, 1, 'file', 'unknown', '/srv/data.txt', i * 100000000 + 10, i + 1, 33, (i / 10 + 1) * 1000000000 + 2000000, (i / 10 + 1) * 10 + 1, 2 FROM n WHERE i < 40;
-- expect: file /srv/app.py:33 /srv/app.py:33 0.0% - likely

-- case: miss each file is closed a little after its request
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n WHERE i < 50;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_unit_id, open_stack_id, closed_ns, close_unit_id, uses)
  SELECT i + 1, 1, 'file', 'unknown', '/srv/data.txt', i * 100000000 + 10, i + 1, 33, i * 100000000 + 5000000, NULL, 1 FROM n WHERE i < 50;

-- case: miss a pool: closed late by its own rule, and others of the line were used again
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n WHERE i < 50;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_unit_id, open_stack_id, closed_ns, close_unit_id, uses)
  SELECT i + 1, 1, 'file', 'unknown', '/srv/data.txt', i * 100000000 + 10, i + 1, 33, (i / 10 + 1) * 1000000000 + 2000000, NULL, 1 + i % 7 FROM n WHERE i < 40;

-- case: hit seen from outside: one more is open each second, and they lead to one peer
INSERT INTO sample_10s VALUES (0, 1, 1, NULL, 0, 12, 'python', NULL, NULL, 2, 60, 0, 600000000, 600000000, 0);
INSERT INTO host_second SELECT i * 1000000000, 1, 0, 0, 0, 20 + i, 1 FROM n WHERE i < 20;
INSERT INTO peer_second SELECT i * 1000000000, 1, 'file', '/srv/log.txt', 3 + i, 1, 0 FROM n WHERE i < 20;
-- expect: process - 0.0% - likely

-- case: miss seen from outside: they come and go with the load
INSERT INTO sample_10s VALUES (0, 1, 1, NULL, 0, 12, 'python', NULL, NULL, 2, 60, 0, 600000000, 600000000, 0);
INSERT INTO host_second SELECT i * 1000000000, 1, 0, 0, 0, 20 + i % 10, 1 FROM n WHERE i < 20;
INSERT INTO peer_second SELECT i * 1000000000, 1, 'file', '/srv/log.txt', 3 + i % 10, 1, 0 FROM n WHERE i < 20;
