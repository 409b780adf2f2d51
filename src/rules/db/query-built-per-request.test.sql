-- case: hit compiled at each run, into the same text
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 8000000, 2000000, 0 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + 4000000, 2000000, u.i + 1, 1, u.i * 40 + 0 + 2, 4, 4, 0, 1, 0, 80, 80, 0 FROM n u WHERE u.i < 10;
INSERT INTO usage_10s VALUES (0, 2, 'span', 80, NULL, 11, 0, 0, 10, 10, 0, 10000000, 0, 1000000, 0, 0, 0);
INSERT INTO event SELECT u.i * 1000000000 + 1000000, 1000000, u.i + 1, 1, 'span', 80, NULL, 11, 0, 0, 0, 0, 0, 0, 1 FROM n u WHERE u.i < 10;
-- expect: app.py:80 /srv/app.py:80 10.0% >=1.000ms proven
-- says: route: /orders

-- case: near-miss sql-literals-defeat-cache: another text each time
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 8000000, 2000000, 0 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + 4000000, 2000000, u.i + 1, 1, u.i * 40 + 0 + 2, 4, 50 + u.i, 1, 1, 0, 80, 80, 8192 FROM n u WHERE u.i < 10;
INSERT INTO usage_10s VALUES (0, 2, 'span', 80, NULL, 11, 0, 0, 10, 10, 0, 10000000, 0, 1000000, 0, 0, 0);

-- case: near-miss engine-per-request: a new engine compiles anew
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO text VALUES (22, 'select pg_catalog.version()');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 4000000, 6000000, 0 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, ready_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_unit_id, create_span_ns, close_span_ns, statements, uses)
  SELECT i + 10, 1, 'socket', 'postgresql', 'db:5432', i * 1000000000 + 100, 20000, 3000000, i + 1, 120, i * 1000000000 + 9000000, 40000, i + 1, 3000000, 40000, 3, 1 FROM n WHERE i < 20 AND 1;
INSERT INTO statement SELECT u.i * 1000000000 + 3500000, 100000, u.i + 1, u.i + 10, u.i * 40 + 0 + 2, 22, 22, 0, 1, 0, 80, 20, 4096 FROM n u WHERE u.i < 20;
INSERT INTO statement SELECT u.i * 1000000000 + 4000000, 200000, u.i + 1, u.i + 10, u.i * 40 + 1 + 2, 4, 4, 0, 1, 0, 80, 80, 0 FROM n u WHERE u.i < 20;
INSERT INTO usage_10s VALUES (0, 2, 'span', 80, NULL, 11, 0, 0, 20, 20, 0, 20000000, 0, 1000000, 0, 0, 0);
-- says: ruled out: compiled 20 times, but connections are not kept either, and what keeps compiled statements may go with them

-- case: miss compiled once
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 8000000, 2000000, 0 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + 4000000, 2000000, u.i + 1, 1, u.i * 40 + 0 + 2, 4, 4, 0, 1, 0, 80, 80, 0 FROM n u WHERE u.i < 10;
INSERT INTO usage_10s VALUES (0, 2, 'span', 80, NULL, 11, 0, 0, 1, 1, 0, 1000000, 0, 1000000, 0, 0, 0);

-- case: hit compiled at two of three runs
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 8000000, 2000000, 0 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + 4000000, 2000000, u.i + 1, 1, u.i * 40 + 0 + 2, 4, 4, 0, 1, 0, 80, 80, 0 FROM n u WHERE u.i < 10;
INSERT INTO usage_10s VALUES (0, 2, 'span', 80, NULL, 11, 0, 0, 7, 7, 0, 10000000, 0, 1000000, 0, 0, 0);
INSERT INTO event SELECT u.i * 1000000000 + 1000000, 1000000, u.i + 1, 1, 'span', 80, NULL, 11, 0, 0, 0, 0, 0, 0, 1 FROM n u WHERE u.i < 10;
-- expect: app.py:80 /srv/app.py:80 7.0% >=0.700ms proven

-- case: miss compiled at two of five runs
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 8000000, 2000000, 0 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + 4000000, 2000000, u.i + 1, 1, u.i * 40 + 0 + 2, 4, 4, 0, 1, 0, 80, 80, 0 FROM n u WHERE u.i < 10;
INSERT INTO usage_10s VALUES (0, 2, 'span', 80, NULL, 11, 0, 0, 4, 4, 0, 10000000, 0, 1000000, 0, 0, 0);
INSERT INTO event SELECT u.i * 1000000000 + 1000000, 1000000, u.i + 1, 1, 'span', 80, NULL, 11, 0, 0, 0, 0, 0, 0, 1 FROM n u WHERE u.i < 10;
