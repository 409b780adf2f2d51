-- case: hit half of the CPU makes objects of 800 rows
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/venv/lib/python3.12/site-packages/django/db/models/base.py', 'Model.from_db', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 90, 9, 0, 500, 3, 90);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 8000000, 2000000, 0 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + 1000000, 2000000, u.i + 1, 1, u.i * 40 + 0 + 2, 10, 10, 0, 800, 0, 80, 89, 0 FROM n u WHERE u.i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 900, 'python', NULL, NULL, 1, 60, 0, 300000000, 300000000, 0),
  (0, 1, 1, 2, 1, 12, 'native', NULL, NULL, 1, 60, 0, 300000000, 300000000, 0);
-- expect: app.py:90 /srv/app.py:90 40.0% 3.600ms possible
-- says: saving: 2.273 to 4.681 ms
-- says: route: /orders
-- says: not n-plus-one-queries: the rows come from 1 statement

-- case: near-miss n-plus-one-queries: objects of one row each
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/venv/lib/python3.12/site-packages/django/db/models/base.py', 'Model.from_db', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 90, 9, 0, 500, 3, 90);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 30000000, 14000000, 16000000, 0 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + q.i * 2000000 + 0, 1900000, u.i + 1, 1, u.i * 90 + q.i * 3 + 0 + 2, 4, 4, 0, 1, 0, 80, 89, 0 FROM n u, n q WHERE u.i < 40 AND q.i < 8;
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 900, 'python', NULL, NULL, 1, 60, 0, 300000000, 300000000, 0),
  (0, 1, 1, 2, 1, 12, 'python', NULL, NULL, 1, 60, 0, 300000000, 300000000, 0);

-- case: miss the application's own loop over the rows
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/venv/lib/python3.12/site-packages/django/db/models/base.py', 'Model.from_db', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 90, 9, 0, 500, 3, 90);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 8000000, 2000000, 0 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + 1000000, 2000000, u.i + 1, 1, u.i * 40 + 0 + 2, 10, 10, 0, 800, 0, 80, 89, 0 FROM n u WHERE u.i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 90, 'python', NULL, NULL, 1, 60, 0, 300000000, 300000000, 0),
  (0, 1, 1, 2, 1, 12, 'python', NULL, NULL, 1, 60, 0, 300000000, 300000000, 0);

-- case: miss a page of 25 rows, and 150 that belong to them
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/venv/lib/python3.12/site-packages/django/db/models/base.py', 'Model.from_db', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 90, 9, 0, 500, 3, 90);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 8000000, 2000000, 0 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + 1000000, 2000000, u.i + 1, 1, u.i * 40 + 0 + 2, 10, 10, 0, 25, 0, 80, 89, 0 FROM n u WHERE u.i < 40;
INSERT INTO statement SELECT u.i * 1000000000 + 4000000, 1000000, u.i + 1, 1, u.i * 40 + 1 + 2, 4, 4, 0, 150, 0, 80, 89, 0 FROM n u WHERE u.i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 900, 'python', NULL, NULL, 1, 60, 0, 300000000, 300000000, 0),
  (0, 1, 1, 2, 1, 12, 'native', NULL, NULL, 1, 60, 0, 300000000, 300000000, 0);

-- case: hit two statements of 120 rows each a request
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/venv/lib/python3.12/site-packages/django/db/models/base.py', 'Model.from_db', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 90, 9, 0, 500, 3, 90);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 8000000, 2000000, 0 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + q.i * 1000000, 250000, u.i + 1, 1, u.i * 40 + q.i + 2, iif(q.i, 4, 10), iif(q.i, 4, 10), 0, 120, 0, 80, 89, 0 FROM n u, n q WHERE u.i < 40 AND q.i < 2;
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 900, 'python', NULL, NULL, 1, 60, 0, 300000000, 300000000, 0),
  (0, 1, 1, 2, 1, 12, 'native', NULL, NULL, 1, 60, 0, 300000000, 300000000, 0);
-- expect: app.py:90 /srv/app.py:90 40.0% 3.600ms possible

-- case: hit seven samples of it
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/venv/lib/python3.12/site-packages/django/db/models/base.py', 'Model.from_db', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 90, 9, 0, 500, 3, 90);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 8000000, 2000000, 0 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + 1000000, 2000000, u.i + 1, 1, u.i * 40 + 0 + 2, 10, 10, 0, 800, 0, 80, 89, 0 FROM n u WHERE u.i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 900, 'python', NULL, NULL, 1, 7, 0, 35000000, 35000000, 0),
  (0, 1, 1, 2, 1, 12, 'native', NULL, NULL, 1, 7, 0, 35000000, 35000000, 0);
-- expect: app.py:90 /srv/app.py:90 40.0% 3.600ms possible

-- case: hit a template counts them
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/venv/lib/python3.12/site-packages/django/db/models/base.py', 'Model.from_db', 1, 'library', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/django/template/defaultfilters.py', 'length', 1, 'library', 1, x''), (11, '/venv/lib/python3.12/site-packages/django/db/backends/utils.py', 'CursorWrapper.execute', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 90, 9, 0, 500, 3, 90), (901, 89, 10, 0, 20, 3, 89), (902, 901, 11, 0, 30, 4, 89);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 8000000, 2000000, 0 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + 1000000, 2000000, u.i + 1, 1, u.i * 40 + 0 + 2, 10, 10, 0, 800, 0, 80, 902, 0 FROM n u WHERE u.i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 900, 'python', NULL, NULL, 1, 60, 0, 300000000, 300000000, 0),
  (0, 1, 1, 2, 1, 12, 'native', NULL, NULL, 1, 60, 0, 300000000, 300000000, 0);
-- expect: app.py:90 /srv/app.py:90 40.0% 3.600ms possible
-- says: a template's `|length` fetches them

-- case: hit they are asked whether there is one
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/venv/lib/python3.12/site-packages/django/db/models/base.py', 'Model.from_db', 1, 'library', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/django/db/models/query.py', 'QuerySet.__bool__', 1, 'library', 1, x''), (11, '/venv/lib/python3.12/site-packages/django/db/backends/utils.py', 'CursorWrapper.execute', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 90, 9, 0, 500, 3, 90), (901, 89, 10, 0, 20, 3, 89), (902, 901, 11, 0, 30, 4, 89);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 8000000, 2000000, 0 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + 1000000, 2000000, u.i + 1, 1, u.i * 40 + 0 + 2, 10, 10, 0, 800, 0, 80, 902, 0 FROM n u WHERE u.i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 900, 'python', NULL, NULL, 1, 60, 0, 300000000, 300000000, 0),
  (0, 1, 1, 2, 1, 12, 'native', NULL, NULL, 1, 60, 0, 300000000, 300000000, 0);
-- expect: app.py:90 /srv/app.py:90 40.0% 3.600ms possible
-- says: ask .exists()

-- case: hit a template walks them
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/venv/lib/python3.12/site-packages/django/db/models/base.py', 'Model.from_db', 1, 'library', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/django/template/defaulttags.py', 'ForNode.render', 1, 'library', 1, x''), (11, '/venv/lib/python3.12/site-packages/django/db/backends/utils.py', 'CursorWrapper.execute', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 90, 9, 0, 500, 3, 90), (901, 89, 10, 0, 20, 3, 89), (902, 901, 11, 0, 30, 4, 89);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 8000000, 2000000, 0 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + 1000000, 2000000, u.i + 1, 1, u.i * 40 + 0 + 2, 10, 10, 0, 800, 0, 80, 902, 0 FROM n u WHERE u.i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 900, 'python', NULL, NULL, 1, 60, 0, 300000000, 300000000, 0),
  (0, 1, 1, 2, 1, 12, 'native', NULL, NULL, 1, 60, 0, 300000000, 300000000, 0);
-- expect: app.py:90 /srv/app.py:90 40.0% 3.600ms possible
-- says not: .count()
