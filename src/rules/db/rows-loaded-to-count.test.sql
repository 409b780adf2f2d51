-- case: hit twenty-five rows are fetched, and their list is measured
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_counts.py', 'counted', 4, 'app', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/sqlalchemy/orm/loading.py', 'instances', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 5, 2, 900), (901, 900, 10, 0, 50, 3, 900);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns) SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 6000000, 4000000 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 20, 20);
INSERT INTO statement SELECT i * 100000000 + 1000000, 2000000, i + 1, 1, i + 2, 10, 10, 0, 25, 0, 80, 900, 0 FROM n WHERE i < 20;
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 901, 'python', NULL, NULL, 1, 40, 0, 40000000, 40000000, 0), (0, 1, 1, 2, 1, 12, 'native', NULL, NULL, 1, 80, 0, 80000000, 80000000, 0);
-- expect: source_counts.py:5 tests/rules/source_counts.py:5 40.0% 3.100ms possible
-- says: 25 rows are fetched and then only counted: return len(rows)
-- says: at tests/rules/source_counts.py:6 counted
-- says: saving: 1.500 to 4.200 ms
-- says: route: /orders

-- case: hit no sample met the fetching: at least what the statement takes
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_counts.py', 'counted', 4, 'app', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/sqlalchemy/orm/loading.py', 'instances', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 5, 2, 900), (901, 900, 10, 0, 50, 3, 900);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns) SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 6000000, 4000000 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 20, 20);
INSERT INTO statement SELECT i * 100000000 + 1000000, 2000000, i + 1, 1, i + 2, 10, 10, 0, 80, 0, 80, 900, 0 FROM n WHERE i < 20;
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 12, 'python', NULL, NULL, 1, 40, 0, 40000000, 40000000, 0), (0, 1, 1, 2, 1, 12, 'native', NULL, NULL, 1, 80, 0, 80000000, 80000000, 0);
-- expect: source_counts.py:5 tests/rules/source_counts.py:5 20.0% >=1.400ms possible

-- case: hit what the library's C code is sampled in is the statement, and counts once
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_counts.py', 'counted', 4, 'app', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/sqlalchemy/orm/loading.py', 'instances', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 5, 2, 900), (901, 900, 10, 0, 50, 3, 900);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns) SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 6000000, 4000000 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 20, 20);
INSERT INTO statement SELECT i * 100000000 + 1000000, 2000000, i + 1, 1, i + 2, 10, 10, 0, 80, 0, 80, 900, 0 FROM n WHERE i < 20;
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 901, 'python', NULL, NULL, 1, 40, 0, 40000000, 40000000, 0), (0, 1, 1, 2, 1, 901, 'native', NULL, NULL, 1, 20, 0, 20000000, 20000000, 0), (0, 1, 1, 2, 1, 12, 'native', NULL, NULL, 1, 60, 0, 60000000, 60000000, 0);
-- expect: source_counts.py:5 tests/rules/source_counts.py:5 40.0% 3.100ms possible
-- says: 80 rows are fetched and then only counted: return len(rows)
-- says: at tests/rules/source_counts.py:6 counted
-- says: saving: 1.500 to 4.200 ms
-- says: route: /orders

-- case: hit a condition asks for all of them
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_counts.py', 'whether', 14, 'app', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/sqlalchemy/orm/loading.py', 'instances', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 15, 2, 900), (901, 900, 10, 0, 50, 3, 900);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns) SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 6000000, 4000000 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 20, 20);
INSERT INTO statement SELECT i * 100000000 + 1000000, 2000000, i + 1, 1, i + 2, 10, 10, 0, 80, 0, 80, 900, 0 FROM n WHERE i < 20;
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 901, 'python', NULL, NULL, 1, 40, 0, 40000000, 40000000, 0), (0, 1, 1, 2, 1, 12, 'native', NULL, NULL, 1, 80, 0, 80000000, 80000000, 0);
-- expect: source_counts.py:15 tests/rules/source_counts.py:15 40.0% 3.100ms possible
-- says: 80 rows are fetched and then only counted: if Order.objects.filter(user=user):

-- case: near-miss unbounded-result: the rows are used
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_counts.py', 'used', 9, 'app', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/sqlalchemy/orm/loading.py', 'instances', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 10, 2, 900), (901, 900, 10, 0, 50, 3, 900);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns) SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 6000000, 4000000 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 20, 20);
INSERT INTO statement SELECT i * 100000000 + 1000000, 2000000, i + 1, 1, i + 2, 10, 10, 0, 80, 0, 80, 900, 0 FROM n WHERE i < 20;
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 901, 'python', NULL, NULL, 1, 40, 0, 40000000, 40000000, 0), (0, 1, 1, 2, 1, 12, 'native', NULL, NULL, 1, 80, 0, 80000000, 80000000, 0);
-- says: ruled out: 80 rows of a run at source_counts.py:10, and its function's source does not only count them, or cannot be read

-- case: near-miss orm-over-hydration: objects are made of rows, whose function cannot be read
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/other.py', 'counted', 4, 'app', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/sqlalchemy/orm/loading.py', 'instances', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 5, 2, 900), (901, 900, 10, 0, 50, 3, 900);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns) SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 6000000, 4000000 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 20, 20);
INSERT INTO statement SELECT i * 100000000 + 1000000, 2000000, i + 1, 1, i + 2, 10, 10, 0, 800, 0, 80, 900, 0 FROM n WHERE i < 20;
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 901, 'python', NULL, NULL, 1, 40, 0, 40000000, 40000000, 0), (0, 1, 1, 2, 1, 12, 'native', NULL, NULL, 1, 80, 0, 80000000, 80000000, 0);

-- case: miss a few rows
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_counts.py', 'counted', 4, 'app', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/sqlalchemy/orm/loading.py', 'instances', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 5, 2, 900), (901, 900, 10, 0, 50, 3, 900);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns) SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 6000000, 4000000 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 20, 20);
INSERT INTO statement SELECT i * 100000000 + 1000000, 2000000, i + 1, 1, i + 2, 10, 10, 0, 12, 0, 80, 900, 0 FROM n WHERE i < 20;
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 901, 'python', NULL, NULL, 1, 40, 0, 40000000, 40000000, 0), (0, 1, 1, 2, 1, 12, 'native', NULL, NULL, 1, 80, 0, 80000000, 80000000, 0);

-- case: miss the source was changed since
INSERT INTO meta VALUES ('started_realtime_ns', 1);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_counts.py', 'counted', 4, 'app', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/sqlalchemy/orm/loading.py', 'instances', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 5, 2, 900), (901, 900, 10, 0, 50, 3, 900);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns) SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 6000000, 4000000 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 20, 20);
INSERT INTO statement SELECT i * 100000000 + 1000000, 2000000, i + 1, 1, i + 2, 10, 10, 0, 80, 0, 80, 900, 0 FROM n WHERE i < 20;
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 901, 'python', NULL, NULL, 1, 40, 0, 40000000, 40000000, 0), (0, 1, 1, 2, 1, 12, 'native', NULL, NULL, 1, 80, 0, 80000000, 80000000, 0);
