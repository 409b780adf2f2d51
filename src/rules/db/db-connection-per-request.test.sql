-- case: hit one SQLite connection in each of 40 requests, through SQLAlchemy's NullPool
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, db_cpu_ns, connects, statements)
  SELECT i + 1, 1, 'request', 1, i * 10000000, 1000000, 900000, 400000, 400000, 1, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, open_unit_id, open_stack_id,
  closed_ns, close_dur_ns, close_unit_id, statements, uses, first_extra_ns, create_span_ns, close_span_ns)
  SELECT i + 1, 1, 'sqlite', 'sqlite', 'app.db', i * 10000000 + 100, 80000, i + 1, 114,
    i * 10000000 + 900000, 20000, i + 1, 1, 1, 60000, 200000, 40000 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 10000000 + 300000, 90000, i + 1, i + 1, 1, 4, 7, 0, 1, 80000, 0, 115, 0
  FROM n WHERE i < 40;
-- expect: sqlite /srv/app.py:14 32.0% 0.320ms proven
-- says: A database connection (SQLite) is opened and closed in every request.

-- case: hit a single request that opens PostgreSQL and closes it again
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns) VALUES (1, 1, 'request', 1, 0, 10000000, 1000000, 9000000);
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, ready_ns, open_unit_id, open_stack_id,
  closed_ns, close_dur_ns, close_unit_id, statements, uses)
  VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 100, 80000, 4000000, 1, 20, 9000000, 0, 1, 1, 1);
INSERT INTO statement VALUES (5000000, 2000000, 1, 1, 1, 4, 7, 0, 1, 0, 100, 21, 0);
-- expect: postgresql /srv/app.py:20 50.0% 5.000ms proven
-- says: opening and closing them: 4 ms per request
-- says: route: /

-- case: hit two routes, one with a pool, one with a connection for each query
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns)
  SELECT i + 1, 1, 'request', 1 + i % 2, i * 10000000, 4000000, 2000000, 2000000 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses)
  VALUES (100, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 10, 10);
INSERT INTO statement SELECT i * 10000000 + 500, 100000, i + 1, 100, i + 2, 4, 7, 0, 1, 0, 9, 12, 0 FROM n WHERE i < 20 AND i % 2 = 0;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, ready_ns, open_unit_id, open_stack_id,
  closed_ns, close_dur_ns, close_unit_id, statements, uses)
  SELECT 200 + 3 * i + j, 1, 'socket', 'postgresql', 'db:5432', i * 10000000 + j * 1000000, 500000, i + 1, 30, i * 10000000 + j * 1000000 + 900000, 0, i + 1, 1, 1
  FROM n, (SELECT 0 AS j UNION SELECT 1 UNION SELECT 2) WHERE i < 20 AND i % 2 = 1;
INSERT INTO statement SELECT h.opened_ns + 500000, 100000, h.open_unit_id, h.id, 1, 4, 7, 0, 1, 0, 9, 31, 0 FROM handle h WHERE h.id >= 200;
-- expect: postgresql /srv/app.py:30 18.8% 0.750ms proven
-- says: 3.0 database connections (PostgreSQL) are opened and closed in every request of /orders.

-- case: near-miss db-pool-churn: a pool that recycles opens in every second request
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns)
  SELECT i + 1, 1, 'request', 1, i * 10000000, 4000000, 2000000, 2000000 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, ready_ns, open_unit_id, open_stack_id, closed_ns, close_unit_id, statements, uses)
  SELECT i + 1, 1, 'socket', 'postgresql', 'db:5432', i * 10000000 + 10, 500000, i + 1, 14, i * 10000000 + 3000000, i + 1, 1, 1 FROM n WHERE i < 40 AND i % 2 = 0;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses)
  VALUES (100, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 10, 10);
INSERT INTO statement SELECT i * 10000000 + 500, 100000, i + 1, iif(i % 2, 100, i + 1), 1, 4, 7, 0, 1, 0, 9, 12, 0 FROM n WHERE i < 40;

-- case: miss each of 40 requests is the first of its tenant, whose connection is kept
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns)
  SELECT i + 1, 1, 'request', 1, i * 10000000, 4000000, 2000000, 2000000 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, create_span_ns, open_unit_id, open_stack_id, statements, uses)
  SELECT i + 1, 1, 'sqlite', 'sqlite', 'tenant' || i, i * 10000000 + 10, 500000, i + 1, 14, 1, 1 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 10000000 + 500, 100000, i + 1, i + 1, 1, 4, 7, 0, 1, 0, 9, 12, 0 FROM n WHERE i < 40;
-- says: ruled out: 40 requests used SQLite; 40 connections were opened in them, 0 of these for one request only

-- case: miss workers open their connection in the first request that they serve and keep it
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns)
  SELECT i + 1, i, 'request', 1, i * 10000000, 4000000, 2000000, 2000000 FROM n WHERE i < 8;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, ready_ns, open_unit_id, open_stack_id, statements, uses)
  SELECT i + 1, i, 'socket', 'postgresql', 'db:5432', i * 10000000 + 10, 500000, i + 1, 14, 1, 1 FROM n WHERE i < 8;

-- case: hit seen from outside: samples inside the making of a connection that no pool keeps, and of waiting for clients
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/venv/lib/python3.12/site-packages/sqlalchemy/pool/base.py', 'Pool._create_connection', 1, 'library', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/sqlalchemy/pool/impl.py', 'QueuePool._do_get', 1, 'library', 1, x''),
  (11, '/venv/lib/python3.12/site-packages/psycopg2/__init__.py', 'connect', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 114, 9, 0, 390, 4, 14), (901, 900, 11, 0, 122, 5, 14);
INSERT INTO sample_10s VALUES (0, 1, 1, NULL, 0, 901, 'call', 'poll', NULL, 2, 40, 0, 400000000, 0, 0), (1, 1, 1, NULL, 0, 901, 'call', 'poll', NULL, 2, 40, 0, 400000000, 0, 0),
  (1, 1, 1, NULL, 0, 12, 'python', NULL, NULL, 2, 20, 0, 200000000, 200000000, 0), (1, 1, 1, NULL, 0, 1000, 'call', 'pselect6', NULL, 2, 5900, 0, 59000000000, 0, 0);
-- expect: postgresql /srv/app.py:14 80.0% - likely

-- case: hit seen from outside: a pool that keeps nothing in the end, as many connections ended as clients'
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/venv/lib/python3.12/site-packages/sqlalchemy/pool/base.py', 'Pool._create_connection', 1, 'library', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/sqlalchemy/pool/impl.py', 'QueuePool._do_get', 1, 'library', 1, x''),
  (11, '/venv/lib/python3.12/site-packages/psycopg2/__init__.py', 'connect', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 14, 10, 0, 170, 3, 14), (901, 900, 9, 0, 390, 4, 14), (902, 901, 11, 0, 122, 5, 14);
INSERT INTO sample_10s SELECT i, 1, 1, NULL, 0, 902, 'call', 'poll', NULL, 2, 40, 0, 400000000, 0, 0 FROM n WHERE i < 2;
INSERT INTO sample_10s VALUES (1, 1, 1, NULL, 0, 12, 'python', NULL, NULL, 2, 20, 0, 200000000, 200000000, 0), (1, 1, 1, NULL, 0, 1000, 'call', 'pselect6', NULL, 2, 5900, 0, 59000000000, 0, 0);
INSERT INTO peer_second VALUES (5, 0, 'client', '0.0.0.0:8000', 0, 0, 500), (5, 0, 'socket', '10.0.0.5:5432', 0, 0, 490);
-- expect: postgresql /srv/app.py:14 80.0% - likely

-- case: near-miss db-pool-churn: seen from outside, a pool that recycles: one connection ends for ten clients
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/venv/lib/python3.12/site-packages/sqlalchemy/pool/base.py', 'Pool._create_connection', 1, 'library', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/sqlalchemy/pool/impl.py', 'QueuePool._do_get', 1, 'library', 1, x''),
  (11, '/venv/lib/python3.12/site-packages/psycopg2/__init__.py', 'connect', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 14, 10, 0, 170, 3, 14), (901, 900, 9, 0, 390, 4, 14), (902, 901, 11, 0, 122, 5, 14);
INSERT INTO sample_10s SELECT i, 1, 1, NULL, 0, 902, 'call', 'poll', NULL, 2, 40, 0, 400000000, 0, 0 FROM n WHERE i < 2;
INSERT INTO sample_10s VALUES (1, 1, 1, NULL, 0, 12, 'python', NULL, NULL, 2, 20, 0, 200000000, 200000000, 0);
INSERT INTO peer_second VALUES (5, 0, 'client', '0.0.0.0:8000', 0, 0, 500), (5, 0, 'socket', '10.0.0.5:5432', 0, 0, 50);

-- case: miss seen from outside: a worker makes its connection once, when it starts
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/venv/lib/python3.12/site-packages/sqlalchemy/pool/base.py', 'Pool._create_connection', 1, 'library', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/sqlalchemy/pool/impl.py', 'QueuePool._do_get', 1, 'library', 1, x''),
  (11, '/venv/lib/python3.12/site-packages/psycopg2/__init__.py', 'connect', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 114, 9, 0, 390, 4, 14), (901, 900, 11, 0, 122, 5, 14);
INSERT INTO sample_10s VALUES (0, 1, 1, NULL, 0, 901, 'call', 'poll', NULL, 2, 4, 0, 40000000, 0, 0), (1, 1, 1, NULL, 0, 12, 'python', NULL, NULL, 2, 20, 0, 200000000, 200000000, 0);

-- case: hit seen from outside: SQLite's have no sockets, so what connections ended says nothing
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/venv/lib/python3.12/site-packages/sqlalchemy/pool/base.py', 'Pool._create_connection', 1, 'library', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/sqlalchemy/pool/impl.py', 'NullPool._do_get', 1, 'library', 1, x''),
  (11, '/venv/lib/python3.12/site-packages/sqlalchemy/dialects/sqlite/pysqlite.py', 'connect', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 14, 10, 0, 170, 3, 14), (901, 900, 9, 0, 390, 4, 14), (902, 901, 11, 0, 122, 5, 14);
INSERT INTO sample_10s SELECT i, 1, 1, NULL, 0, 902, 'python', NULL, NULL, 2, 3, 0, 30000000, 0, 0 FROM n WHERE i < 2;
INSERT INTO sample_10s VALUES (1, 1, 1, NULL, 0, 12, 'python', NULL, NULL, 2, 15, 0, 150000000, 150000000, 0), (1, 1, 1, NULL, 0, 1000, 'call', 'pselect6', NULL, 2, 5900, 0, 59000000000, 0, 0);
INSERT INTO peer_second VALUES (5, 0, 'client', '0.0.0.0:8000', 0, 0, 500), (5, 0, 'socket', '10.0.0.5:9000', 0, 0, 12);
-- expect: sqlite /srv/app.py:14 28.2% - likely

-- case: hit seen from outside: connections that ended to where no process of it was seen connected are somebody else's
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/venv/lib/python3.12/site-packages/sqlalchemy/pool/base.py', 'Pool._create_connection', 1, 'library', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/sqlalchemy/pool/impl.py', 'NullPool._do_get', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 14, 10, 0, 170, 3, 14), (901, 900, 9, 0, 390, 4, 14);
INSERT INTO sample_10s SELECT i, 1, 1, NULL, 0, 901, 'python', NULL, NULL, 2, 8, 0, 80000000, 0, 0 FROM n WHERE i < 2;
INSERT INTO sample_10s VALUES (1, 1, 1, NULL, 0, 12, 'python', NULL, NULL, 2, 15, 0, 150000000, 150000000, 0), (1, 1, 1, NULL, 0, 1000, 'call', 'pselect6', NULL, 2, 5900, 0, 59000000000, 0, 0);
INSERT INTO peer_second VALUES (5, 0, 'client', '0.0.0.0:8000', 0, 0, 500), (5, 0, 'socket', '10.0.0.5:9000', 0, 0, 85), (5, 1, 'file', '/srv/app.db', 1, 1, 0);
-- expect: database /srv/app.py:14 51.0% - likely

-- case: near-miss db-pool-churn: seen from outside, the same, and a process of it is connected there
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/venv/lib/python3.12/site-packages/sqlalchemy/pool/base.py', 'Pool._create_connection', 1, 'library', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/sqlalchemy/pool/impl.py', 'NullPool._do_get', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 14, 10, 0, 170, 3, 14), (901, 900, 9, 0, 390, 4, 14);
INSERT INTO sample_10s SELECT i, 1, 1, NULL, 0, 901, 'python', NULL, NULL, 2, 8, 0, 80000000, 0, 0 FROM n WHERE i < 2;
INSERT INTO sample_10s VALUES (1, 1, 1, NULL, 0, 12, 'python', NULL, NULL, 2, 15, 0, 150000000, 150000000, 0), (1, 1, 1, NULL, 0, 1000, 'call', 'pselect6', NULL, 2, 5900, 0, 59000000000, 0, 0);
INSERT INTO peer_second VALUES (5, 0, 'client', '0.0.0.0:8000', 0, 0, 500), (5, 0, 'socket', '10.0.0.5:9000', 0, 0, 85), (5, 1, 'socket', '10.0.0.5:9000', 1, 1, 0);

-- case: miss seen from outside: as many samples of SQLite's as chance may give one process that made one
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/venv/lib/python3.12/site-packages/sqlalchemy/pool/base.py', 'Pool._create_connection', 1, 'library', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/sqlalchemy/pool/impl.py', 'NullPool._do_get', 1, 'library', 1, x''),
  (11, '/venv/lib/python3.12/site-packages/sqlalchemy/dialects/sqlite/pysqlite.py', 'connect', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 14, 10, 0, 170, 3, 14), (901, 900, 9, 0, 390, 4, 14), (902, 901, 11, 0, 122, 5, 14);
INSERT INTO sample_10s SELECT i, 1, 1, NULL, 0, 902, 'python', NULL, NULL, 2, 2, 0, 20000000, 0, 0 FROM n WHERE i < 2;
INSERT INTO sample_10s VALUES (1, 1, 1, NULL, 0, 12, 'python', NULL, NULL, 2, 15, 0, 150000000, 150000000, 0), (1, 1, 1, NULL, 0, 1000, 'call', 'pselect6', NULL, 2, 5900, 0, 59000000000, 0, 0);
INSERT INTO peer_second VALUES (5, 0, 'client', '0.0.0.0:8000', 0, 0, 500), (5, 0, 'socket', '10.0.0.5:9000', 0, 0, 12);

-- case: miss a database in memory is a new one each time: none that is kept could take its place
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, db_cpu_ns, connects, statements)
  SELECT i + 1, 1, 'request', 1, i * 10000000, 1000000, 900000, 400000, 400000, 1, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, open_unit_id, open_stack_id,
  closed_ns, close_dur_ns, close_unit_id, statements, uses, first_extra_ns, create_span_ns, close_span_ns)
  SELECT i + 1, 1, 'sqlite', 'sqlite', ':memory:', i * 10000000 + 100, 80000, i + 1, 114,
    i * 10000000 + 900000, 20000, i + 1, 1, 1, 60000, 200000, 40000 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 10000000 + 300000, 90000, i + 1, i + 1, 1, 4, 7, 0, 1, 80000, 0, 115, 0
  FROM n WHERE i < 40;

-- case: hit a driver's own thread opens a connection for each of 40 requests, beside them (aiosqlite under SQLAlchemy)
INSERT INTO text VALUES (80, 'thread.hop');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, db_cpu_ns, connects, statements)
  SELECT i + 1, 1, 'request', 1, i * 10000000, 1000000, 900000, 400000, 400000, 0, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, open_stack_id,
  closed_ns, close_dur_ns, close_unit_id, statements, uses, first_extra_ns, create_span_ns)
  SELECT i + 1, 1, 'sqlite', 'sqlite', 'app.db', i * 10000000 + 100, 80000, 1000,
    i * 10000000 + 900000, 20000, i + 1, 1, 1, 60000, 200000 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 10000000 + 300000, 90000, i + 1, i + 1, 1, 4, 7, 0, 1, 80000, 0, 1000, 0 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 10000000 + 290000, 110000, i + 1, 1, 'span', 14, NULL, 80, 0, 0, 0, 0, 0, 0, 1 FROM n WHERE i < 40;
-- expect: sqlite /srv/app.py:14 30.0% >=0.300ms proven

-- case: near-miss db-pool-churn: a driver's own thread opens a connection in every second request, beside it
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, db_cpu_ns, connects, statements)
  SELECT i + 1, 1, 'request', 1, i * 10000000, 1000000, 900000, 400000, 400000, 0, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, open_stack_id, closed_ns, close_dur_ns, close_unit_id, statements, uses, first_extra_ns, create_span_ns)
  SELECT i + 1, 1, 'sqlite', 'sqlite', 'app.db', i * 10000000 + 100, 80000, 1000, i * 10000000 + 900000, 20000, i + 1, 1, 1, 60000, 200000 FROM n WHERE i < 40 AND i % 2 = 0;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (100, 1, 'sqlite', 'sqlite', 'app.db', 5, 1000, 20, 20);
INSERT INTO statement SELECT i * 10000000 + 300000, 90000, i + 1, iif(i % 2, 100, i + 1), 1, 4, 7, 0, 1, 80000, 0, 1000, 0 FROM n WHERE i < 40;
-- says: ruled out: 40 requests used SQLite; 20 connections were opened in them, 20 of these for one request only

-- case: miss a thread beside 40 requests opens a connection in each second one, and the next request uses it, too
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, db_cpu_ns, connects, statements)
  SELECT i + 1, 1, 'request', 1, i * 10000000, 1000000, 900000, 400000, 400000, 0, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, open_stack_id, closed_ns, close_dur_ns, close_unit_id, statements, uses, first_extra_ns, create_span_ns)
  SELECT i + 1, 1, 'sqlite', 'sqlite', 'app.db', i * 10000000 + 100, 80000, 1000, i * 10000000 + 10900000, 20000, i + 2, 2, 2, 60000, 200000 FROM n WHERE i < 40 AND i % 2 = 0;
INSERT INTO statement SELECT i * 10000000 + 300000, 90000, i + 1, i / 2 * 2 + 1, 1 + i % 2, 4, 7, 0, 1, 80000, 0, 1000, 0 FROM n WHERE i < 40;
-- says: ruled out: 40 requests used SQLite; 20 connections were opened meanwhile, by none of them

-- case: miss a connection that was opened at start, while recording, and served all requests
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, db_cpu_ns, connects, statements)
  SELECT i + 1, 1, 'request', 1, i * 10000000, 1000000, 900000, 400000, 400000, 0, 1 FROM n WHERE i BETWEEN 1 AND 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (100, 1, 'sqlite', 'sqlite', 'app.db', 5, 1000, 40, 40);
INSERT INTO statement SELECT i * 10000000 + 300000, 90000, i + 1, 100, i, 4, 7, 0, 1, 80000, 0, 1000, 0 FROM n WHERE i BETWEEN 1 AND 40;
-- says: ruled out: 40 requests used SQLite, on connections that were open already

-- case: hit one database is opened for each request, another is kept open
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, db_cpu_ns, connects, statements)
  SELECT i + 1, 1, 'request', 1, i * 10000000, 1000000, 900000, 400000, 400000, 1, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_unit_id, statements, uses, first_extra_ns, create_span_ns, close_span_ns)
  SELECT 1 + i, 1, 'sqlite', 'sqlite', 'app.db', i * 10000000 + 100, 80000, i + 1, 114, i * 10000000 + 100 + 300000, 20000, i + 1, 1, 1, 60000, 200000, 40000 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 10000000 + 100 + 200000, 90000, i + 1, 1 + i, 2, 4, 7, 0, 1, 80000, 0, 114, 0 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (300, 1, 'socket', 'postgresql', 'db:5432', 5, 1000, 40, 40);
INSERT INTO statement SELECT i * 10000000 + 600000, 90000, i + 1, 300, i + 1, 4, 7, 0, 1, 0, 80, 115, 0 FROM n WHERE i < 40;
-- expect: sqlite /srv/app.py:14 32.0% 0.320ms proven
-- says: claims connect:/srv/app.py:14: 12.800 ms
-- says: ruled out: 40 requests used PostgreSQL; 1 connection was opened meanwhile, by none of them

-- case: hit most of them at one line, a fifteenth of their time at another
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, db_cpu_ns, connects, statements)
  SELECT i + 1, 1, 'request', 1, i * 10000000, 1000000, 900000, 400000, 400000, 1, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_unit_id, statements, uses, first_extra_ns, create_span_ns, close_span_ns)
  SELECT 1 + i, 1, 'sqlite', 'sqlite', 'app.db', i * 10000000 + 100, 80000, i + 1, 114, i * 10000000 + 100 + 300000, 20000, i + 1, 1, 1, 60000, 200000, 40000 FROM n WHERE i < 37;
INSERT INTO statement SELECT i * 10000000 + 100 + 200000, 90000, i + 1, 1 + i, 2, 4, 7, 0, 1, 80000, 0, 114, 0 FROM n WHERE i < 37;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_unit_id, statements, uses, first_extra_ns, create_span_ns, close_span_ns)
  SELECT 201 + i, 1, 'sqlite', 'sqlite', 'app.db', i * 10000000 + 100, 80000, i + 1, 130, i * 10000000 + 100 + 300000, 20000, i + 1, 1, 1, 60000, 200000, 40000 FROM n WHERE i BETWEEN 37 AND 39;
INSERT INTO statement SELECT i * 10000000 + 100 + 200000, 90000, i + 1, 201 + i, 6, 4, 7, 0, 1, 80000, 0, 130, 0 FROM n WHERE i BETWEEN 37 AND 39;
-- expect: sqlite /srv/app.py:14 32.0% 0.320ms proven
-- says: at /srv/app.py:14
-- says: at /srv/app.py:30

-- case: hit a thirtieth of their time at another line: that is not named
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, db_cpu_ns, connects, statements)
  SELECT i + 1, 1, 'request', 1, i * 10000000, 1000000, 900000, 400000, 400000, 1, 1 FROM n WHERE i < 60;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_unit_id, statements, uses, first_extra_ns, create_span_ns, close_span_ns)
  SELECT 1 + i, 1, 'sqlite', 'sqlite', 'app.db', i * 10000000 + 100, 80000, i + 1, 114, i * 10000000 + 100 + 300000, 20000, i + 1, 1, 1, 60000, 200000, 40000 FROM n WHERE i < 58;
INSERT INTO statement SELECT i * 10000000 + 100 + 200000, 90000, i + 1, 1 + i, 2, 4, 7, 0, 1, 80000, 0, 114, 0 FROM n WHERE i < 58;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_unit_id, statements, uses, first_extra_ns, create_span_ns, close_span_ns)
  SELECT 201 + i, 1, 'sqlite', 'sqlite', 'app.db', i * 10000000 + 100, 80000, i + 1, 130, i * 10000000 + 100 + 300000, 20000, i + 1, 1, 1, 60000, 200000, 40000 FROM n WHERE i BETWEEN 58 AND 59;
INSERT INTO statement SELECT i * 10000000 + 100 + 200000, 90000, i + 1, 201 + i, 6, 4, 7, 0, 1, 80000, 0, 130, 0 FROM n WHERE i BETWEEN 58 AND 59;
-- expect: sqlite /srv/app.py:14 32.0% 0.320ms proven
-- says: at /srv/app.py:14
-- says not: at /srv/app.py:30

-- case: near-miss db-pool-churn: one connection was opened and closed, the rest of 40 requests use one that is kept
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, db_cpu_ns, connects, statements)
  SELECT i + 1, 1, 'request', 1, i * 10000000, 1000000, 900000, 400000, 400000, 1, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_unit_id, statements, uses, first_extra_ns, create_span_ns, close_span_ns)
  SELECT 1 + i, 1, 'sqlite', 'sqlite', 'app.db', i * 10000000 + 100, 80000, i + 1, 114, i * 10000000 + 100 + 300000, 20000, i + 1, 1, 1, 60000, 200000, 40000 FROM n WHERE i = 5;
INSERT INTO statement SELECT i * 10000000 + 100 + 200000, 90000, i + 1, 1 + i, 2, 4, 7, 0, 1, 80000, 0, 114, 0 FROM n WHERE i = 5;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (100, 1, 'sqlite', 'sqlite', 'app.db', 5, 1000, 39, 39);
INSERT INTO statement SELECT i * 10000000 + 300000, 90000, i + 1, 100, i + 1, 4, 7, 0, 1, 80000, 0, 115, 0 FROM n WHERE i < 40 AND i <> 5;
-- says: 1 connection was opened in them, 1 of these for one request only

-- case: near-miss db-pool-churn: two were
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, db_cpu_ns, connects, statements)
  SELECT i + 1, 1, 'request', 1, i * 10000000, 1000000, 900000, 400000, 400000, 1, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_unit_id, statements, uses, first_extra_ns, create_span_ns, close_span_ns)
  SELECT 1 + i, 1, 'sqlite', 'sqlite', 'app.db', i * 10000000 + 100, 80000, i + 1, 114, i * 10000000 + 100 + 300000, 20000, i + 1, 1, 1, 60000, 200000, 40000 FROM n WHERE i IN (5, 15);
INSERT INTO statement SELECT i * 10000000 + 100 + 200000, 90000, i + 1, 1 + i, 2, 4, 7, 0, 1, 80000, 0, 114, 0 FROM n WHERE i IN (5, 15);
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (100, 1, 'sqlite', 'sqlite', 'app.db', 5, 1000, 39, 39);
INSERT INTO statement SELECT i * 10000000 + 300000, 90000, i + 1, 100, i + 1, 4, 7, 0, 1, 80000, 0, 115, 0 FROM n WHERE i < 40 AND i NOT IN (5, 15);
-- says: 2 connections were opened in them, 2 of these for one request only

-- case: hit a script opens the database seven times, and closes it again
INSERT INTO text SELECT 100 + i, 'select a from t' || i || ' where id = ?' FROM n;
INSERT INTO unit(id, process_id, kind, start_ns, wall_ns, cpu_ns, db_ns, db_cpu_ns, connects, statements) VALUES (1, 1, 'run', 0, 5000000000, 900000000, 400000000, 400000000, 7, 7);
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_unit_id, statements, uses, first_extra_ns, create_span_ns, close_span_ns)
  SELECT 1 + i, 1, 'sqlite', 'sqlite', 'app.db', i * 100000000 + 100, 8000000, 1, 114, i * 100000000 + 90000000, 2000000, 1, 1, 1, 6000000, 40000000, 4000000 FROM n WHERE i < 7;
INSERT INTO statement SELECT i * 100000000 + 50000000, 900000, 1, 1 + i, i + 1, 100 + i, 100 + i, 0, 1, 800000, 0, 115, 0 FROM n WHERE i < 7;
-- expect: sqlite /srv/app.py:14 7.0% 350.000ms likely

-- case: miss a script that opens the database three times
INSERT INTO text SELECT 100 + i, 'select a from t' || i || ' where id = ?' FROM n;
INSERT INTO unit(id, process_id, kind, start_ns, wall_ns, cpu_ns, db_ns, db_cpu_ns, connects, statements) VALUES (1, 1, 'run', 0, 5000000000, 900000000, 400000000, 400000000, 3, 3);
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_unit_id, statements, uses, first_extra_ns, create_span_ns, close_span_ns)
  SELECT 1 + i, 1, 'sqlite', 'sqlite', 'app.db', i * 100000000 + 100, 8000000, 1, 114, i * 100000000 + 90000000, 2000000, 1, 1, 1, 6000000, 40000000, 4000000 FROM n WHERE i < 3;
INSERT INTO statement SELECT i * 100000000 + 50000000, 900000, 1, 1 + i, i + 1, 100 + i, 100 + i, 0, 1, 800000, 0, 115, 0 FROM n WHERE i < 3;
