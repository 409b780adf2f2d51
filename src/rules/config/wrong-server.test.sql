-- case: hit the development server works as long as the application
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 1, 'request', 1, i * 10000000, 1000000, 1000000 FROM n;
INSERT INTO fact VALUES (1, 'server', 'werkzeug');
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/socketserver.py', 'ThreadingMixIn.process_request_thread', 1, 'server', 1, x''), (10, '/usr/lib/python3.12/email/feedparser.py', 'FeedParser.feed', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 0, 9, 0, 691, 1, 0), (901, 900, 10, 0, 174, 2, 0);
INSERT INTO sample_10s VALUES (0, 1, 1, NULL, 0, 901, 'python', NULL, NULL, 1, 40, 0, 40000000, 40000000, 0), (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 60, 0, 60000000, 60000000, 0);
-- expect: werkzeug - 40.0% - likely
-- says: not debug-mode: no debug switch is on

-- case: near-miss debug-mode: debug is on, under a server for load
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 1, 'request', 1, i * 10000000, 1000000, 1000000 FROM n;
INSERT INTO fact VALUES (1, 'server', 'gunicorn'), (1, 'flask.debug', 'True');
INSERT INTO sample_10s VALUES (0, 1, 1, NULL, 0, 1000, 'python', NULL, NULL, 1, 40, 0, 40000000, 40000000, 0), (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 60, 0, 60000000, 60000000, 0);

-- case: miss the development server, beside work that is the application's
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 1, 'request', 1, i * 10000000, 1000000, 1000000 FROM n;
INSERT INTO fact VALUES (1, 'server', 'werkzeug');
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/socketserver.py', 'ThreadingMixIn.process_request_thread', 1, 'server', 1, x'');
INSERT INTO stack VALUES (900, 0, 9, 0, 691, 1, 0);
INSERT INTO sample_10s VALUES (0, 1, 1, NULL, 0, 900, 'python', NULL, NULL, 1, 12, 0, 12000000, 12000000, 0), (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 88, 0, 88000000, 88000000, 0);
-- says: ruled out: werkzeug takes 12 % of the CPU that serving takes

-- case: hit fifteen samples in it
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 1, 'request', 1, i * 10000000, 1000000, 1000000 FROM n;
INSERT INTO fact VALUES (1, 'server', 'werkzeug');
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/socketserver.py', 'ThreadingMixIn.process_request_thread', 1, 'server', 1, x''), (10, '/usr/lib/python3.12/email/feedparser.py', 'FeedParser.feed', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 0, 9, 0, 691, 1, 0), (901, 900, 10, 0, 174, 2, 0);
INSERT INTO sample_10s VALUES (0, 1, 1, NULL, 0, 901, 'python', NULL, NULL, 1, 15, 0, 40000000, 40000000, 0), (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 22, 0, 60000000, 60000000, 0);
-- expect: werkzeug - 40.0% - likely

-- case: miss seven samples in it are too few
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 1, 'request', 1, i * 10000000, 1000000, 1000000 FROM n;
INSERT INTO fact VALUES (1, 'server', 'werkzeug');
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/socketserver.py', 'ThreadingMixIn.process_request_thread', 1, 'server', 1, x''), (10, '/usr/lib/python3.12/email/feedparser.py', 'FeedParser.feed', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 0, 9, 0, 691, 1, 0), (901, 900, 10, 0, 174, 2, 0);
INSERT INTO sample_10s VALUES (0, 1, 1, NULL, 0, 901, 'python', NULL, NULL, 1, 7, 0, 40000000, 40000000, 0), (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 10, 0, 60000000, 60000000, 0);

-- case: miss a fifth of what serving takes is its own
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 1, 'request', 1, i * 10000000, 1000000, 1000000 FROM n;
INSERT INTO fact VALUES (1, 'server', 'werkzeug');
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/socketserver.py', 'ThreadingMixIn.process_request_thread', 1, 'server', 1, x''), (10, '/usr/lib/python3.12/email/feedparser.py', 'FeedParser.feed', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 0, 9, 0, 691, 1, 0), (901, 900, 10, 0, 174, 2, 0);
INSERT INTO sample_10s VALUES (0, 1, 1, NULL, 0, 901, 'python', NULL, NULL, 1, 20, 0, 20000000, 20000000, 0), (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 80, 0, 80000000, 80000000, 0);

-- case: hit debug is on as well
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 1, 'request', 1, i * 10000000, 1000000, 1000000 FROM n;
INSERT INTO fact VALUES (1, 'server', 'werkzeug'), (1, 'flask.debug', 'True');
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/socketserver.py', 'ThreadingMixIn.process_request_thread', 1, 'server', 1, x''), (10, '/usr/lib/python3.12/email/feedparser.py', 'FeedParser.feed', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 0, 9, 0, 691, 1, 0), (901, 900, 10, 0, 174, 2, 0);
INSERT INTO sample_10s VALUES (0, 1, 1, NULL, 0, 901, 'python', NULL, NULL, 1, 40, 0, 40000000, 40000000, 0), (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 60, 0, 60000000, 60000000, 0);
-- expect: werkzeug - 40.0% - likely
-- says not: not debug-mode: no debug switch is on

-- case: hit a server of the standard library alone
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 1, 'request', 1, i * 10000000, 1000000, 1000000 FROM n;
INSERT INTO fact VALUES (1, 'server', 'wsgiref');
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/http/server.py', 'BaseHTTPRequestHandler.handle', 1, 'server', 1, x''), (10, '/usr/lib/python3.12/email/feedparser.py', 'FeedParser.feed', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 0, 9, 0, 691, 1, 0), (901, 900, 10, 0, 174, 2, 0);
INSERT INTO sample_10s VALUES (0, 1, 1, NULL, 0, 901, 'python', NULL, NULL, 1, 40, 0, 40000000, 40000000, 0), (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 60, 0, 60000000, 60000000, 0);
-- expect: wsgiref - 40.0% - likely

-- case: hit Django's, in its own module
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 1, 'request', 1, i * 10000000, 1000000, 1000000 FROM n;
INSERT INTO fact VALUES (1, 'server', 'runserver');
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/django/core/servers/basehttp.py', 'WSGIRequestHandler.handle', 1, 'server', 1, x''), (10, '/usr/lib/python3.12/email/feedparser.py', 'FeedParser.feed', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 0, 9, 0, 691, 1, 0), (901, 900, 10, 0, 174, 2, 0);
INSERT INTO sample_10s VALUES (0, 1, 1, NULL, 0, 901, 'python', NULL, NULL, 1, 40, 0, 40000000, 40000000, 0), (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 60, 0, 60000000, 60000000, 0);
-- expect: runserver - 40.0% - likely

-- case: hit Werkzeug's own module
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 1, 'request', 1, i * 10000000, 1000000, 1000000 FROM n;
INSERT INTO fact VALUES (1, 'server', 'werkzeug');
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/werkzeug/serving.py', 'WSGIRequestHandler.run_wsgi', 1, 'server', 1, x''), (10, '/usr/lib/python3.12/email/feedparser.py', 'FeedParser.feed', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 0, 9, 0, 691, 1, 0), (901, 900, 10, 0, 174, 2, 0);
INSERT INTO sample_10s VALUES (0, 1, 1, NULL, 0, 901, 'python', NULL, NULL, 1, 40, 0, 40000000, 40000000, 0), (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 60, 0, 60000000, 60000000, 0);
-- expect: werkzeug - 40.0% - likely

-- case: hit wsgiref's handlers
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 1, 'request', 1, i * 10000000, 1000000, 1000000 FROM n;
INSERT INTO fact VALUES (1, 'server', 'wsgiref');
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/wsgiref/handlers.py', 'BaseHandler.run', 1, 'server', 1, x''), (10, '/usr/lib/python3.12/email/feedparser.py', 'FeedParser.feed', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 0, 9, 0, 691, 1, 0), (901, 900, 10, 0, 174, 2, 0);
INSERT INTO sample_10s VALUES (0, 1, 1, NULL, 0, 901, 'python', NULL, NULL, 1, 40, 0, 40000000, 40000000, 0), (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 60, 0, 60000000, 60000000, 0);
-- expect: wsgiref - 40.0% - likely
