-- case: hit half of what is read is no number
INSERT INTO unit(id, process_id, kind, route_id, status, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, 200, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO meta VALUES ('started_realtime_ns', 9000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source.py', 'number', 49, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 51, 2, 900), (901, 1000, 9, 0, 52, 2, 901);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 90, 0, 450000000, 450000000, 0),
  (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 10, 0, 50000000, 50000000, 0),
  (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
-- expect: source.py:52 tests/rules/source.py:52 38.2% 3.442ms likely
-- says: route: /
-- says: at tests/rules/source.py:51 number
-- says: samples on the lines that catch: 10 of 200 on a CPU

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

-- case: hit six samples
INSERT INTO unit(id, process_id, kind, route_id, status, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, 200, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO meta VALUES ('started_realtime_ns', 9000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source.py', 'number', 49, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 51, 2, 900), (901, 1000, 9, 0, 52, 2, 901);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 60, 0, 300000000, 300000000, 0), (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 6, 0, 30000000, 30000000, 0), (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0);
-- expect: source.py:52 tests/rules/source.py:52 45.8% 4.126ms likely

-- case: miss three samples
INSERT INTO unit(id, process_id, kind, route_id, status, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, 200, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO meta VALUES ('started_realtime_ns', 9000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source.py', 'number', 49, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 51, 2, 900), (901, 1000, 9, 0, 52, 2, 901);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 60, 0, 300000000, 300000000, 0), (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 3, 0, 15000000, 15000000, 0), (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0);

-- case: hit one and a half of a hundred samples
INSERT INTO unit(id, process_id, kind, route_id, status, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, 200, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO meta VALUES ('started_realtime_ns', 9000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source.py', 'number', 49, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 51, 2, 900), (901, 1000, 9, 0, 52, 2, 901);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 90, 0, 450000000, 450000000, 0), (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 6, 0, 30000000, 30000000, 0), (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 300, 0, 1500000000, 1500000000, 0);
-- expect: source.py:52 tests/rules/source.py:52 15.7% 1.411ms likely

-- case: miss seven of a thousand samples
INSERT INTO unit(id, process_id, kind, route_id, status, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, 200, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO meta VALUES ('started_realtime_ns', 9000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source.py', 'number', 49, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 51, 2, 900), (901, 1000, 9, 0, 52, 2, 901);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 300, 0, 1500000000, 1500000000, 0), (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 7, 0, 35000000, 35000000, 0), (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 690, 0, 3450000000, 3450000000, 0);

-- case: hit two of five requests fail
INSERT INTO unit(id, process_id, kind, route_id, status, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, iif(i % 5 < 2, 500, 200), i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO meta VALUES ('started_realtime_ns', 9000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source.py', 'number', 49, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 51, 2, 900), (901, 1000, 9, 0, 52, 2, 901);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 90, 0, 450000000, 450000000, 0), (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 10, 0, 50000000, 50000000, 0), (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
-- expect: source.py:52 tests/rules/source.py:52 38.2% 3.442ms likely
-- says: of them failing: 40 %

-- case: near-miss error-burst: three of five requests fail
INSERT INTO unit(id, process_id, kind, route_id, status, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, iif(i % 5 < 3, 500, 200), i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO meta VALUES ('started_realtime_ns', 9000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source.py', 'number', 49, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 51, 2, 900), (901, 1000, 9, 0, 52, 2, 901);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 90, 0, 450000000, 450000000, 0), (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 10, 0, 50000000, 50000000, 0), (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);

-- case: hit the first line of the block, which calls nothing, is where the exception is let go
INSERT INTO unit(id, process_id, kind, route_id, status, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, 200, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO meta VALUES ('started_realtime_ns', 9000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source.py', 'number', 49, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 51, 2, 900), (901, 1000, 9, 0, 52, 2, 901), (902, 1000, 9, 0, 53, 2, 902);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 90, 0, 450000000, 450000000, 0), (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 5, 0, 25000000, 25000000, 0), (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0), (0, 1, 1, 1, 1, 902, 'python', NULL, NULL, 1, 5, 0, 25000000, 25000000, 0);
-- expect: source.py:52 tests/rules/source.py:52 38.2% 3.442ms likely
-- says: samples on the lines that catch: 10 of 200 on a CPU

-- case: hit on two routes
INSERT INTO unit(id, process_id, kind, route_id, status, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1 + i % 2, 200, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO meta VALUES ('started_realtime_ns', 9000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source.py', 'number', 49, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 51, 2, 900), (901, 1000, 9, 0, 52, 2, 901);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 90, 0, 450000000, 450000000, 0), (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 10, 0, 50000000, 50000000, 0), (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0), (0, 1, 1, 2, 1, 901, 'python', NULL, NULL, 1, 1, 0, 5000000, 5000000, 0);
-- expect: source.py:52 tests/rules/source.py:52 39.9% 3.587ms likely
-- says not: route:

-- case: hit all exceptions are caught
INSERT INTO unit(id, process_id, kind, route_id, status, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, 200, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO meta VALUES ('started_realtime_ns', 9000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source.py', 'bare', 71, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 73, 2, 900), (901, 1000, 9, 0, 74, 2, 901);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 90, 0, 450000000, 450000000, 0), (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 10, 0, 50000000, 50000000, 0), (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
-- expect: source.py:74 tests/rules/source.py:74 38.2% 3.442ms likely

-- case: hit two kinds are caught
INSERT INTO unit(id, process_id, kind, route_id, status, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, 200, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO meta VALUES ('started_realtime_ns', 9000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source.py', 'either', 78, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 80, 2, 900), (901, 1000, 9, 0, 81, 2, 901);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 90, 0, 450000000, 450000000, 0), (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 10, 0, 50000000, 50000000, 0), (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
-- expect: source.py:81 tests/rules/source.py:81 38.2% 3.442ms likely

-- case: hit two handlers of a file, each with few samples
INSERT INTO unit(id, process_id, kind, route_id, status, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, 200, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO meta VALUES ('started_realtime_ns', 9000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source.py', 'bare', 71, 'app', 1, x''), (10, 'tests/rules/source.py', 'either', 78, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 73, 2, 900), (901, 1000, 9, 0, 74, 2, 901), (902, 1000, 10, 0, 80, 2, 902), (903, 1000, 10, 0, 81, 2, 903);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 50, 0, 250000000, 250000000, 0), (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 4, 0, 20000000, 20000000, 0),
  (0, 1, 1, 1, 1, 902, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0), (0, 1, 1, 1, 1, 903, 'python', NULL, NULL, 1, 3, 0, 15000000, 15000000, 0), (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
-- expect: source.py:74 tests/rules/source.py:74 33.4% 3.002ms likely
-- says: handlers together: 2
-- says: samples on the lines that catch: 7 of 197 on a CPU

-- case: miss two handlers of different files, each with few samples
INSERT INTO unit(id, process_id, kind, route_id, status, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, 200, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO meta VALUES ('started_realtime_ns', 9000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source.py', 'bare', 71, 'app', 1, x''), (10, 'tests/rules/source_loops.py', 'number', 78, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 73, 2, 900), (901, 1000, 9, 0, 74, 2, 901), (902, 1000, 10, 0, 80, 2, 902), (903, 1000, 10, 0, 81, 2, 903);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 50, 0, 250000000, 250000000, 0), (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 3, 0, 15000000, 15000000, 0),
  (0, 1, 1, 1, 1, 902, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0), (0, 1, 1, 1, 1, 903, 'python', NULL, NULL, 1, 3, 0, 15000000, 15000000, 0), (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);

-- case: miss two handlers of a file, with four samples together
INSERT INTO unit(id, process_id, kind, route_id, status, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, 200, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO meta VALUES ('started_realtime_ns', 9000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source.py', 'bare', 71, 'app', 1, x''), (10, 'tests/rules/source.py', 'either', 78, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 73, 2, 900), (901, 1000, 9, 0, 74, 2, 901), (902, 1000, 10, 0, 80, 2, 902), (903, 1000, 10, 0, 81, 2, 903);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 50, 0, 250000000, 250000000, 0), (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 1, 0, 5000000, 5000000, 0),
  (0, 1, 1, 1, 1, 902, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0), (0, 1, 1, 1, 1, 903, 'python', NULL, NULL, 1, 3, 0, 15000000, 15000000, 0), (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
