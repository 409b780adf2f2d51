-- case: hit half of what is read is no number
INSERT INTO unit(id, process_id, kind, route_id, status, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, 200, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO meta VALUES ('started_realtime_ns', 9000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source.py', 'number', 49, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 51, 2, 900), (901, 1000, 9, 0, 52, 2, 901);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 90, 0, 450000000, 450000000, 0),
  (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 10, 0, 50000000, 50000000, 0),
  (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
-- expect: source.py:52 tests/rules/source.py:52 38.2% 3.442ms likely
-- says: saving: 0.813 to 5.020 ms

-- case: near-miss error-burst: what is raised ends the request
INSERT INTO unit(id, process_id, kind, route_id, status, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, 500, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO meta VALUES ('started_realtime_ns', 9000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source.py', 'number', 49, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 51, 2, 900), (901, 1000, 9, 0, 52, 2, 901);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 90, 0, 450000000, 450000000, 0),
  (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 10, 0, 50000000, 50000000, 0),
  (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);

-- case: near-miss hot-python-loop: the line below try is hot, and nothing is caught
INSERT INTO unit(id, process_id, kind, route_id, status, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, 200, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO meta VALUES ('started_realtime_ns', 9000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source.py', 'number', 49, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 51, 2, 900), (901, 1000, 9, 0, 54, 2, 901);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 90, 0, 450000000, 450000000, 0),
  (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 10, 0, 50000000, 50000000, 0),
  (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);

-- case: miss an exception now and then
INSERT INTO unit(id, process_id, kind, route_id, status, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, 200, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO meta VALUES ('started_realtime_ns', 9000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source.py', 'number', 49, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 51, 2, 900), (901, 1000, 9, 0, 52, 2, 901);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 90, 0, 450000000, 450000000, 0),
  (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 4, 0, 20000000, 20000000, 0),
  (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 400, 0, 2000000000, 2000000000, 0);
