-- case: hit the text is made, the level is not asked for
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO meta VALUES ('started_realtime_ns', 9000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, 'tests/rules/source.py', 'told', 1, 'app', 1, x''), (10, '/usr/lib/python3.12/logging/__init__.py', 'Logger._log', 1, 'stdlib', 1, x''), (11, '/usr/lib/python3.12/logging/__init__.py', 'StreamHandler.emit', 1, 'stdlib', 1, x''), (12, '/srv/rows.py', 'Row.__repr__', 1, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 30, 2, 900), (901, 900, 12, 0, 7, 3, 901), (902, 900, 10, 0, 1477, 3, 900);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 56, 0, 280000000, 280000000, 0),
  (0, 1, 1, 1, 1, 902, 'python', NULL, NULL, 1, 4, 0, 20000000, 20000000, 0),
  (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n;
-- expect: source.py:30 tests/rules/source.py:30 50.0% 4.500ms likely
-- says: of them in logging: 4 

-- case: hit a record is made, and no handler wants it
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO meta VALUES ('started_realtime_ns', 9000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, 'tests/rules/source.py', 'told', 1, 'app', 1, x''), (10, '/usr/lib/python3.12/logging/__init__.py', 'Logger._log', 1, 'stdlib', 1, x''), (11, '/usr/lib/python3.12/logging/__init__.py', 'StreamHandler.emit', 1, 'stdlib', 1, x''), (12, '/srv/rows.py', 'Row.__repr__', 1, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 30, 2, 900), (901, 900, 10, 0, 1600, 3, 900);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 30, 0, 150000000, 150000000, 0),
  (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 70, 0, 350000000, 350000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 901, NULL FROM n;
-- expect: source.py:30 tests/rules/source.py:30 50.0% 4.500ms likely

-- case: near-miss sync-log-write: the record is written
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO meta VALUES ('started_realtime_ns', 9000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, 'tests/rules/source.py', 'told', 1, 'app', 1, x''), (10, '/usr/lib/python3.12/logging/__init__.py', 'Logger._log', 1, 'stdlib', 1, x''), (11, '/usr/lib/python3.12/logging/__init__.py', 'StreamHandler.emit', 1, 'stdlib', 1, x''), (12, '/srv/rows.py', 'Row.__repr__', 1, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 30, 2, 900), (901, 900, 10, 0, 1600, 3, 900), (902, 901, 11, 0, 1100, 4, 900);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0),
  (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 30, 0, 150000000, 150000000, 0),
  (0, 1, 1, 1, 1, 902, 'python', NULL, NULL, 1, 30, 0, 150000000, 150000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 901, NULL FROM n;

-- case: miss the same samples on a line that does not log
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO meta VALUES ('started_realtime_ns', 9000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, 'tests/rules/source.py', 'told', 1, 'app', 1, x''), (10, '/usr/lib/python3.12/logging/__init__.py', 'Logger._log', 1, 'stdlib', 1, x''), (11, '/usr/lib/python3.12/logging/__init__.py', 'StreamHandler.emit', 1, 'stdlib', 1, x''), (12, '/srv/rows.py', 'Row.__repr__', 1, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 14, 2, 900);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n;

-- case: miss a few samples
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO meta VALUES ('started_realtime_ns', 9000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, 'tests/rules/source.py', 'told', 1, 'app', 1, x''), (10, '/usr/lib/python3.12/logging/__init__.py', 'Logger._log', 1, 'stdlib', 1, x''), (11, '/usr/lib/python3.12/logging/__init__.py', 'StreamHandler.emit', 1, 'stdlib', 1, x''), (12, '/srv/rows.py', 'Row.__repr__', 1, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 30, 2, 900);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 9, 0, 45000000, 45000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 101, 0, 505000000, 505000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n;

-- case: hit in one of two routes, and few of its requests kept their samples: the gain is the route's
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1 + i % 2, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO meta VALUES ('started_realtime_ns', 9000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, 'tests/rules/source.py', 'told', 1, 'app', 1, x''), (10, '/usr/lib/python3.12/logging/__init__.py', 'Logger._log', 1, 'stdlib', 1, x''), (11, '/usr/lib/python3.12/logging/__init__.py', 'StreamHandler.emit', 1, 'stdlib', 1, x''), (12, '/srv/rows.py', 'Row.__repr__', 1, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 30, 2, 900), (901, 900, 10, 0, 1600, 3, 900);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 30, 0, 150000000, 150000000, 0),
  (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 70, 0, 350000000, 350000000, 0),
  (0, 1, 1, 2, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 901, NULL FROM n WHERE i < 6;
-- expect: source.py:30 tests/rules/source.py:30 50.0% 4.500ms likely
-- says: route: /
-- says: saving: 3.411 to 5.000 ms

-- case: miss a method of that name of something else: catalog.info()
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO meta VALUES ('started_realtime_ns', 9000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, 'tests/rules/source.py', 'told', 1, 'app', 1, x''), (10, '/usr/lib/python3.12/logging/__init__.py', 'Logger._log', 1, 'stdlib', 1, x''), (11, '/usr/lib/python3.12/logging/__init__.py', 'StreamHandler.emit', 1, 'stdlib', 1, x''), (12, '/srv/rows.py', 'Row.__repr__', 1, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 34, 2, 900), (901, 900, 10, 0, 1600, 3, 900);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 60, 0, 300000000, 300000000, 0),
  (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n;

-- case: hit a logger that its file makes: asking for the level was too short to be sampled
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO meta VALUES ('started_realtime_ns', 9000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, 'tests/rules/source.py', 'told', 1, 'app', 1, x''), (10, '/usr/lib/python3.12/logging/__init__.py', 'Logger._log', 1, 'stdlib', 1, x''), (11, '/usr/lib/python3.12/logging/__init__.py', 'StreamHandler.emit', 1, 'stdlib', 1, x''), (12, '/srv/rows.py', 'Row.__repr__', 1, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 30, 2, 900), (901, 900, 12, 0, 7, 3, 901);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 60, 0, 300000000, 300000000, 0),
  (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n;
-- expect: source.py:30 tests/rules/source.py:30 50.0% 4.500ms likely

-- case: miss a logger that is not the library's: where its records go is not seen
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO meta VALUES ('started_realtime_ns', 9000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, 'tests/rules/source_elsewhere.py', 'told', 1, 'app', 1, x''), (10, '/usr/lib/python3.12/logging/__init__.py', 'Logger._log', 1, 'stdlib', 1, x''), (11, '/usr/lib/python3.12/logging/__init__.py', 'StreamHandler.emit', 1, 'stdlib', 1, x''), (12, '/srv/rows.py', 'Row.__repr__', 1, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 7, 2, 900), (901, 900, 12, 0, 7, 3, 901);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 60, 0, 300000000, 300000000, 0),
  (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n;
-- says: ruled out: source_elsewhere.py:7 calls what may be a logger, with none of 100 samples in logging

-- case: near-miss sync-log-write: a handler without emit, whose calls write
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO meta VALUES ('started_realtime_ns', 9000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, 'tests/rules/source.py', 'told', 1, 'app', 1, x''), (10, '/usr/lib/python3.12/logging/__init__.py', 'Logger._log', 1, 'stdlib', 1, x''), (11, '/usr/lib/python3.12/logging/__init__.py', 'StreamHandler.emit', 1, 'stdlib', 1, x''), (12, '/srv/rows.py', 'Row.__repr__', 1, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 30, 2, 900), (901, 900, 10, 0, 1600, 3, 900);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 60, 0, 300000000, 300000000, 0),
  (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n;
INSERT INTO usage_10s VALUES (0, 1, 'write', 901, 'file', NULL, 0, 0, 90, 400, 0, 4000000, 4000000, 100000, 80000, 0, 0);

-- case: hit an argument is made, two lines below the call's beginning
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO meta VALUES ('started_realtime_ns', 9000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, 'tests/rules/source.py', 'traced', 1, 'app', 1, x''), (10, '/usr/lib/python3.12/logging/__init__.py', 'Logger._log', 1, 'stdlib', 1, x''), (11, '/usr/lib/python3.12/logging/__init__.py', 'StreamHandler.emit', 1, 'stdlib', 1, x''), (12, '/srv/rows.py', 'Row.__repr__', 1, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 60, 2, 900), (901, 900, 12, 0, 7, 3, 901), (902, 900, 10, 0, 1477, 3, 900);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 56, 0, 280000000, 280000000, 0),
  (0, 1, 1, 1, 1, 902, 'python', NULL, NULL, 1, 4, 0, 20000000, 20000000, 0),
  (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n;
-- expect: source.py:60 tests/rules/source.py:60 50.0% 4.500ms likely

-- case: hit an argument is made, in the line below it
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO meta VALUES ('started_realtime_ns', 9000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, 'tests/rules/source.py', 'traced', 1, 'app', 1, x''), (10, '/usr/lib/python3.12/logging/__init__.py', 'Logger._log', 1, 'stdlib', 1, x''), (11, '/usr/lib/python3.12/logging/__init__.py', 'StreamHandler.emit', 1, 'stdlib', 1, x''), (12, '/srv/rows.py', 'Row.__repr__', 1, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 59, 2, 900), (901, 900, 12, 0, 7, 3, 901), (902, 900, 10, 0, 1477, 3, 900);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 56, 0, 280000000, 280000000, 0),
  (0, 1, 1, 1, 1, 902, 'python', NULL, NULL, 1, 4, 0, 20000000, 20000000, 0),
  (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n;
-- expect: source.py:59 tests/rules/source.py:59 50.0% 4.500ms likely

-- case: miss a line below that is not the call's
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO meta VALUES ('started_realtime_ns', 9000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, 'tests/rules/source.py', 'traced', 1, 'app', 1, x''), (10, '/usr/lib/python3.12/logging/__init__.py', 'Logger._log', 1, 'stdlib', 1, x''), (11, '/usr/lib/python3.12/logging/__init__.py', 'StreamHandler.emit', 1, 'stdlib', 1, x''), (12, '/srv/rows.py', 'Row.__repr__', 1, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 61, 2, 900), (901, 900, 12, 0, 7, 3, 901), (902, 900, 10, 0, 1477, 3, 900);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 56, 0, 280000000, 280000000, 0),
  (0, 1, 1, 1, 1, 902, 'python', NULL, NULL, 1, 4, 0, 20000000, 20000000, 0),
  (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n;
