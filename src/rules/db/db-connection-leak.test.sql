-- case: hit each fifth request fails and leaves its connection open
INSERT INTO unit(id, process_id, kind, route_id, status, start_ns, wall_ns, cpu_ns, db_ns, error_id)
  SELECT i + 1, 1, 'request', 1, iif(i % 5, 200, 500), i * 100000000, 4000000, 2000000, 2000000, iif(i % 5, NULL, 6) FROM n WHERE i < 50;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, open_unit_id, open_stack_id, statements, uses)
  SELECT i + 1, 1, 'socket', 'postgresql', 'db:5432', i * 100000000 + 10, 1000, i + 1, 122, 1, 1 FROM n WHERE i < 50 AND i % 5 = 0;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (100, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 50, 40);
INSERT INTO statement SELECT i * 100000000 + 500, 100000, i + 1, iif(i % 5, 100, i + 1), 1, 4, 7, 0, 1, 0, 9, 12, 0 FROM n WHERE i < 50;
-- expect: postgresql /srv/app.py:22 /srv/app.py:22 0.0% - proven

-- case: near-miss db-pool-exhausted: a pool fills up to ten and then opens no more
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns)
  SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 2000000, 2000000 FROM n WHERE i < 50;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_unit_id, open_stack_id, statements, uses)
  SELECT i + 1, 1, 'socket', 'postgresql', 'db:5432', i * 100000000 + 10, i + 1, 122, 1, 1 FROM n WHERE i < 10;

-- case: near-miss db-pool-exhausted: a burst of twelve requests at a time makes a pool grow by as many, which it keeps
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns)
  SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 2000000, 2000000 FROM n WHERE i < 50;
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns)
  SELECT i + 101, 1, 'request', 1, 4010000000 + i * 1000000, 50000000, 2000000, 2000000 FROM n WHERE i < 12;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_unit_id, open_stack_id, statements, uses)
  SELECT i + 1, 1, 'socket', 'redis', 'db:6379', 4020000000 + i * 1000000, i + 101, 122, 1, 1 FROM n WHERE i < 12;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_unit_id, open_stack_id, statements, uses)
  VALUES (100, 1, 'socket', 'redis', 'db:6379', 10, 1, 122, 50, 50);

-- case: miss each connection is closed
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns)
  SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 2000000, 2000000 FROM n WHERE i < 50;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_unit_id, open_stack_id, closed_ns, close_unit_id, statements, uses)
  SELECT i + 1, 1, 'socket', 'postgresql', 'db:5432', i * 100000000 + 10, i + 1, 122, i * 100000000 + 3000000, i + 1, 1, 1 FROM n WHERE i < 50;

-- case: hit the worker is stopped at the end, which closes what had leaked
INSERT INTO unit(id, process_id, kind, route_id, status, start_ns, wall_ns, cpu_ns, db_ns)
  SELECT i + 1, 1, 'request', 1, 200, i * 100000000, 4000000, 2000000, 2000000 FROM n WHERE i < 50;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_unit_id, open_stack_id, closed_ns, statements, uses)
  SELECT i + 1, 1, 'socket', 'postgresql', 'db:5432', i * 100000000 + 10, i + 1, 122, 50000000000, 1, 1 FROM n WHERE i < 50 AND i % 5 = 0;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (100, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 50, 40);
INSERT INTO statement SELECT i * 100000000 + 500, 100000, i + 1, iif(i % 5, 100, i + 1), 1, 4, 7, 0, 1, 0, 9, 12, 0 FROM n WHERE i < 50;
UPDATE process SET end_ns = 50000000000 WHERE id = 1;
-- expect: postgresql /srv/app.py:22 /srv/app.py:22 0.0% - proven

-- case: hit each tenth request the garbage collector closes what was left: a sawtooth, no growth, no proof
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n WHERE i < 50;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_unit_id, open_stack_id, closed_ns, close_unit_id, uses)
  SELECT i + 1, 1, 'socket', 'postgresql', 'db:5432', i * 100000000 + 10, i + 1, 122, (i / 10 + 1) * 1000000000 + 2000000, (i / 10 + 1) * 10 + 1, 2 FROM n WHERE i < 40;
-- expect: postgresql /srv/app.py:22 /srv/app.py:22 0.0% - likely

-- case: miss each connection is closed a little after its request
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n WHERE i < 50;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_unit_id, open_stack_id, closed_ns, close_unit_id, uses)
  SELECT i + 1, 1, 'socket', 'postgresql', 'db:5432', i * 100000000 + 10, i + 1, 122, i * 100000000 + 5000000, NULL, 1 FROM n WHERE i < 50;

-- case: miss a pool: closed late by its own rule, and others of the line were used again
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n WHERE i < 50;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_unit_id, open_stack_id, closed_ns, close_unit_id, uses)
  SELECT i + 1, 1, 'socket', 'postgresql', 'db:5432', i * 100000000 + 10, i + 1, 122, (i / 10 + 1) * 1000000000 + 2000000, NULL, 1 + i % 7 FROM n WHERE i < 40;

-- case: hit the collector closes one in three late: the others pile up
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n WHERE i < 50;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_unit_id, open_stack_id, closed_ns, close_unit_id, uses)
  SELECT i + 1, 1, 'socket', 'postgresql', 'db:5432', i * 100000000 + 10, i + 1, 122, iif(i % 3, NULL, i * 100000000 + 502000000), iif(i % 3, NULL, i + 6), iif(i % 3, 1, 2) FROM n WHERE i < 40;
INSERT INTO fact VALUES (1, 'rlimit.nofile', '1024');
INSERT INTO host_second SELECT i * 1000000000, 1, 0, 0, 0, 20 + 10 * i, 1 FROM n WHERE i < 6;
-- expect: postgresql /srv/app.py:22 /srv/app.py:22 0.0% - likely

-- case: hit seen from outside: one more is open each second, and they lead to one peer
INSERT INTO sample_10s VALUES (0, 1, 1, NULL, 0, 12, 'python', NULL, NULL, 2, 60, 0, 600000000, 600000000, 0);
INSERT INTO host_second SELECT i * 1000000000, 1, 0, 0, 0, 20 + i, 1 FROM n WHERE i < 20;
INSERT INTO peer_second SELECT i * 1000000000, 1, 'socket', '10.0.0.5:5432', 3 + i, 1, 0 FROM n WHERE i < 20;
-- expect: process - 0.0% - likely

-- case: miss seen from outside: they come and go with the load
INSERT INTO sample_10s VALUES (0, 1, 1, NULL, 0, 12, 'python', NULL, NULL, 2, 60, 0, 600000000, 600000000, 0);
INSERT INTO host_second SELECT i * 1000000000, 1, 0, 0, 0, 20 + i % 10, 1 FROM n WHERE i < 20;
INSERT INTO peer_second SELECT i * 1000000000, 1, 'socket', '10.0.0.5:5432', 3 + i % 10, 1, 0 FROM n WHERE i < 20;

-- case: miss databases in memory, which have no descriptor
INSERT INTO unit(id, process_id, kind, route_id, status, start_ns, wall_ns, cpu_ns, db_ns, error_id)
  SELECT i + 1, 1, 'request', 1, iif(i % 5, 200, 500), i * 100000000, 4000000, 2000000, 2000000, iif(i % 5, NULL, 6) FROM n WHERE i < 50;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, open_unit_id, open_stack_id, statements, uses)
  SELECT i + 1, 1, 'sqlite', 'sqlite', ':memory:', i * 100000000 + 10, 1000, i + 1, 122, 1, 1 FROM n WHERE i < 50 AND i % 5 = 0;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (100, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 50, 40);
INSERT INTO statement SELECT i * 100000000 + 500, 100000, i + 1, iif(i % 5, 100, i + 1), 1, 4, 7, 0, 1, 0, 9, 12, 0 FROM n WHERE i < 50;
