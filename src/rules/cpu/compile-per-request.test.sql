-- case: hit patterns made of data, more than the cache holds
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/usr/lib/python3.12/re/__init__.py', '_compile', 1, 'stdlib', 1, x''), (10, '/usr/lib/python3.12/re/_compiler.py', 'compile', 1, 'stdlib', 1, x''), (11, '/usr/lib/python3.12/re/__init__.py', 'search', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 294, 3, 41), (901, 900, 10, 0, 745, 4, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0),
  (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 20, 0, 100000000, 100000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 80, 0, 400000000, 400000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 901, NULL FROM n;
-- expect: app.py:41 /srv/app.py:41 50.0% 4.500ms likely

-- case: hit before 3.11, under the name that the compiler had
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/usr/lib/python3.8/sre_compile.py', 'compile', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 764, 3, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n;
-- expect: app.py:41 /srv/app.py:41 50.0% 4.500ms likely

-- case: hit a schema is built in each request
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/venv/lib/python3.12/site-packages/pydantic/type_adapter.py', 'TypeAdapter.__init__', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 220, 3, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n;
-- expect: app.py:41 /srv/app.py:41 50.0% 4.500ms likely
-- says: A schema is compiled in the middle of a request, again and again: 50 % of its time.
-- says: not cold-start: seen in 100 requests, also in the second half of the recording

-- case: near-miss regex-backtracking: the time is in the match, of a pattern that is kept
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/usr/lib/python3.12/re/__init__.py', '_compile', 1, 'stdlib', 1, x''), (10, '/usr/lib/python3.12/re/_compiler.py', 'compile', 1, 'stdlib', 1, x''), (11, '/usr/lib/python3.12/re/__init__.py', 'search', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 41, 11, 0, 176, 3, 41), (901, 900, 9, 0, 280, 4, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0),
  (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 20, 0, 100000000, 100000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 80, 0, 400000000, 400000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n;

-- case: near-miss cold-start: compiled at the first use
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/usr/lib/python3.12/re/__init__.py', '_compile', 1, 'stdlib', 1, x''), (10, '/usr/lib/python3.12/re/_compiler.py', 'compile', 1, 'stdlib', 1, x''), (11, '/usr/lib/python3.12/re/__init__.py', 'search', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 41, 10, 0, 745, 3, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 20, 0, 100000000, 100000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 180, 0, 900000000, 900000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n WHERE i < 20;

-- case: miss compiled while modules are imported, before any request
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/usr/lib/python3.12/re/__init__.py', '_compile', 1, 'stdlib', 1, x''), (10, '/usr/lib/python3.12/re/_compiler.py', 'compile', 1, 'stdlib', 1, x''), (11, '/usr/lib/python3.12/re/__init__.py', 'search', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 41, 10, 0, 745, 3, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 180, 0, 900000000, 900000000, 0);
INSERT INTO sample_10s VALUES (0, 1, 1, NULL, 0, 900, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
