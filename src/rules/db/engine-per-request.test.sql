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

-- case: hit its making is sampled: the line that makes it comes first
INSERT INTO text VALUES (22, 'select pg_catalog.version()');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 4000000, 6000000, 0 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, ready_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_unit_id, create_span_ns, close_span_ns, statements, uses)
  SELECT i + 10, 1, 'socket', 'postgresql', 'db:5432', i * 1000000000 + 100, 20000, 3000000, i + 1, 120, i * 1000000000 + 9000000, 40000, i + 1, 3000000, 40000, 3, 1 FROM n WHERE i < 20;
INSERT INTO statement SELECT u.i * 1000000000 + 3500000, 100000, u.i + 1, u.i + 10, u.i * 40 + 0 + 2, 22, 22, 0, 1, 0, 80, 20, 4096 FROM n u WHERE u.i < 20;
INSERT INTO statement SELECT u.i * 1000000000 + 4000000, 200000, u.i + 1, u.i + 10, u.i * 40 + 1 + 2, 4, 4, 0, 1, 0, 80, 31, 0 FROM n u WHERE u.i < 20;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/sqlalchemy/engine/create.py', 'create_engine', 1, 'library', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/sqlalchemy/dialects/postgresql/base.py', 'PGDialect.__init__', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 15, 9, 0, 10, 3, 15), (901, 900, 10, 0, 200, 4, 15);
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 901, 'python', NULL, NULL, 1, 10, 0, 10000000, 10000000, 0), (0, 1, 1, 2, 1, 12, 'native', NULL, NULL, 1, 30, 0, 30000000, 30000000, 0);
-- expect: postgresql /srv/app.py:15 40.9% >=4.090ms proven
-- says: making it: 1
-- says: at /srv/app.py:20
-- says: claims python:/srv/app.py:handler: 20

-- case: hit four samples of its making are too few to tell a line
INSERT INTO text VALUES (22, 'select pg_catalog.version()');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 4000000, 6000000, 0 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, ready_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_unit_id, create_span_ns, close_span_ns, statements, uses)
  SELECT i + 10, 1, 'socket', 'postgresql', 'db:5432', i * 1000000000 + 100, 20000, 3000000, i + 1, 120, i * 1000000000 + 9000000, 40000, i + 1, 3000000, 40000, 3, 1 FROM n WHERE i < 20;
INSERT INTO statement SELECT u.i * 1000000000 + 3500000, 100000, u.i + 1, u.i + 10, u.i * 40 + 0 + 2, 22, 22, 0, 1, 0, 80, 20, 4096 FROM n u WHERE u.i < 20;
INSERT INTO statement SELECT u.i * 1000000000 + 4000000, 200000, u.i + 1, u.i + 10, u.i * 40 + 1 + 2, 4, 4, 0, 1, 0, 80, 31, 0 FROM n u WHERE u.i < 20;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/sqlalchemy/engine/create.py', 'create_engine', 1, 'library', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/sqlalchemy/dialects/postgresql/base.py', 'PGDialect.__init__', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 15, 9, 0, 10, 3, 15), (901, 900, 10, 0, 200, 4, 15);
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 901, 'python', NULL, NULL, 1, 4, 0, 4000000, 4000000, 0), (0, 1, 1, 2, 1, 12, 'native', NULL, NULL, 1, 30, 0, 30000000, 30000000, 0);
-- expect: postgresql /srv/app.py:20 30.9% >=3.090ms proven
-- says not: making it

-- case: hit the first request alone was seen to make it: that line, and no time of it
INSERT INTO text VALUES (22, 'select pg_catalog.version()');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 4000000, 6000000, 0 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, ready_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_unit_id, create_span_ns, close_span_ns, statements, uses)
  SELECT i + 10, 1, 'socket', 'postgresql', 'db:5432', i * 1000000000 + 100, 20000, 3000000, i + 1, 120, i * 1000000000 + 9000000, 40000, i + 1, 3000000, 40000, 3, 1 FROM n WHERE i < 20;
INSERT INTO statement SELECT u.i * 1000000000 + 3500000, 100000, u.i + 1, u.i + 10, u.i * 40 + 0 + 2, 22, 22, 0, 1, 0, 80, 20, 4096 FROM n u WHERE u.i < 20;
INSERT INTO statement SELECT u.i * 1000000000 + 4000000, 200000, u.i + 1, u.i + 10, u.i * 40 + 1 + 2, 4, 4, 0, 1, 0, 80, 31, 0 FROM n u WHERE u.i < 20;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/sqlalchemy/engine/create.py', 'create_engine', 1, 'library', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/sqlalchemy/dialects/postgresql/base.py', 'PGDialect.__init__', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 15, 9, 0, 10, 3, 15), (901, 900, 10, 0, 200, 4, 15);
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 2, 901, 'python', NULL, NULL, 1, 5, 0, 5000000, 5000000, 0), (0, 1, 1, 2, 1, 12, 'native', NULL, NULL, 1, 30, 0, 30000000, 30000000, 0);
-- expect: postgresql /srv/app.py:15 30.9% >=3.090ms proven
-- says: at /srv/app.py:20
-- says not: making it

-- case: hit its connections are closed by the collector, in the next request
INSERT INTO text VALUES (22, 'select pg_catalog.version()');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 4000000, 6000000, 0 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, ready_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_unit_id, create_span_ns, close_span_ns, statements, uses)
  SELECT i + 10, 1, 'socket', 'postgresql', 'db:5432', i * 1000000000 + 100, 20000, 3000000, i + 1, 120, (i + 1) * 1000000000 + 1000000, 40000, i + 2, 3000000, 40000, 3, 2 FROM n WHERE i < 20;
INSERT INTO statement SELECT u.i * 1000000000 + 3500000, 100000, u.i + 1, u.i + 10, u.i * 40 + 0 + 2, 22, 22, 0, 1, 0, 80, 20, 4096 FROM n u WHERE u.i < 20;
INSERT INTO statement SELECT u.i * 1000000000 + 4000000, 200000, u.i + 1, u.i + 10, u.i * 40 + 1 + 2, 4, 4, 0, 1, 0, 80, 31, 0 FROM n u WHERE u.i < 20;
-- expect: postgresql /srv/app.py:20 27.8% >=2.781ms proven

-- case: miss its connections serve the next request, too, which closes them
INSERT INTO text VALUES (22, 'select pg_catalog.version()');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 4000000, 6000000, 0 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, ready_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_unit_id, create_span_ns, close_span_ns, statements, uses)
  SELECT i + 10, 1, 'socket', 'postgresql', 'db:5432', i * 1000000000 + 100, 20000, 3000000, i + 1, 120, (i + 1) * 1000000000 + 9000000, 40000, i + 2, 3000000, 40000, 3, 2 FROM n WHERE i < 20;
INSERT INTO statement SELECT u.i * 1000000000 + 3500000, 100000, u.i + 1, u.i + 10, u.i * 40 + 0 + 2, 22, 22, 0, 1, 0, 80, 20, 4096 FROM n u WHERE u.i < 20;
INSERT INTO statement SELECT u.i * 1000000000 + 4000000, 200000, u.i + 1, u.i + 10, u.i * 40 + 1 + 2, 4, 4, 0, 1, 0, 80, 31, 0 FROM n u WHERE u.i < 20;
INSERT INTO statement SELECT (u.i + 1) * 1000000000 + 5000000, 200000, u.i + 2, u.i + 10, u.i * 40 + 2 + 2, 4, 4, 0, 1, 0, 80, 31, 0 FROM n u WHERE u.i < 19;

-- case: hit no sample saw the engine being made: the line above the one that connects says it
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (99, 'tests/rules/source_engine.py', 'standing', 4, 'app', 1, x'');
UPDATE stack SET code_id = 99, line = 8 WHERE id = (SELECT app_id FROM stack WHERE id = 120);
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO text VALUES (22, 'select pg_catalog.version()');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 4000000, 6000000, 0 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, ready_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_unit_id, create_span_ns, close_span_ns, statements, uses)
  SELECT i + 10, 1, 'socket', 'postgresql', 'db:5432', i * 1000000000 + 100, 20000, 3000000, i + 1, 120, i * 1000000000 + 9000000, 40000, i + 1, 3000000, 40000, 3, 1 FROM n WHERE i < 20 AND 1;
INSERT INTO statement SELECT u.i * 1000000000 + 3500000, 100000, u.i + 1, u.i + 10, u.i * 40 + 0 + 2, 22, 22, 0, 1, 0, 80, 20, 4096 FROM n u WHERE u.i < 20;
INSERT INTO statement SELECT u.i * 1000000000 + 4000000, 200000, u.i + 1, u.i + 10, u.i * 40 + 1 + 2, 4, 4, 0, 1, 0, 80, 31, 0 FROM n u WHERE u.i < 20;
-- expect: postgresql tests/rules/source_engine.py:6 30.9% >=3.090ms proven

-- case: hit where it is made is not seen, and the function that connects makes none
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (99, 'tests/rules/source_engine.py', 'standing', 4, 'app', 1, x'');
UPDATE stack SET code_id = 99, line = 14 WHERE id = (SELECT app_id FROM stack WHERE id = 120);
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO text VALUES (22, 'select pg_catalog.version()');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 4000000, 6000000, 0 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, ready_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_unit_id, create_span_ns, close_span_ns, statements, uses)
  SELECT i + 10, 1, 'socket', 'postgresql', 'db:5432', i * 1000000000 + 100, 20000, 3000000, i + 1, 120, i * 1000000000 + 9000000, 40000, i + 1, 3000000, 40000, 3, 1 FROM n WHERE i < 20 AND 1;
INSERT INTO statement SELECT u.i * 1000000000 + 3500000, 100000, u.i + 1, u.i + 10, u.i * 40 + 0 + 2, 22, 22, 0, 1, 0, 80, 20, 4096 FROM n u WHERE u.i < 20;
INSERT INTO statement SELECT u.i * 1000000000 + 4000000, 200000, u.i + 1, u.i + 10, u.i * 40 + 1 + 2, 4, 4, 0, 1, 0, 80, 31, 0 FROM n u WHERE u.i < 20;
-- expect: postgresql tests/rules/source_engine.py:14 30.9% >=3.090ms proven
