-- case: hit a repeat inside a repeat, of a pattern that the file names
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO meta VALUES ('started_realtime_ns', 9000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, 'tests/rules/source.py', 'matched', 1, 'app', 1, x''), (10, '/usr/lib/python3.12/re/__init__.py', 'match', 1, 'stdlib', 1, x''), (11, '/usr/lib/python3.12/re/_compiler.py', 'compile', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 14, 2, 900);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n;
-- expect: source.py:14 tests/rules/source.py:14 45.0% 4.275ms likely
-- says: saving: 2.932 to 5.481 ms
-- says not: because: in the source a repeat is itself repeated: WORDS = re.compile(r"(?:\w+[ -]?)+$")WORD = re.compile(r"\w+(?:-\w+)*")

-- case: hit the repeat is in a group of the repeated group
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO meta VALUES ('started_realtime_ns', 9000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, 'tests/rules/source.py', 'listed', 1, 'app', 1, x''), (10, '/usr/lib/python3.12/re/__init__.py', 'match', 1, 'stdlib', 1, x''), (11, '/usr/lib/python3.12/re/_compiler.py', 'compile', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 42, 2, 900);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n;
-- expect: source.py:42 tests/rules/source.py:42 45.0% 4.275ms likely

-- case: hit the pattern is written where it is used, through re
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO meta VALUES ('started_realtime_ns', 9000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, 'tests/rules/source.py', 'inline', 1, 'app', 1, x''), (10, '/usr/lib/python3.12/re/__init__.py', 'match', 1, 'stdlib', 1, x''), (11, '/usr/lib/python3.12/re/_compiler.py', 'compile', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 26, 2, 900), (901, 900, 10, 0, 166, 3, 900);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 901, NULL FROM n;
-- expect: source.py:26 tests/rules/source.py:26 45.0% 4.275ms likely
-- says: route: /
-- says: because: in the source a repeat is itself repeated: return re.match(r"(a+)+b", line)
-- says: at tests/rules/source.py:26 inline

-- case: hit in one of two routes, and few of its requests kept their samples: the gain is the route's
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1 + i % 2, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO meta VALUES ('started_realtime_ns', 9000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, 'tests/rules/source.py', 'matched', 1, 'app', 1, x''), (10, '/usr/lib/python3.12/re/__init__.py', 'match', 1, 'stdlib', 1, x''), (11, '/usr/lib/python3.12/re/_compiler.py', 'compile', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 14, 2, 900);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0),
  (0, 1, 1, 2, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n WHERE i < 6;
-- expect: source.py:14 tests/rules/source.py:14 45.0% 4.275ms likely
-- says: in one request: 5 ms at most

-- case: near-miss compile-per-request: the same line, and its pattern is compiled each time
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO meta VALUES ('started_realtime_ns', 9000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, 'tests/rules/source.py', 'inline', 1, 'app', 1, x''), (10, '/usr/lib/python3.12/re/__init__.py', 'match', 1, 'stdlib', 1, x''), (11, '/usr/lib/python3.12/re/_compiler.py', 'compile', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 26, 2, 900), (901, 900, 11, 0, 745, 3, 900);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 901, NULL FROM n;

-- case: near-miss hot-python-loop: a line that computes itself
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO meta VALUES ('started_realtime_ns', 9000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, 'tests/rules/source.py', 'told', 1, 'app', 1, x''), (10, '/usr/lib/python3.12/re/__init__.py', 'match', 1, 'stdlib', 1, x''), (11, '/usr/lib/python3.12/re/_compiler.py', 'compile', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 31, 2, 900);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n;

-- case: miss much text, matched by a pattern that can do it in one way only
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO meta VALUES ('started_realtime_ns', 9000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, 'tests/rules/source.py', 'found', 1, 'app', 1, x''), (10, '/usr/lib/python3.12/re/__init__.py', 'match', 1, 'stdlib', 1, x''), (11, '/usr/lib/python3.12/re/_compiler.py', 'compile', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 18, 2, 900);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n;
-- says: ruled out: source.py:18 spends 45.0 % of the time in matching, by a pattern with no repeat in a repeat

-- case: miss a pattern of another module: what it is cannot be told
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO meta VALUES ('started_realtime_ns', 9000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, 'tests/rules/source.py', 'imported', 1, 'app', 1, x''), (10, '/usr/lib/python3.12/re/__init__.py', 'match', 1, 'stdlib', 1, x''), (11, '/usr/lib/python3.12/re/_compiler.py', 'compile', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 22, 2, 900);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n;

-- case: miss groups in a repeated group, and what must stand between its rounds
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO meta VALUES ('started_realtime_ns', 9000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, 'tests/rules/source.py', 'paired', 1, 'app', 1, x''), (10, '/usr/lib/python3.12/re/__init__.py', 'match', 1, 'stdlib', 1, x''), (11, '/usr/lib/python3.12/re/_compiler.py', 'compile', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 46, 2, 900);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n;

-- case: hit a pattern of a module beside it, which its file imports
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO meta VALUES ('started_realtime_ns', 9000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, 'tests/rules/source.py', 'titled', 1, 'app', 1, x''), (10, '/usr/lib/python3.12/re/__init__.py', 'match', 1, 'stdlib', 1, x''), (11, '/usr/lib/python3.12/re/_compiler.py', 'compile', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 68, 2, 900);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n;
-- expect: source.py:68 tests/rules/source.py:68 45.0% 4.275ms likely
-- says: because: in the source a repeat is itself repeated: TITLE = re.compile(
