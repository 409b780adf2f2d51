-- case: hit a layer makes tasks and streams, for itself
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/venv/lib/python3.12/site-packages/starlette/middleware/base.py', 'BaseHTTPMiddleware.__call__', 1, 'library', 1, x''), (10, '/venv/lib/python3.12/site-packages/anyio/_backends/_asyncio.py', 'TaskGroup._spawn', 1, 'library', 1, x''), (11, '/usr/lib/python3.12/asyncio/locks.py', 'Event.__init__', 1, 'stdlib', 1, x''), (12, '/venv/lib/python3.12/site-packages/starlette/routing.py', 'Router.app', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 154, 3, 41), (901, 900, 10, 0, 979, 4, 41), (902, 901, 11, 0, 168, 5, 41), (903, 900, 12, 0, 735, 4, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0),
  (0, 1, 1, 1, 1, 902, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0),
  (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 20, 0, 100000000, 100000000, 0),
  (0, 1, 1, 1, 1, 903, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 901, NULL FROM n;
-- expect: all /srv/app.py:41 50.0% >=4.050ms likely
-- says not: functions that it called: 1 of the application
-- says not: functions that it called: 2 of the application

-- case: near-miss async-machinery-exceeds-wait: tasks and events of the application itself
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/venv/lib/python3.12/site-packages/starlette/middleware/base.py', 'BaseHTTPMiddleware.__call__', 1, 'library', 1, x''), (10, '/venv/lib/python3.12/site-packages/anyio/_backends/_asyncio.py', 'TaskGroup._spawn', 1, 'library', 1, x''), (11, '/usr/lib/python3.12/asyncio/locks.py', 'Event.__init__', 1, 'stdlib', 1, x''), (12, '/venv/lib/python3.12/site-packages/starlette/routing.py', 'Router.app', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 10, 0, 979, 3, 41), (901, 900, 11, 0, 168, 4, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 60, 0, 300000000, 300000000, 0),
  (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 60, 0, 300000000, 300000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 80, 0, 400000000, 400000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n;

-- case: miss one layer around much work
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/venv/lib/python3.12/site-packages/starlette/middleware/base.py', 'BaseHTTPMiddleware.__call__', 1, 'library', 1, x''), (10, '/venv/lib/python3.12/site-packages/anyio/_backends/_asyncio.py', 'TaskGroup._spawn', 1, 'library', 1, x''), (11, '/usr/lib/python3.12/asyncio/locks.py', 'Event.__init__', 1, 'stdlib', 1, x''), (12, '/venv/lib/python3.12/site-packages/starlette/routing.py', 'Router.app', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 187, 3, 41), (903, 900, 12, 0, 735, 4, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 10, 0, 50000000, 50000000, 0),
  (0, 1, 1, 1, 1, 903, 'python', NULL, NULL, 1, 190, 0, 950000000, 950000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n;
