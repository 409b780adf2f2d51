-- case: hit an agent works, and has the standard library work
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/venv/lib/python3.12/site-packages/sentry_sdk/tracing.py', 'Span.finish', 1, 'library', 1, x''), (10, '/usr/lib/python3.12/json/encoder.py', 'JSONEncoder.encode', 1, 'stdlib', 1, x''), (11, '/venv/lib/python3.12/site-packages/sentry_sdk/integrations/wsgi.py', 'SentryWsgiMiddleware.__call__', 1, 'library', 1, x''), (12, '/venv/lib/python3.12/site-packages/flask/app.py', 'Flask.wsgi_app', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 10, 3, 41), (901, 900, 10, 0, 200, 4, 41), (902, 1000, 11, 0, 20, 2, 0), (903, 902, 12, 0, 30, 3, 0);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0),
  (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 20, 0, 100000000, 100000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0),
  (0, 1, 1, 1, 1, 903, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 901, NULL FROM n;
-- expect: sentry_sdk /venv/lib/python3.12/site-packages/sentry_sdk/tracing.py:10 30.0% >=2.700ms likely

-- case: hit a profiler is left on
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/venv/lib/python3.12/site-packages/werkzeug/middleware/profiler.py', 'ProfilerMiddleware.__call__', 1, 'library', 1, x''), (10, '/usr/lib/python3.12/pstats.py', 'Stats.print_line', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 152, 2, 0), (901, 900, 10, 0, 520, 3, 0);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 901, NULL FROM n;
-- expect: werkzeug /venv/lib/python3.12/site-packages/werkzeug/middleware/profiler.py:152 50.0% >=4.500ms likely
-- says: not debug-mode: the time is in frames of werkzeug itself

-- case: hit the application profiles itself: its line is the place
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/usr/lib/python3.12/cProfile.py', 'Profile.runcall', 1, 'stdlib', 1, x''), (10, '/usr/lib/python3.12/pstats.py', 'Stats.print_line', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 110, 3, 41), (901, 42, 10, 0, 520, 3, 42);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0),
  (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 60, 0, 300000000, 300000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 901, NULL FROM n;
-- expect: profiler /srv/app.py:42 50.0% >=4.500ms likely

-- case: near-miss debug-mode: no library watches, the frameworks own checks take the time
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/venv/lib/python3.12/site-packages/sentry_sdk/tracing.py', 'Span.finish', 1, 'library', 1, x''), (10, '/usr/lib/python3.12/json/encoder.py', 'JSONEncoder.encode', 1, 'stdlib', 1, x''), (11, '/venv/lib/python3.12/site-packages/sentry_sdk/integrations/wsgi.py', 'SentryWsgiMiddleware.__call__', 1, 'library', 1, x''), (12, '/venv/lib/python3.12/site-packages/flask/app.py', 'Flask.wsgi_app', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 12, 0, 30, 3, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n;

-- case: miss it wraps what is slow, and takes little itself
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/venv/lib/python3.12/site-packages/sentry_sdk/tracing.py', 'Span.finish', 1, 'library', 1, x''), (10, '/usr/lib/python3.12/json/encoder.py', 'JSONEncoder.encode', 1, 'stdlib', 1, x''), (11, '/venv/lib/python3.12/site-packages/sentry_sdk/integrations/wsgi.py', 'SentryWsgiMiddleware.__call__', 1, 'library', 1, x''), (12, '/venv/lib/python3.12/site-packages/flask/app.py', 'Flask.wsgi_app', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 1000, 11, 0, 20, 2, 0), (901, 900, 12, 0, 30, 3, 0);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 4, 0, 20000000, 20000000, 0),
  (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 196, 0, 980000000, 980000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 901, NULL FROM n;

-- case: hit the application's own function is called at each call
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_hooks.py', 'Counter._hook', 6, 'app', 1, x'');
INSERT INTO stack VALUES (900, 12, 9, 0, 7, 3, 900);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 80, 0, 400000000, 400000000, 0),
  (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 120, 0, 600000000, 600000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n WHERE i < 80;
-- expect: source_hooks.py:Counter._hook tests/rules/source_hooks.py:7 36.0% >=3.600ms likely
-- says: Counter._hook(), which watches each call or line (setprofile), takes 36 % of a request.
-- says: not debug-mode: the time is in a function of the application itself
-- says: claims python:tests/rules/source_hooks.py:Counter._hook: 360

-- case: miss another function of that file
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_hooks.py', 'Counter.render', 12, 'app', 1, x'');
INSERT INTO stack VALUES (900, 12, 9, 0, 13, 3, 900);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 80, 0, 400000000, 400000000, 0),
  (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 120, 0, 600000000, 600000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n WHERE i < 80;


-- case: miss nine samples
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_hooks.py', 'Counter._hook', 6, 'app', 1, x'');
INSERT INTO stack VALUES (900, 12, 9, 0, 7, 3, 900);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 9, 0, 45000000, 45000000, 0),
  (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 191, 0, 955000000, 955000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n WHERE i < 9;


-- case: miss two requests
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_hooks.py', 'Counter._hook', 6, 'app', 1, x'');
INSERT INTO stack VALUES (900, 12, 9, 0, 7, 3, 900);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 80, 0, 400000000, 400000000, 0),
  (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 120, 0, 600000000, 600000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n WHERE i < 2;
-- says: ruled out: Counter._hook() takes 36.0 % of a request
