-- case: hit a pool's connection for each request, and each asks for the server's version
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO text VALUES (22, 'select pg_catalog.version()');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 4000000, 6000000, 0 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, ready_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_unit_id, create_span_ns, close_span_ns, statements, uses)
  SELECT i + 10, 1, 'socket', 'postgresql', 'db:5432', i * 1000000000 + 100, 20000, 3000000, i + 1, 120, i * 1000000000 + 9000000, 40000, i + 1, 3000000, 40000, 3, 1 FROM n WHERE i < 20 AND 1;
INSERT INTO statement SELECT u.i * 1000000000 + 3500000, 100000, u.i + 1, u.i + 10, u.i * 40 + 0 + 2, 22, 22, 0, 1, 0, 80, 20, 4096 FROM n u WHERE u.i < 20;
INSERT INTO statement SELECT u.i * 1000000000 + 4000000, 200000, u.i + 1, u.i + 10, u.i * 40 + 1 + 2, 4, 4, 0, 1, 0, 80, 31, 0 FROM n u WHERE u.i < 20;
-- expect: postgresql /srv/app.py:20 30.9% >=3.090ms proven
-- says: route: /orders
-- says: statements compiled anew: 0 of 20 runs that say the same

-- case: near-miss db-connection-per-request: a pool that keeps nothing, made once
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO text VALUES (22, 'select pg_catalog.version()');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 4000000, 6000000, 0 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, ready_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_unit_id, create_span_ns, close_span_ns, statements, uses)
  SELECT i + 10, 1, 'socket', 'postgresql', 'db:5432', i * 1000000000 + 100, 20000, 3000000, i + 1, 120, i * 1000000000 + 9000000, 40000, i + 1, 3000000, 40000, 3, 1 FROM n WHERE i < 20 AND 1;
INSERT INTO statement SELECT u.i * 1000000000 + 4000000, 200000, u.i + 1, u.i + 10, u.i * 40 + 0 + 2, 4, 4, 0, 1, 0, 80, 31, 0 FROM n u WHERE u.i < 20;

-- case: near-miss cold-start: two requests at the start
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO text VALUES (22, 'select pg_catalog.version()');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 4000000, 6000000, 0 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, ready_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_unit_id, create_span_ns, close_span_ns, statements, uses)
  SELECT i + 10, 1, 'socket', 'postgresql', 'db:5432', i * 1000000000 + 100, 20000, 3000000, i + 1, 120, i * 1000000000 + 9000000, 40000, i + 1, 3000000, 40000, 3, 1 FROM n WHERE i < 2 AND 1;
INSERT INTO statement SELECT u.i * 1000000000 + 3500000, 100000, u.i + 1, iif(u.i < 2, u.i + 10, 1), u.i * 40 + 0 + 2, 22, 22, 0, 1, 0, 80, 20, 4096 FROM n u WHERE u.i < 20;
INSERT INTO statement SELECT u.i * 1000000000 + 4000000, 200000, u.i + 1, iif(u.i < 2, u.i + 10, 1), u.i * 40 + 1 + 2, 4, 4, 0, 1, 0, 80, 31, 0 FROM n u WHERE u.i < 20;

-- case: miss one engine
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 4000000, 6000000, 0 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + 4000000, 200000, u.i + 1, 1, u.i * 40 + 0 + 2, 4, 4, 0, 1, 0, 80, 31, 0 FROM n u WHERE u.i < 20;

-- case: miss three requests with an engine each
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO text VALUES (22, 'select pg_catalog.version()');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 4000000, 6000000, 0 FROM n WHERE i < 3;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, ready_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_unit_id, create_span_ns, close_span_ns, statements, uses)
  SELECT i + 10, 1, 'socket', 'postgresql', 'db:5432', i * 1000000000 + 100, 20000, 3000000, i + 1, 120, i * 1000000000 + 9000000, 40000, i + 1, 3000000, 40000, 3, 1 FROM n WHERE i < 3 AND 1;
INSERT INTO statement SELECT u.i * 1000000000 + 3500000, 100000, u.i + 1, u.i + 10, u.i * 40 + 0 + 2, 22, 22, 0, 1, 0, 80, 20, 4096 FROM n u WHERE u.i < 3;
INSERT INTO statement SELECT u.i * 1000000000 + 4000000, 200000, u.i + 1, u.i + 10, u.i * 40 + 1 + 2, 4, 4, 0, 1, 0, 80, 31, 0 FROM n u WHERE u.i < 3;

-- case: hit seven requests with an engine each
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO text VALUES (22, 'select pg_catalog.version()');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 4000000, 6000000, 0 FROM n WHERE i < 7;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, ready_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_unit_id, create_span_ns, close_span_ns, statements, uses)
  SELECT i + 10, 1, 'socket', 'postgresql', 'db:5432', i * 1000000000 + 100, 20000, 3000000, i + 1, 120, i * 1000000000 + 9000000, 40000, i + 1, 3000000, 40000, 3, 1 FROM n WHERE i < 7 AND 1;
INSERT INTO statement SELECT u.i * 1000000000 + 3500000, 100000, u.i + 1, u.i + 10, u.i * 40 + 0 + 2, 22, 22, 0, 1, 0, 80, 20, 4096 FROM n u WHERE u.i < 7;
INSERT INTO statement SELECT u.i * 1000000000 + 4000000, 200000, u.i + 1, u.i + 10, u.i * 40 + 1 + 2, 4, 4, 0, 1, 0, 80, 31, 0 FROM n u WHERE u.i < 7;
-- expect: postgresql /srv/app.py:20 30.9% >=3.090ms proven

-- case: hit SQLAlchemy's asyncio, which connects from a greenlet that has no frame of the pool
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO text VALUES (22, 'select pg_catalog.version()');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 4000000, 6000000, 0 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, ready_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_unit_id, create_span_ns, close_span_ns, statements, uses)
  SELECT i + 10, 1, 'socket', 'postgresql', 'db:5432', i * 1000000000 + 100, 20000, 3000000, i + 1, 20, i * 1000000000 + 9000000, 40000, i + 1, 3000000, 40000, 3, 1 FROM n WHERE i < 20 AND 1;
INSERT INTO statement SELECT u.i * 1000000000 + 3500000, 100000, u.i + 1, u.i + 10, u.i * 40 + 0 + 2, 22, 22, 0, 1, 0, 80, 20, 4096 FROM n u WHERE u.i < 20;
INSERT INTO statement SELECT u.i * 1000000000 + 4000000, 200000, u.i + 1, u.i + 10, u.i * 40 + 1 + 2, 4, 4, 0, 1, 0, 80, 31, 0 FROM n u WHERE u.i < 20;
-- expect: postgresql /srv/app.py:20 30.9% >=3.090ms proven
-- says: route: /orders
-- says: statements compiled anew: 0 of 20 runs that say the same
