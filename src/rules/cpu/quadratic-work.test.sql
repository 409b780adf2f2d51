-- case: hit four times the rows, sixteen times the CPU
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, bytes_out)
  SELECT i + 1, 1, 'request', 1, i * 100000000, 1000000 + (i % 10) * (i % 10) * 100000, 900000 + (i % 10) * (i % 10) * 100000, 50 FROM n;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'sqlite', 'sqlite', '/tmp/a.db', 5, 3, 100, 100);
INSERT INTO statement SELECT i * 100000000, 10000, i + 1, 1, i + 2, 10, 9, 0, (i % 10) * 100 + 5, 0, 80, 88, 0 FROM n;
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 12, NULL FROM n WHERE i % 10 > 3;
-- expect: app.py:12 /srv/app.py:12 97.4% 3.084ms likely
-- says: over 50 requests with 453 and more rows read the exponent is 2.02

-- case: near-miss hot-python-loop: four times the rows, four times the CPU
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, bytes_out)
  SELECT i + 1, 1, 'request', 1, i * 100000000, 1000000 + (i % 10) * 1000000, 900000 + (i % 10) * 1000000, 50 FROM n;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'sqlite', 'sqlite', '/tmp/a.db', 5, 3, 100, 100);
INSERT INTO statement SELECT i * 100000000, 10000, i + 1, 1, i + 2, 10, 9, 0, (i % 10) * 100 + 5, 0, 80, 88, 0 FROM n;
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 12, NULL FROM n WHERE i % 10 > 3;

-- case: near-miss regex-backtracking: it grows inside a match
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/re/__init__.py', 'match', 160, 'stdlib', 1, x'');
INSERT INTO stack(id, parent_id, code_id, instr_offset, line, depth, app_id) VALUES (300, 12, 9, 0, 166, 3, 12);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, bytes_out)
  SELECT i + 1, 1, 'request', 1, i * 100000000, 1000000 + (i % 10) * (i % 10) * 100000, 900000 + (i % 10) * (i % 10) * 100000, (i % 10) * 100 + 5 FROM n;
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 300, NULL FROM n WHERE i % 10 > 3;

-- case: miss two sizes only
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, bytes_out)
  SELECT i + 1, 1, 'request', 1, i * 100000000, 1000000 + (i % 2) * 10000000, 900000 + (i % 2) * 10000000, 50 + (i % 2) * 400 FROM n;
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 12, NULL FROM n WHERE i % 2;

-- case: hit all requests have one size: the source of the hottest line says what grows
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_squares.py', 'once', 4, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 7, 2, 900), (901, 1000, 9, 0, 6, 2, 901);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 6000000, 5000000 FROM n WHERE i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0), (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 5, 0, 25000000, 25000000, 0), (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 15, 0, 75000000, 75000000, 0);
-- expect: source_squares.py:7 tests/rules/source_squares.py:7 62.5% 3.375ms likely
-- says: The work at source_squares.py:7 grows with the square of what it goes through: `in kept` walks a list from its start, in each round of a loop.
-- says: samples of it: 45 of 60 on a CPU
-- says: not hot-python-loop: its source: `in kept` walks
-- says: route: /
-- says: claims python:tests/rules/source_squares.py:once: 150.000 ms

-- case: hit on two routes, a third of the CPU
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_squares.py', 'once', 4, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 7, 2, 900), (901, 1000, 9, 0, 6, 2, 901);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1 + i % 2, i * 100000000, 9000000, 8000000 FROM n WHERE i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 12, 0, 60000000, 60000000, 0), (0, 1, 1, 2, 1, 900, 'python', NULL, NULL, 1, 12, 0, 60000000, 60000000, 0), (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 46, 0, 230000000, 230000000, 0);
-- expect: source_squares.py:7 tests/rules/source_squares.py:7 30.5% 2.469ms likely
-- says not: route:

-- case: hit a helper is called by a loop within a loop
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_squares.py', 'near', 20, 'app', 1, x''), (10, 'tests/rules/source_squares.py', 'distance', 26, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 23, 2, 900), (901, 900, 10, 0, 27, 3, 901);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 6000000, 5000000 FROM n WHERE i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0), (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 5, 0, 25000000, 25000000, 0), (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 15, 0, 75000000, 75000000, 0);
-- expect: source_squares.py:23 tests/rules/source_squares.py:23 62.5% 3.375ms likely
-- says: a loop over points runs in each round of a loop over it

-- case: near-miss hot-python-loop: a set is searched
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_squares.py', 'each', 12, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 15, 2, 900);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 6000000, 5000000 FROM n WHERE i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0), (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 15, 0, 75000000, 75000000, 0);

-- case: near-miss hot-python-loop: a quarter of the CPU
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_squares.py', 'once', 4, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 7, 2, 900), (901, 1000, 9, 0, 6, 2, 901);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 21000000, 20000000 FROM n WHERE i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 25, 0, 125000000, 125000000, 0), (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 75, 0, 375000000, 375000000, 0);
-- says: ruled out: once(): its source says so (`in kept` walks a list from its start, in each round of a loop), but it takes 5.00 ms a request

-- case: miss the source was changed since
INSERT INTO meta VALUES ('started_realtime_ns', 1);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_squares.py', 'once', 4, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 7, 2, 900), (901, 1000, 9, 0, 6, 2, 901);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 6000000, 5000000 FROM n WHERE i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0), (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 15, 0, 75000000, 75000000, 0);

-- case: miss nineteen samples
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_squares.py', 'once', 4, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 7, 2, 900), (901, 1000, 9, 0, 6, 2, 901);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 6000000, 5000000 FROM n WHERE i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 19, 0, 95000000, 95000000, 0), (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 5, 0, 25000000, 25000000, 0);

-- case: hit 1.9 ms of all requests, 3.8 of those to the one route that it is found in
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_squares.py', 'once', 4, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 7, 2, 900), (901, 1000, 9, 0, 6, 2, 901);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1 + i % 2, i * 100000000, 3000000, 2000000 FROM n WHERE i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 57, 0, 285000000, 285000000, 0), (0, 1, 1, 2, 1, 12, 'python', NULL, NULL, 1, 3, 0, 15000000, 15000000, 0);
-- expect: source_squares.py:7 tests/rules/source_squares.py:7 63.3% 1.500ms likely
-- says: CPU in this function: 3.8 ms per request

-- case: miss 1.9 ms of a request, on a machine that is idle
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_squares.py', 'once', 4, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 7, 2, 900), (901, 1000, 9, 0, 6, 2, 901);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 3000000, 2000000 FROM n WHERE i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 57, 0, 285000000, 285000000, 0), (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 3, 0, 15000000, 15000000, 0);
-- says: but it takes 1.90 ms a request

-- case: hit 1.9 ms of a request are a tenth of a CPU
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_squares.py', 'once', 4, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 7, 2, 900), (901, 1000, 9, 0, 6, 2, 901);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 16000000, 3000000, 2000000 FROM n WHERE i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 57, 0, 285000000, 285000000, 0), (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 3, 0, 15000000, 15000000, 0);
-- expect: source_squares.py:7 tests/rules/source_squares.py:7 63.3% 1.710ms likely

-- case: hit the sizes tell, and the source does not say it twice
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_squares.py', 'once', 4, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 7, 2, 900), (901, 1000, 9, 0, 6, 2, 901);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, bytes_out) SELECT i + 1, 1, 'request', 1, i * 100000000, 1000000 + (i % 10) * (i % 10) * 100000, 900000 + (i % 10) * (i % 10) * 100000, 50 FROM n;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'sqlite', 'sqlite', '/tmp/a.db', 5, 3, 100, 100);
INSERT INTO statement SELECT i * 100000000, 10000, i + 1, 1, i + 2, 10, 9, 0, (i % 10) * 100 + 5, 0, 80, 88, 0 FROM n;
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n WHERE i % 10 > 3;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0);
-- expect: source_squares.py:7 tests/rules/source_squares.py:7 97.4% 3.084ms likely
-- says: CPU grows with the power
-- says not: samples of it
-- says: `in` walks a list or tuple from its start

-- case: miss the line has a quarter of what its function takes
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_squares.py', 'once', 4, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 7, 2, 900), (901, 1000, 9, 0, 6, 2, 901), (902, 1000, 9, 0, 5, 2, 902), (903, 1000, 9, 0, 8, 2, 903), (904, 1000, 9, 0, 9, 2, 904);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 6000000, 5000000 FROM n WHERE i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 12, 0, 60000000, 60000000, 0), (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 9, 0, 45000000, 45000000, 0), (0, 1, 1, 1, 1, 902, 'python', NULL, NULL, 1, 8, 0, 40000000, 40000000, 0), (0, 1, 1, 1, 1, 903, 'python', NULL, NULL, 1, 8, 0, 40000000, 40000000, 0), (0, 1, 1, 1, 1, 904, 'python', NULL, NULL, 1, 8, 0, 40000000, 40000000, 0), (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 15, 0, 75000000, 75000000, 0);

-- case: hit the line has four tenths of what its function takes
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_squares.py', 'once', 4, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 7, 2, 900), (901, 1000, 9, 0, 6, 2, 901), (902, 1000, 9, 0, 5, 2, 902), (903, 1000, 9, 0, 8, 2, 903), (904, 1000, 9, 0, 9, 2, 904);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 6000000, 5000000 FROM n WHERE i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 20, 0, 100000000, 100000000, 0), (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 7, 0, 35000000, 35000000, 0), (0, 1, 1, 1, 1, 902, 'python', NULL, NULL, 1, 6, 0, 30000000, 30000000, 0), (0, 1, 1, 1, 1, 903, 'python', NULL, NULL, 1, 6, 0, 30000000, 30000000, 0), (0, 1, 1, 1, 1, 904, 'python', NULL, NULL, 1, 6, 0, 30000000, 30000000, 0), (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 15, 0, 75000000, 75000000, 0);
-- expect: source_squares.py:7 tests/rules/source_squares.py:7 62.5% 3.375ms likely

-- case: hit what is searched is made anew in each round
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_squares.py', 'missing.<locals>.<listcomp>', 31, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 31, 2, 900);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 6000000, 5000000 FROM n WHERE i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 45, 0, 225000000, 225000000, 0), (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 15, 0, 75000000, 75000000, 0);
-- expect: source_squares.py:31 tests/rules/source_squares.py:31 62.5% 3.375ms likely
-- says: grows with the square of what it goes through: what `in` searches is made for it, in each round of a loop.
-- says: make it once, before the loop

-- case: hit all of one list is compared with each of another
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_squares.py', 'joined.<locals>.<listcomp>', 36, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 36, 2, 900);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 6000000, 5000000 FROM n WHERE i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 45, 0, 225000000, 225000000, 0), (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 15, 0, 75000000, 75000000, 0);
-- expect: source_squares.py:36 tests/rules/source_squares.py:36 62.5% 3.375ms likely
-- says: grows with the square of what it goes through: `==` looks through all of orders, in each round of a loop.
-- says: make a dict of it by what is compared, once, before the loop

-- case: hit bytes that an attribute holds are put together piece by piece
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_loops.py', 'Writer.add', 26, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 27, 2, 900);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 6000000, 5000000 FROM n WHERE i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 45, 0, 225000000, 225000000, 0), (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 15, 0, 75000000, 75000000, 0);
-- expect: source_loops.py:27 tests/rules/source_loops.py:27 62.5% 3.375ms likely
-- says: each piece that is added to self.out copies all that it holds

-- case: miss a local str grows in place
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_loops.py', 'local', 30, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 33, 2, 900);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 6000000, 5000000 FROM n WHERE i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 45, 0, 225000000, 225000000, 0), (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 15, 0, 75000000, 75000000, 0);

-- case: hit answers without a body: the size of the request tells
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, bytes_in, bytes_out)
  SELECT i + 1, 1, 'request', 1, i * 200000000, 100000 + c, c, s, 0 FROM (SELECT i, s, cast(900000 + s * s * 10.0 AS int) AS c FROM (SELECT i, (i % 10) * 100 + 5 AS s FROM n WHERE 1));
INSERT INTO unit_sample SELECT i + 1, 1, i * 200000000 + 50000, 5000000, 'python', 12, NULL FROM n WHERE i % 10 > 3;
-- expect: app.py:12 /srv/app.py:12 97.4% 3.107ms likely

-- case: hit small requests are busy elsewhere: those are not asked
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/check.py', 'validate', 1, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 5, 2, 900);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, bytes_in, bytes_out)
  SELECT i + 1, 1, 'request', 1, i * 200000000, 100000 + c, c, s, 50 FROM (SELECT i, s, cast(900000 + s * s * 10.0 AS int) AS c FROM (SELECT i, (i % 10) * 100 + 5 AS s FROM n WHERE 1));
INSERT INTO unit_sample SELECT i + 1, 1, i * 200000000 + 50000, 5000000, 'python', 12, NULL FROM n WHERE i % 10 > 3;
INSERT INTO unit_sample SELECT i + 1, 1, i * 200000000 + 50000, 50000000, 'python', 900, NULL FROM n WHERE i % 10 < 4;
-- expect: app.py:12 /srv/app.py:12 97.4% 3.107ms likely

-- case: hit fifteen large ones of thirty
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, bytes_in, bytes_out)
  SELECT i + 1, 1, 'request', 1, i * 200000000, 100000 + c, c, s, 50 FROM (SELECT i, s, cast(900000 + s * s * 10.0 AS int) AS c FROM (SELECT i, (i % 10) * 100 + 5 AS s FROM n WHERE i < 30));
INSERT INTO unit_sample SELECT i + 1, 1, i * 200000000 + 50000, 5000000, 'python', 12, NULL FROM n WHERE i % 10 > 3 AND i < 30;
-- expect: app.py:12 /srv/app.py:12 97.4% 2.974ms likely

-- case: miss ten large ones are too few
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, bytes_in, bytes_out)
  SELECT i + 1, 1, 'request', 1, i * 200000000, 100000 + c, c, s, 50 FROM (SELECT i, s, cast(900000 + s * s * 10.0 AS int) AS c FROM (SELECT i, iif(i % 4 = 0, (i % 10) * 50 + 505, 10 + i % 7) AS s FROM n WHERE i < 40));
INSERT INTO unit_sample SELECT i + 1, 1, i * 200000000 + 50000, 5000000, 'python', 12, NULL FROM n WHERE i % 4 = 0 AND i < 40;

-- case: miss sizes that differ by a factor of two
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, bytes_in, bytes_out)
  SELECT i + 1, 1, 'request', 1, i * 200000000, 100000 + c, c, s, 50 FROM (SELECT i, s, cast(900000 + s * s * 10.0 AS int) AS c FROM (SELECT i, (i % 10) * 50 + 505 AS s FROM n WHERE 1));
INSERT INTO unit_sample SELECT i + 1, 1, i * 200000000 + 50000, 5000000, 'python', 12, NULL FROM n WHERE 1;

-- case: miss one in eight is small: too few to see sizes differ
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, bytes_in, bytes_out)
  SELECT i + 1, 1, 'request', 1, i * 200000000, 100000 + c, c, s, 50 FROM (SELECT i, s, cast(900000 + s * s * 10.0 AS int) AS c FROM (SELECT i, iif(i % 8 = 0, 20, (i % 10) * 50 + 505) AS s FROM n WHERE 1));
INSERT INTO unit_sample SELECT i + 1, 1, i * 200000000 + 50000, 5000000, 'python', 12, NULL FROM n WHERE i % 8 > 0;

-- case: hit a fixed cost, which four small ones show
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, bytes_in, bytes_out)
  SELECT i + 1, 1, 'request', 1, i * 200000000, 100000 + c, c, s, 50 FROM (SELECT i, s, cast(10000000 + s * s * 10.0 AS int) AS c FROM (SELECT i, iif(i % 25 = 0, 45, (i % 10) * 90 + 105) AS s FROM n WHERE 1));
INSERT INTO unit_sample SELECT i + 1, 1, i * 200000000 + 50000, 5000000, 'python', 12, NULL FROM n WHERE i % 10 > 3;
-- expect: app.py:12 /srv/app.py:12 99.2% 7.742ms likely

-- case: miss a fixed cost, which two small ones are too few to show
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, bytes_in, bytes_out)
  SELECT i + 1, 1, 'request', 1, i * 200000000, 100000 + c, c, s, 50 FROM (SELECT i, s, cast(10000000 + s * s * 10.0 AS int) AS c FROM (SELECT i, iif(i % 50 = 0, 45, (i % 10) * 90 + 105) AS s FROM n WHERE 1));
INSERT INTO unit_sample SELECT i + 1, 1, i * 200000000 + 50000, 5000000, 'python', 12, NULL FROM n WHERE i % 10 > 3;

-- case: hit a fixed cost, and a fifth of the requests are a twentieth in size
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, bytes_in, bytes_out)
  SELECT i + 1, 1, 'request', 1, i * 200000000, 100000 + c, c, s, 50 FROM (SELECT i, s, cast(3000000 + s * s * 10.0 AS int) AS c FROM (SELECT i, iif(i % 5 = 0, 45, (i % 10) * 90 + 105) AS s FROM n WHERE 1));
INSERT INTO unit_sample SELECT i + 1, 1, i * 200000000 + 50000, 5000000, 'python', 12, NULL FROM n WHERE i % 10 > 3;
-- expect: app.py:12 /srv/app.py:12 98.3% 4.034ms likely

-- case: miss it grows with the power 1.6
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, bytes_in, bytes_out)
  SELECT i + 1, 1, 'request', 1, i * 200000000, 100000 + c, c, s, 50 FROM (SELECT i, s, cast(s * 100.0 * pow(s, 0.6) AS int) AS c FROM (SELECT i, (i % 10) * 100 + 5 AS s FROM n WHERE 1));
INSERT INTO unit_sample SELECT i + 1, 1, i * 200000000 + 50000, 5000000, 'python', 12, NULL FROM n WHERE i % 10 > 3;

-- case: miss it grows with about the square, but that is not sure
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, bytes_in, bytes_out)
  SELECT i + 1, 1, 'request', 1, i * 200000000, 100000 + c, c, s, 50 FROM (SELECT i, s, cast(s * s * 10.0 * (1 + (i * 37 % 11) / 5.0) AS int) AS c FROM (SELECT i, (i % 10) * 100 + 5 AS s FROM n WHERE 1));
INSERT INTO unit_sample SELECT i + 1, 1, i * 200000000 + 50000, 5000000, 'python', 12, NULL FROM n WHERE i % 10 > 3;

-- case: miss three sizes among the large ones
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, bytes_in, bytes_out)
  SELECT i + 1, 1, 'request', 1, i * 200000000, 100000 + c, c, s, 50 FROM (SELECT i, s, cast(900000 + s * s * 10.0 AS int) AS c FROM (SELECT i, iif(i % 10 < 4, 10, 500 + (i % 3) * 250) AS s FROM n WHERE 1));
INSERT INTO unit_sample SELECT i + 1, 1, i * 200000000 + 50000, 5000000, 'python', 12, NULL FROM n WHERE i % 10 > 3;

-- case: hit the function has nearly a half of the CPU of large ones
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/check.py', 'validate', 1, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 5, 2, 900);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, bytes_in, bytes_out)
  SELECT i + 1, 1, 'request', 1, i * 200000000, 100000 + c, c, s, 50 FROM (SELECT i, s, cast(900000 + s * s * 10.0 AS int) AS c FROM (SELECT i, (i % 10) * 100 + 5 AS s FROM n WHERE 1));
INSERT INTO unit_sample SELECT i + 1, 1, i * 200000000 + 50000, 5000000, 'python', 12, NULL FROM n WHERE i % 10 > 3 AND i < 45;
INSERT INTO unit_sample SELECT i + 1, 1, i * 200000000 + 50000, 5000000, 'python', 900, NULL FROM n WHERE i % 10 > 3 AND i >= 45 AND i < 72;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (10, '/srv/store.py', 'save', 1, 'app', 1, x'');
INSERT INTO stack VALUES (340, 1000, 10, 0, 5, 2, 340);
INSERT INTO unit_sample SELECT i + 1, 1, i * 200000000 + 50000, 5000000, 'native', 340, NULL FROM n WHERE i % 10 > 3 AND i >= 72;
-- expect: app.py:12 /srv/app.py:12 39.0% 1.518ms likely

-- case: miss none has more than a fifth of it
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) SELECT 20 + i, '/srv/step.py', 'step' || i, 1, 'app', 1, x'' FROM n WHERE i < 5;
INSERT INTO stack SELECT 900 + i, 1000, 20 + i, 0, 5, 2, 900 + i FROM n WHERE i < 5;
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, bytes_in, bytes_out)
  SELECT i + 1, 1, 'request', 1, i * 200000000, 100000 + c, c, s, 50 FROM (SELECT i, s, cast(900000 + s * s * 10.0 AS int) AS c FROM (SELECT i, (i % 10) * 100 + 5 AS s FROM n WHERE 1));
INSERT INTO unit_sample SELECT i + 1, 1, i * 200000000 + 50000, 5000000, 'python', 900 + i / 10 % 5, NULL FROM n WHERE i % 10 > 3;

-- case: miss 1.9 ms of a request are a fifteenth of a CPU
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_squares.py', 'once', 4, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 7, 2, 900), (901, 1000, 9, 0, 6, 2, 901);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 28000000, 3000000, 2000000 FROM n WHERE i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 57, 0, 285000000, 285000000, 0), (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 3, 0, 15000000, 15000000, 0);
-- says: but it takes 1.90 ms a request

-- case: hit it grows with the square of the answer, not as surely as with the power 1.68 of the question
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, bytes_in, bytes_out)
  SELECT i + 1, 1, 'request', 1, i * 200000000, 100000 + c, c, cast(pow(s, 2 / 1.68) AS int), cast(s * (1 + (i * 37 % 11 - 5) / 40.0) AS int) FROM (SELECT i, s, cast(10.0 * s * s AS int) AS c FROM (SELECT i, i * 9 + 105 AS s FROM n));
INSERT INTO unit_sample SELECT i + 1, 1, i * 200000000 + 50000, 5000000, 'python', 12, NULL FROM n WHERE i > 60;
-- expect: app.py:12 /srv/app.py:12 97.4% 3.171ms likely
-- says: grows with the square of the bytes of the response

-- case: hit sizes tell, and the function has nearly a half of the CPU of large ones: its source does not say it twice
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_squares.py', 'once', 4, 'app', 1, x''), (10, '/srv/check.py', 'validate', 1, 'app', 1, x''), (11, '/srv/store.py', 'save', 1, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 7, 2, 900), (902, 1000, 10, 0, 5, 2, 902), (903, 1000, 11, 0, 5, 2, 903);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, bytes_in, bytes_out)
  SELECT i + 1, 1, 'request', 1, i * 200000000, 100000 + c, c, s, 50 FROM (SELECT i, s, cast(900000 + s * s * 10.0 AS int) AS c FROM (SELECT i, (i % 10) * 100 + 5 AS s FROM n WHERE 1));
INSERT INTO unit_sample SELECT i + 1, 1, i * 200000000 + 50000, 5000000, 'python', 900, NULL FROM n WHERE i % 10 > 3 AND i < 45;
INSERT INTO unit_sample SELECT i + 1, 1, i * 200000000 + 50000, 5000000, 'python', 902, NULL FROM n WHERE i % 10 > 3 AND i BETWEEN 45 AND 72;
INSERT INTO unit_sample SELECT i + 1, 1, i * 200000000 + 50000, 5000000, 'python', 903, NULL FROM n WHERE i % 10 > 3 AND i > 72;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0), (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 20, 0, 100000000, 100000000, 0);
-- expect: source_squares.py:7 tests/rules/source_squares.py:7 39.0% 1.518ms likely
-- says: CPU grows with the power
-- says not: samples of it

-- case: hit sizes tell, but no function has more than a fifth of the CPU of large ones: its source says it
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_squares.py', 'once', 4, 'app', 1, x''), (10, '/srv/check.py', 'validate', 1, 'app', 1, x''), (11, '/srv/store.py', 'save', 1, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 7, 2, 900), (902, 1000, 10, 0, 5, 2, 902), (903, 1000, 11, 0, 5, 2, 903);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) SELECT 20 + i, '/srv/step.py', 'step' || i, 1, 'app', 1, x'' FROM n WHERE i < 10;
INSERT INTO stack SELECT 910 + i, 1000, 20 + i, 0, 5, 2, 910 + i FROM n WHERE i < 10;
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, bytes_in, bytes_out)
  SELECT i + 1, 1, 'request', 1, i * 200000000, 100000 + c, c, s, 50 FROM (SELECT i, s, cast(900000 + s * s * 10.0 AS int) AS c FROM (SELECT i, (i % 10) * 100 + 5 AS s FROM n WHERE 1));
INSERT INTO unit_sample SELECT i + 1, 1, i * 200000000 + 50000, 5000000, 'python', 900, NULL FROM n WHERE i % 10 > 3 AND i < 20;
INSERT INTO unit_sample SELECT i + 1, 1, i * 200000000 + 50000, 5000000, 'python', 908 + i / 10, NULL FROM n WHERE i % 10 > 3 AND i >= 20;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0), (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 20, 0, 100000000, 100000000, 0);
-- expect: source_squares.py:7 tests/rules/source_squares.py:7 65.0% 2.277ms likely
-- says: samples of it: 40 of 60 on a CPU

-- case: hit the line that grows says nothing of how: no advice of its own
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_loops.py', 'parse', 5, 'app', 1, x''), (10, '/srv/check.py', 'validate', 1, 'app', 1, x''), (11, '/srv/store.py', 'save', 1, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 6, 2, 900), (902, 1000, 10, 0, 5, 2, 902), (903, 1000, 11, 0, 5, 2, 903);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, bytes_in, bytes_out)
  SELECT i + 1, 1, 'request', 1, i * 200000000, 100000 + c, c, s, 50 FROM (SELECT i, s, cast(900000 + s * s * 10.0 AS int) AS c FROM (SELECT i, (i % 10) * 100 + 5 AS s FROM n WHERE 1));
INSERT INTO unit_sample SELECT i + 1, 1, i * 200000000 + 50000, 5000000, 'python', 900, NULL FROM n WHERE i % 10 > 3;
-- expect: source_loops.py:6 tests/rules/source_loops.py:6 97.4% 3.107ms likely
-- says not: += may copy

-- case: hit the list is searched in a function of its own, which is called in a loop
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_squares.py', 'Zones.has', 44, 'app', 1, x''), (10, 'tests/rules/source_squares.py', 'inside', 51, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 10, 0, 54, 2, 900), (901, 900, 9, 0, 45, 3, 901);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 28000000, 10000000, 9000000 FROM n WHERE i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 57, 0, 285000000, 285000000, 0), (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 3, 0, 15000000, 15000000, 0);
-- expect: source_squares.py:45 tests/rules/source_squares.py:45 85.5% 7.695ms likely
-- says: `in self.served` walks a list from its start, in each round of the loop at source_squares.py:54

-- case: near-miss hot-python-loop: what is called in the loop searches a set
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_squares.py', 'Zones.knows', 47, 'app', 1, x''), (10, 'tests/rules/source_squares.py', 'inside', 51, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 10, 0, 54, 2, 900), (901, 900, 9, 0, 48, 3, 901);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 28000000, 10000000, 9000000 FROM n WHERE i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 57, 0, 285000000, 285000000, 0), (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 3, 0, 15000000, 15000000, 0);

-- case: miss the list is searched once
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_squares.py', 'Zones.has', 44, 'app', 1, x''), (10, 'tests/rules/source_squares.py', 'check', 59, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 10, 0, 60, 2, 900), (901, 900, 9, 0, 45, 3, 901);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 28000000, 10000000, 9000000 FROM n WHERE i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 57, 0, 285000000, 285000000, 0), (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 3, 0, 15000000, 15000000, 0);

-- case: hit each round of a loop replaces something in all of a text
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_squares.py', 'filled', 63, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 65, 2, 900);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 28000000, 10000000, 9000000 FROM n WHERE i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 57, 0, 285000000, 285000000, 0), (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 3, 0, 15000000, 15000000, 0);
-- expect: source_squares.py:65 tests/rules/source_squares.py:65 85.5% 7.695ms likely
-- says: text.replace(…) goes through all of it, in each round of a loop
-- says: replace all in one pass
