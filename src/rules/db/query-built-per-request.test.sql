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

-- case: hit a statement of many parts is put together in each request
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns, statements) SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 8000000, 1000000, 0, 1 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/sqlalchemy/sql/elements.py', 'ColumnElement.__ge__', 1, 'library', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/sqlalchemy/sql/cache_key.py', 'HasCacheKey._gen_cache_key', 1, 'library', 1, x''), (11, '/venv/lib/python3.12/site-packages/sqlalchemy/sql/compiler.py', 'SQLCompiler.process', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 10, 3, 41), (901, 42, 10, 0, 200, 3, 42), (902, 42, 11, 0, 20, 3, 42);
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 900, 'python', NULL, NULL, 1, 60, 0, 300000000, 300000000, 0), (0, 1, 1, 2, 1, 901, 'python', NULL, NULL, 1, 20, 0, 100000000, 100000000, 0),
  (0, 1, 1, 2, 1, 12, 'native', NULL, NULL, 1, 80, 0, 400000000, 400000000, 0);
-- expect: building /srv/app.py:41 40.0% 2.800ms likely
-- says: Statements are put together in Python anew: 40 % of a request, more than asking them takes.
-- says: statements: 1 per request
-- says: claims python:/srv/app.py:handler: 400
-- says: route: /orders

-- case: miss putting it together takes 1.9 ms
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns, statements) SELECT i + 1, 1, 'request', 2, i * 100000000, 4000000, 3800000, 100000, 0, 1 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/sqlalchemy/sql/elements.py', 'ColumnElement.__ge__', 1, 'library', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/sqlalchemy/sql/cache_key.py', 'HasCacheKey._gen_cache_key', 1, 'library', 1, x''), (11, '/venv/lib/python3.12/site-packages/sqlalchemy/sql/compiler.py', 'SQLCompiler.process', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 10, 3, 41), (901, 42, 10, 0, 200, 3, 42), (902, 42, 11, 0, 20, 3, 42);
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 900, 'python', NULL, NULL, 1, 20, 0, 100000000, 100000000, 0), (0, 1, 1, 2, 1, 901, 'python', NULL, NULL, 1, 18, 0, 90000000, 90000000, 0), (0, 1, 1, 2, 1, 12, 'native', NULL, NULL, 1, 38, 0, 190000000, 190000000, 0);
-- says: ruled out: putting statements together takes 1.90 ms a request

-- case: miss it takes 19 % of a request
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns, statements) SELECT i + 1, 1, 'request', 2, i * 100000000, 20000000, 10000000, 1000000, 0, 1 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/sqlalchemy/sql/elements.py', 'ColumnElement.__ge__', 1, 'library', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/sqlalchemy/sql/cache_key.py', 'HasCacheKey._gen_cache_key', 1, 'library', 1, x''), (11, '/venv/lib/python3.12/site-packages/sqlalchemy/sql/compiler.py', 'SQLCompiler.process', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 10, 3, 41), (901, 42, 10, 0, 200, 3, 42), (902, 42, 11, 0, 20, 3, 42);
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 900, 'python', NULL, NULL, 1, 50, 0, 250000000, 250000000, 0), (0, 1, 1, 2, 1, 901, 'python', NULL, NULL, 1, 26, 0, 130000000, 130000000, 0), (0, 1, 1, 2, 1, 12, 'native', NULL, NULL, 1, 124, 0, 620000000, 620000000, 0);
-- says: ruled out: putting statements together takes 3.80 ms a request

-- case: hit 21 %
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns, statements) SELECT i + 1, 1, 'request', 2, i * 100000000, 20000000, 10000000, 1000000, 0, 1 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/sqlalchemy/sql/elements.py', 'ColumnElement.__ge__', 1, 'library', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/sqlalchemy/sql/cache_key.py', 'HasCacheKey._gen_cache_key', 1, 'library', 1, x''), (11, '/venv/lib/python3.12/site-packages/sqlalchemy/sql/compiler.py', 'SQLCompiler.process', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 10, 3, 41), (901, 42, 10, 0, 200, 3, 42), (902, 42, 11, 0, 20, 3, 42);
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 900, 'python', NULL, NULL, 1, 50, 0, 250000000, 250000000, 0), (0, 1, 1, 2, 1, 901, 'python', NULL, NULL, 1, 34, 0, 170000000, 170000000, 0), (0, 1, 1, 2, 1, 12, 'native', NULL, NULL, 1, 116, 0, 580000000, 580000000, 0);
-- expect: building /srv/app.py:41 21.0% 2.940ms likely

-- case: miss the database takes longer
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns, statements) SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 5500000, 4500000, 0, 1 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/sqlalchemy/sql/elements.py', 'ColumnElement.__ge__', 1, 'library', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/sqlalchemy/sql/cache_key.py', 'HasCacheKey._gen_cache_key', 1, 'library', 1, x''), (11, '/venv/lib/python3.12/site-packages/sqlalchemy/sql/compiler.py', 'SQLCompiler.process', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 10, 3, 41), (901, 42, 10, 0, 200, 3, 42), (902, 42, 11, 0, 20, 3, 42);
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 900, 'python', NULL, NULL, 1, 60, 0, 300000000, 300000000, 0), (0, 1, 1, 2, 1, 901, 'python', NULL, NULL, 1, 20, 0, 100000000, 100000000, 0), (0, 1, 1, 2, 1, 12, 'native', NULL, NULL, 1, 30, 0, 150000000, 150000000, 0);

-- case: miss five statements are each put together
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns, statements) SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 8000000, 1000000, 0, 5 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/sqlalchemy/sql/elements.py', 'ColumnElement.__ge__', 1, 'library', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/sqlalchemy/sql/cache_key.py', 'HasCacheKey._gen_cache_key', 1, 'library', 1, x''), (11, '/venv/lib/python3.12/site-packages/sqlalchemy/sql/compiler.py', 'SQLCompiler.process', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 10, 3, 41), (901, 42, 10, 0, 200, 3, 42), (902, 42, 11, 0, 20, 3, 42);
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 900, 'python', NULL, NULL, 1, 60, 0, 300000000, 300000000, 0), (0, 1, 1, 2, 1, 901, 'python', NULL, NULL, 1, 20, 0, 100000000, 100000000, 0), (0, 1, 1, 2, 1, 12, 'native', NULL, NULL, 1, 80, 0, 400000000, 400000000, 0);

-- case: hit four are
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns, statements) SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 8000000, 1000000, 0, 4 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/sqlalchemy/sql/elements.py', 'ColumnElement.__ge__', 1, 'library', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/sqlalchemy/sql/cache_key.py', 'HasCacheKey._gen_cache_key', 1, 'library', 1, x''), (11, '/venv/lib/python3.12/site-packages/sqlalchemy/sql/compiler.py', 'SQLCompiler.process', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 10, 3, 41), (901, 42, 10, 0, 200, 3, 42), (902, 42, 11, 0, 20, 3, 42);
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 900, 'python', NULL, NULL, 1, 60, 0, 300000000, 300000000, 0), (0, 1, 1, 2, 1, 901, 'python', NULL, NULL, 1, 20, 0, 100000000, 100000000, 0), (0, 1, 1, 2, 1, 12, 'native', NULL, NULL, 1, 80, 0, 400000000, 400000000, 0);
-- expect: building /srv/app.py:41 40.0% 2.800ms likely

-- case: miss nineteen samples
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns, statements) SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 8000000, 1000000, 0, 1 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/sqlalchemy/sql/elements.py', 'ColumnElement.__ge__', 1, 'library', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/sqlalchemy/sql/cache_key.py', 'HasCacheKey._gen_cache_key', 1, 'library', 1, x''), (11, '/venv/lib/python3.12/site-packages/sqlalchemy/sql/compiler.py', 'SQLCompiler.process', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 10, 3, 41), (901, 42, 10, 0, 200, 3, 42), (902, 42, 11, 0, 20, 3, 42);
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 900, 'python', NULL, NULL, 1, 10, 0, 50000000, 50000000, 0), (0, 1, 1, 2, 1, 901, 'python', NULL, NULL, 1, 9, 0, 45000000, 45000000, 0), (0, 1, 1, 2, 1, 12, 'native', NULL, NULL, 1, 20, 0, 100000000, 100000000, 0);

-- case: miss it is compiled, which is counted elsewhere
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns, statements) SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 8000000, 1000000, 0, 1 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/sqlalchemy/sql/elements.py', 'ColumnElement.__ge__', 1, 'library', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/sqlalchemy/sql/cache_key.py', 'HasCacheKey._gen_cache_key', 1, 'library', 1, x''), (11, '/venv/lib/python3.12/site-packages/sqlalchemy/sql/compiler.py', 'SQLCompiler.process', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 10, 3, 41), (901, 42, 10, 0, 200, 3, 42), (902, 42, 11, 0, 20, 3, 42);
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 900, 'python', NULL, NULL, 1, 0, 0, 0, 0, 0), (0, 1, 1, 2, 1, 901, 'python', NULL, NULL, 1, 0, 0, 0, 0, 0), (0, 1, 1, 2, 1, 12, 'native', NULL, NULL, 1, 80, 0, 400000000, 400000000, 0);
UPDATE sample_10s SET stack_id = 902;

-- case: hit the text is made anew, too: that is said alone
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns, statements) SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 8000000, 1000000, 0, 1 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/sqlalchemy/sql/elements.py', 'ColumnElement.__ge__', 1, 'library', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/sqlalchemy/sql/cache_key.py', 'HasCacheKey._gen_cache_key', 1, 'library', 1, x''), (11, '/venv/lib/python3.12/site-packages/sqlalchemy/sql/compiler.py', 'SQLCompiler.process', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 10, 3, 41), (901, 42, 10, 0, 200, 3, 42), (902, 42, 11, 0, 20, 3, 42);
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 900, 'python', NULL, NULL, 1, 60, 0, 300000000, 300000000, 0), (0, 1, 1, 2, 1, 901, 'python', NULL, NULL, 1, 20, 0, 100000000, 100000000, 0), (0, 1, 1, 2, 1, 12, 'native', NULL, NULL, 1, 80, 0, 400000000, 400000000, 0);
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 100000000 + 4000000, 1000000, u.i + 1, 1, u.i * 40 + 0 + 2, 4, 4, 0, 1, 0, 80, 80, 0 FROM n u;
INSERT INTO usage_10s VALUES (0, 2, 'span', 80, NULL, 11, 0, 0, 100, 100, 0, 100000000, 0, 1000000, 0, 0, 0);
INSERT INTO event SELECT u.i * 100000000 + 1000000, 1000000, u.i + 1, 1, 'span', 80, NULL, 11, 0, 0, 0, 0, 0, 0, 1 FROM n u;
-- expect: app.py:80 /srv/app.py:80 10.0% >=1.000ms proven

-- case: hit it takes 19 % of a request that waits for a CPU for half of its time
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns, statements, runqueue_ns) SELECT i + 1, 1, 'request', 2, i * 100000000, 20000000, 10000000, 1000000, 0, 1, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/sqlalchemy/sql/elements.py', 'ColumnElement.__ge__', 1, 'library', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/sqlalchemy/sql/cache_key.py', 'HasCacheKey._gen_cache_key', 1, 'library', 1, x''), (11, '/venv/lib/python3.12/site-packages/sqlalchemy/sql/compiler.py', 'SQLCompiler.process', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 10, 3, 41), (901, 42, 10, 0, 200, 3, 42), (902, 42, 11, 0, 20, 3, 42);
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 900, 'python', NULL, NULL, 1, 50, 0, 250000000, 250000000, 0), (0, 1, 1, 2, 1, 901, 'python', NULL, NULL, 1, 26, 0, 130000000, 130000000, 0), (0, 1, 1, 2, 1, 12, 'native', NULL, NULL, 1, 124, 0, 620000000, 620000000, 0);
-- expect: building /srv/app.py:41 19.0% 2.660ms likely

-- case: hit compiled at each run, on connections that a driver's thread opens for each request, below an engine (aiosqlite)
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 8000000, 2000000, 0 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, open_stack_id, closed_ns, close_dur_ns, close_unit_id, statements, uses)
  SELECT i + 1, 1, 'sqlite', 'sqlite', 'app.db', i * 1000000000 + 2000000, 80000, 1000, i * 1000000000 + 9000000, 20000, i + 1, 1, 1 FROM n WHERE i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + 4000000, 2000000, u.i + 1, u.i + 1, 1, 4, 4, 0, 1, 0, 80, 80, 0 FROM n u WHERE u.i < 10;
INSERT INTO usage_10s VALUES (0, 2, 'span', 80, NULL, 11, 0, 0, 10, 10, 0, 10000000, 0, 1000000, 0, 0, 0);
INSERT INTO event SELECT u.i * 1000000000 + 1000000, 1000000, u.i + 1, 1, 'span', 80, NULL, 11, 0, 0, 0, 0, 0, 0, 1 FROM n u WHERE u.i < 10;
-- expect: app.py:80 /srv/app.py:80 10.0% >=1.000ms proven
