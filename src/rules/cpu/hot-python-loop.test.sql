-- case: hit one function takes 70 % of each request
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0),
  (0, 1, 1, 1, 1, 13, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0), (0, 1, 1, 1, 1, 120, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0),
  (0, 1, 1, 1, 1, 12, 'gil', NULL, NULL, 1, 20, 0, 100000000, 0, 0), (0, 1, 2, NULL, 0, 20, 'python', NULL, NULL, 1, 900, 0, 4500000000, 4500000000, 0);
-- expect: app.py:handler /srv/app.py:12 70.0% 6.300ms likely
-- says: route: /
-- says: not gc-pause: collections take 0 ms a request
-- says not: --arguments
-- says: samples in its own frame: 140 of 180 on a CPU

-- case: hit most of it in a generator expression, a frame of its own: one function, one finding
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/app.py', 'handler.<locals>.<genexpr>', 12, 'app', 1, x'');
INSERT INTO stack VALUES (900, 12, 9, 0, 12, 3, 900);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 80, 0, 400000000, 400000000, 0),
  (0, 1, 1, 1, 1, 13, 'python', NULL, NULL, 1, 60, 0, 300000000, 300000000, 0), (0, 1, 1, 1, 1, 120, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0);
-- expect: app.py:handler /srv/app.py:12 70.0% 6.300ms likely
-- says not: genexpr

-- case: hit what the handler calls: with what, can be found out
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/geo.py', 'distance', 31, 'app', 1, x'');
INSERT INTO stack VALUES (900, 12, 9, 0, 33, 3, 900);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 140, 0, 700000000, 700000000, 0), (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0);
-- expect: geo.py:distance /srv/geo.py:33 70.0% 6.300ms likely
-- says: results can be kept: `unslow run --calls=geo.py:31 --arguments` tells

-- case: hit it was found out
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/geo.py', 'distance', 31, 'app', 1, x'');
INSERT INTO stack VALUES (900, 12, 9, 0, 33, 3, 900);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 140, 0, 700000000, 700000000, 0), (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0);
INSERT INTO call_arguments VALUES (1, 9, 10000, 10000, 10000, 0, 9000, 1000, 10, 1000, 0, 0, 100, 99, 600000000, 60000000, 2000000);
-- expect: geo.py:distance /srv/geo.py:33 70.0% 6.300ms likely
-- says not: --arguments
-- says not: ruled out

-- case: near-miss gc-pause: the samples are those of collections that its allocations start
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gc_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000, 8000000 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 180, 0, 900000000, 900000000, 0);

-- case: near-miss monitoring-overhead: a tracer's frames below the application's
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table)
  VALUES (9, '/venv/lib/python3.12/site-packages/opentelemetry/sdk/trace/__init__.py', 'Span.end', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 12, 9, 0, 5, 3, 12);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 140, 0, 700000000, 700000000, 0),
  (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0);

-- case: miss nineteen samples are too few to tell
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 19, 0, 95000000, 95000000, 0);

-- case: miss the same CPU in a database library (SQLite), which the ledger has apart from Python
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, db_cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000, 8000000, 8000000 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 180, 0, 900000000, 900000000, 0);

-- case: hit seen from outside: threads that wait for clients do not make its share smaller
INSERT INTO sample_10s VALUES (0, 1, 1, NULL, 0, 41, 'python', NULL, NULL, 2, 60, 0, 600000000, 600000000, 0), (0, 1, 1, NULL, 0, 12, 'native', NULL, NULL, 2, 40, 0, 400000000, 400000000, 0),
  (0, 1, 1, NULL, 0, 1000, 'call', 'pselect6', NULL, 2, 5900, 0, 59000000000, 0, 0);
-- expect: app.py:handler /srv/app.py:41 60.0% - likely

-- case: miss seen from outside: the same samples among ten times as many of the database's
INSERT INTO sample_10s VALUES (0, 1, 1, NULL, 0, 41, 'python', NULL, NULL, 2, 60, 0, 600000000, 600000000, 0), (0, 1, 1, NULL, 0, 20, 'call', '10.0.0.5:5432', NULL, 2, 600, 0, 6000000000, 0, 0),
  (0, 1, 1, NULL, 0, 1000, 'call', 'pselect6', NULL, 2, 5300, 0, 53000000000, 0, 0);
-- says: ruled out: seen, 9.0 % of the time; it is called a cause from 30 % on

-- case: hit a loop and the helpers that it calls, none of which is much alone
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/geo.py', 'distance', 1, 'app', 1, x''), (10, '/srv/geo.py', 'degrees', 9, 'app', 1, x'');
INSERT INTO stack VALUES (900, 12, 9, 0, 3, 3, 900), (901, 12, 10, 0, 10, 3, 901);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 1, 0, 50000000, 50000000, 0), (0, 1, 1, 1, 1, 13, 'python', NULL, NULL, 1, 20, 0, 50000000, 50000000, 0),
  (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 50, 0, 250000000, 250000000, 0), (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 50, 0, 250000000, 250000000, 0),
  (0, 1, 1, 1, 1, 120, 'python', NULL, NULL, 1, 40, 0, 300000000, 300000000, 0);
-- expect: app.py:handler /srv/app.py:12 60.0% 5.400ms likely
-- says: Python's own work in handler() and in what it calls, 
-- says: part of it on this line: 91.67 %
-- says: claims python:/srv/app.py:handler: 100.000 ms
-- says: claims python:/srv/geo.py:distance: 250.000 ms
-- says: claims python:/srv/geo.py:degrees: 250.000 ms

-- case: miss a function that only calls others
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/geo.py', 'distance', 1, 'app', 1, x''), (10, '/srv/geo.py', 'degrees', 9, 'app', 1, x'');
INSERT INTO stack VALUES (900, 12, 9, 0, 3, 3, 900), (901, 12, 10, 0, 10, 3, 901);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 1, 0, 5000000, 5000000, 0), (0, 1, 1, 1, 1, 13, 'python', NULL, NULL, 1, 20, 0, 5000000, 5000000, 0),
  (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 50, 0, 250000000, 250000000, 0), (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 50, 0, 250000000, 250000000, 0),
  (0, 1, 1, 1, 1, 120, 'python', NULL, NULL, 1, 40, 0, 300000000, 300000000, 0);

-- case: hit twenty-five samples are enough
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 25, 0, 125000000, 125000000, 0);
-- expect: app.py:handler /srv/app.py:12 90.0% 8.100ms likely

-- case: hit collections take a third of what it does: they may be what it starts
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gc_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000, 3000000 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 180, 0, 900000000, 900000000, 0);
-- expect: app.py:handler /srv/app.py:12 60.0% 5.400ms likely

-- case: hit collections take a fifth of what it does
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gc_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000, 1600000 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 180, 0, 900000000, 900000000, 0);
-- expect: app.py:handler /srv/app.py:12 74.0% 6.660ms likely
-- says: not gc-pause: collections take 1.60 ms a request

-- case: miss most of a request that takes 1 ms, of a process that is idle for most of the time
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 1000000, 900000 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 80, 0, 80000000, 80000000, 0), (0, 1, 1, 1, 1, 120, 'python', NULL, NULL, 1, 10, 0, 10000000, 10000000, 0);
-- says: ruled out: the hottest function, handler(), takes 80.0 % of the time in its own frame, 0.80 ms a request and 0.8 % of a CPU

-- case: hit the same where requests follow one another: a CPU is full of it
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 1200000, 1000000, 900000 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 80, 0, 80000000, 80000000, 0), (0, 1, 1, 1, 1, 120, 'python', NULL, NULL, 1, 10, 0, 10000000, 10000000, 0);
-- expect: app.py:handler /srv/app.py:12 80.0% 0.720ms likely

-- case: hit 2.4 ms, once in ten requests' routes
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', iif(i % 10 = 0, 2, 1), i * 100000000, iif(i % 10 = 0, 3000000, 100000), iif(i % 10 = 0, 3000000, 100000) FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 12, 'python', NULL, NULL, 1, 24, 0, 24000000, 24000000, 0), (0, 1, 1, 1, 1, 120, 'python', NULL, NULL, 1, 15, 0, 15000000, 15000000, 0);
-- expect: app.py:handler /srv/app.py:12 61.5% 0.216ms likely
-- says: route: /orders

-- case: miss 1.5 ms of a request, in an idle process
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 2000000, 1700000 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 80, 0, 80000000, 80000000, 0), (0, 1, 1, 1, 1, 120, 'python', NULL, NULL, 1, 10, 0, 10000000, 10000000, 0);

-- case: hit a seventh of a CPU
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 5500000, 1000000, 900000 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 80, 0, 80000000, 80000000, 0), (0, 1, 1, 1, 1, 120, 'python', NULL, NULL, 1, 10, 0, 10000000, 10000000, 0);
-- expect: app.py:handler /srv/app.py:12 80.0% 0.720ms likely

-- case: miss a fifteenth of a CPU
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 12000000, 1000000, 900000 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 80, 0, 80000000, 80000000, 0), (0, 1, 1, 1, 1, 120, 'python', NULL, NULL, 1, 10, 0, 10000000, 10000000, 0);

-- case: hit a loop that computes a seventh of what its helpers do
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/geo.py', 'distance', 1, 'app', 1, x''), (10, '/srv/geo.py', 'degrees', 9, 'app', 1, x'');
INSERT INTO stack VALUES (900, 12, 9, 0, 3, 3, 900), (901, 12, 10, 0, 10, 3, 901);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 14, 0, 70000000, 70000000, 0), (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 48, 0, 240000000, 240000000, 0), (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 48, 0, 240000000, 240000000, 0), (0, 1, 1, 1, 1, 120, 'python', NULL, NULL, 1, 70, 0, 350000000, 350000000, 0);
-- expect: app.py:handler /srv/app.py:12 55.0% 4.950ms likely

-- case: miss a function that computes a fourteenth of what it calls
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/geo.py', 'distance', 1, 'app', 1, x''), (10, '/srv/geo.py', 'degrees', 9, 'app', 1, x'');
INSERT INTO stack VALUES (900, 12, 9, 0, 3, 3, 900), (901, 12, 10, 0, 10, 3, 901);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 7, 0, 35000000, 35000000, 0), (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 48, 0, 240000000, 240000000, 0), (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 48, 0, 240000000, 240000000, 0), (0, 1, 1, 1, 1, 120, 'python', NULL, NULL, 1, 77, 0, 385000000, 385000000, 0);

-- case: hit one helper takes two fifths alone: it is named, not who calls it
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/geo.py', 'distance', 1, 'app', 1, x''), (10, '/srv/geo.py', 'degrees', 9, 'app', 1, x'');
INSERT INTO stack VALUES (900, 12, 9, 0, 3, 3, 900), (901, 12, 10, 0, 10, 3, 901);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 14, 0, 70000000, 70000000, 0), (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 80, 0, 400000000, 400000000, 0), (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 10, 0, 50000000, 50000000, 0), (0, 1, 1, 1, 1, 120, 'python', NULL, NULL, 1, 76, 0, 380000000, 380000000, 0);
-- expect: geo.py:distance /srv/geo.py:3 40.0% 3.600ms likely
-- says not: and in what it calls

-- case: hit collections take three tenths of that
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gc_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000, 1800000 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 140, 0, 700000000, 700000000, 0), (0, 1, 1, 1, 1, 120, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0);
-- expect: app.py:handler /srv/app.py:12 70.0% 6.300ms likely
-- says not: not gc-pause

-- case: hit a line calls into a library, in Python too; the comprehension of its caller is the loop
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_loops.py', 'parse', 5, 'app', 1, x''), (10, 'tests/rules/source_loops.py', 'read', 9, 'app', 1, x''),
  (11, '/usr/lib/python3.12/_strptime.py', '_strptime_datetime', 1, 'stdlib', 1, x''), (12, '/usr/lib/python3.12/_strptime.py', '_strptime', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 12, 10, 0, 10, 3, 900), (901, 900, 9, 0, 6, 4, 901), (902, 901, 11, 0, 567, 5, 901), (903, 902, 12, 0, 320, 6, 901), (904, 902, 12, 0, 330, 6, 901);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 903, 'python', NULL, NULL, 1, 70, 0, 350000000, 350000000, 0), (0, 1, 1, 1, 1, 904, 'python', NULL, NULL, 1, 50, 0, 250000000, 250000000, 0),
  (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 20, 0, 100000000, 100000000, 0), (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0);
-- expect: source_loops.py:6 tests/rules/source_loops.py:6 60.0% 5.400ms likely
-- says: 60 % of a request is spent in _strptime_datetime() of _strptime.py, which parse() calls in a loop.
-- says: at tests/rules/source_loops.py:10
-- says: route: /

-- case: miss the same line, called once
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_loops.py', 'parse', 5, 'app', 1, x''), (10, 'tests/rules/source_loops.py', 'once', 13, 'app', 1, x''),
  (11, '/usr/lib/python3.12/_strptime.py', '_strptime_datetime', 1, 'stdlib', 1, x''), (12, '/usr/lib/python3.12/_strptime.py', '_strptime', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 12, 10, 0, 14, 3, 900), (901, 900, 9, 0, 6, 4, 901), (902, 901, 11, 0, 567, 5, 901), (903, 902, 12, 0, 320, 6, 901), (904, 902, 12, 0, 330, 6, 901);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 903, 'python', NULL, NULL, 1, 70, 0, 350000000, 350000000, 0), (0, 1, 1, 1, 1, 904, 'python', NULL, NULL, 1, 50, 0, 250000000, 250000000, 0);

-- case: miss in a loop, but code in C: one line of the library has it all
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_loops.py', 'parse', 5, 'app', 1, x''), (10, 'tests/rules/source_loops.py', 'read', 9, 'app', 1, x''),
  (12, '/usr/lib/python3.12/zlib.py', 'compress', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 12, 10, 0, 10, 3, 900), (901, 900, 9, 0, 6, 4, 901), (903, 901, 12, 0, 320, 5, 901), (904, 901, 12, 0, 330, 5, 901);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 903, 'python', NULL, NULL, 1, 110, 0, 550000000, 550000000, 0), (0, 1, 1, 1, 1, 904, 'python', NULL, NULL, 1, 10, 0, 50000000, 50000000, 0);

-- case: miss what is called in a loop is awaited
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_loops.py', 'stream', 17, 'app', 1, x''), (12, '/usr/lib/python3.12/asyncio/streams.py', 'drain', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (901, 12, 9, 0, 19, 3, 901), (903, 901, 12, 0, 320, 4, 901), (904, 901, 12, 0, 330, 4, 901);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 903, 'python', NULL, NULL, 1, 70, 0, 350000000, 350000000, 0), (0, 1, 1, 1, 1, 904, 'python', NULL, NULL, 1, 50, 0, 250000000, 250000000, 0);

-- case: miss a line that asks the database is another's, in a loop or not
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_loops.py', 'parse', 5, 'app', 1, x''), (10, 'tests/rules/source_loops.py', 'read', 9, 'app', 1, x''),
  (12, '/venv/lib/python3.12/site-packages/django/db/models/query.py', '_iter', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 12, 10, 0, 10, 3, 900), (901, 900, 9, 0, 6, 4, 901), (903, 901, 12, 0, 320, 5, 901), (904, 901, 12, 0, 330, 5, 901);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 903, 'python', NULL, NULL, 1, 70, 0, 350000000, 350000000, 0), (0, 1, 1, 1, 1, 904, 'python', NULL, NULL, 1, 50, 0, 250000000, 250000000, 0);
INSERT INTO statement SELECT i * 100000000 + 5000000, 100000, i + 1, 1, i + 1, 5, 9, 0, 1, 0, 80, 903, 0 FROM n;

-- case: miss a line that asks a cache for one thing after another is another's, too
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_loops.py', 'parse', 5, 'app', 1, x''), (10, 'tests/rules/source_loops.py', 'read', 9, 'app', 1, x''),
  (12, '/venv/lib/python3.12/site-packages/redis/client.py', 'execute_command', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 12, 10, 0, 10, 3, 900), (901, 900, 9, 0, 6, 4, 901), (903, 901, 12, 0, 320, 5, 901), (904, 901, 12, 0, 330, 5, 901);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 903, 'python', NULL, NULL, 1, 70, 0, 350000000, 350000000, 0), (0, 1, 1, 1, 1, 904, 'python', NULL, NULL, 1, 50, 0, 250000000, 250000000, 0),
  (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0);
INSERT INTO usage_10s VALUES (0, 1, 'send', 903, 'redis', NULL, 0, 0, 10, 40, 0, 1000000, 1000000, 30000, 4000, 0, 0);

-- case: hit the same code, sending to the client alone
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_loops.py', 'parse', 5, 'app', 1, x''), (10, 'tests/rules/source_loops.py', 'read', 9, 'app', 1, x''),
  (12, '/venv/lib/python3.12/site-packages/redis/client.py', 'execute_command', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 12, 10, 0, 10, 3, 900), (901, 900, 9, 0, 6, 4, 901), (903, 901, 12, 0, 320, 5, 901), (904, 901, 12, 0, 330, 5, 901);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 903, 'python', NULL, NULL, 1, 70, 0, 350000000, 350000000, 0), (0, 1, 1, 1, 1, 904, 'python', NULL, NULL, 1, 50, 0, 250000000, 250000000, 0),
  (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0);
INSERT INTO usage_10s VALUES (0, 1, 'send', 903, 'client', NULL, 0, 0, 10, 40, 0, 1000000, 1000000, 30000, 4000, 0, 0);
-- expect: source_loops.py:6 tests/rules/source_loops.py:6 67.5% 6.075ms likely

-- case: hit a helper of which the loop is in its caller: both are named
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_loops.py', 'parse', 5, 'app', 1, x''), (10, 'tests/rules/source_loops.py', 'read', 9, 'app', 1, x'');
INSERT INTO stack VALUES (900, 12, 10, 0, 10, 3, 900), (901, 900, 9, 0, 6, 4, 901);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 140, 0, 700000000, 700000000, 0), (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0);
-- expect: source_loops.py:parse tests/rules/source_loops.py:6 70.0% 6.300ms likely
-- says: at tests/rules/source_loops.py:10

-- case: hit a loop and one helper, of the same name in another file
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/geo.py', 'handler', 1, 'app', 1, x''), (10, '/srv/geo.py', 'degrees', 9, 'app', 1, x'');
INSERT INTO stack VALUES (900, 12, 9, 0, 3, 3, 900), (901, 12, 10, 0, 10, 3, 901), (902, 1000, 9, 0, 3, 2, 902);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 50, 0, 250000000, 250000000, 0), (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 54, 0, 270000000, 270000000, 0), (0, 1, 1, 1, 1, 120, 'python', NULL, NULL, 1, 76, 0, 380000000, 380000000, 0);
-- expect: app.py:handler /srv/app.py:12 52.0% 4.680ms likely
-- says: in handler() and in what it calls, handler()

-- case: hit a loop and one helper: the work of both is claimed
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/geo.py', 'distance', 1, 'app', 1, x''), (10, '/srv/geo.py', 'degrees', 9, 'app', 1, x'');
INSERT INTO stack VALUES (900, 12, 9, 0, 3, 3, 900), (901, 12, 10, 0, 10, 3, 901), (902, 1000, 9, 0, 3, 2, 902);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 50, 0, 250000000, 250000000, 0), (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 54, 0, 270000000, 270000000, 0), (0, 1, 1, 1, 1, 120, 'python', NULL, NULL, 1, 76, 0, 380000000, 380000000, 0);
-- expect: app.py:handler /srv/app.py:12 52.0% 4.680ms likely
-- says: claims python:/srv/geo.py:distance: 270.000 ms

-- case: hit thirty samples of one helper alone: it is named, not who calls it
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/geo.py', 'distance', 1, 'app', 1, x''), (10, '/srv/geo.py', 'degrees', 9, 'app', 1, x'');
INSERT INTO stack VALUES (900, 12, 9, 0, 3, 3, 900), (901, 12, 10, 0, 10, 3, 901), (902, 1000, 9, 0, 3, 2, 902);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 6, 0, 70000000, 70000000, 0), (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 30, 0, 400000000, 400000000, 0), (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 4, 0, 50000000, 50000000, 0), (0, 1, 1, 1, 1, 120, 'python', NULL, NULL, 1, 30, 0, 380000000, 380000000, 0);
-- expect: geo.py:distance /srv/geo.py:3 40.0% 3.600ms likely
-- says not: and in what it calls

-- case: hit fifteen samples of one helper say little alone: its caller is named, with it
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/geo.py', 'distance', 1, 'app', 1, x''), (10, '/srv/geo.py', 'degrees', 9, 'app', 1, x'');
INSERT INTO stack VALUES (900, 12, 9, 0, 3, 3, 900), (901, 12, 10, 0, 10, 3, 901), (902, 1000, 9, 0, 3, 2, 902);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 12, 0, 150000000, 150000000, 0), (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 15, 0, 300000000, 300000000, 0), (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 4, 0, 70000000, 70000000, 0), (0, 1, 1, 1, 1, 120, 'python', NULL, NULL, 1, 30, 0, 380000000, 380000000, 0);
-- expect: app.py:handler /srv/app.py:12 52.0% 4.680ms likely
-- says: in handler() and in what it calls,

-- case: hit two functions, nearly a half of each request each
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/geo.py', 'distance', 1, 'app', 1, x''), (10, '/srv/geo.py', 'degrees', 9, 'app', 1, x'');
INSERT INTO stack VALUES (900, 12, 9, 0, 3, 3, 900), (901, 12, 10, 0, 10, 3, 901), (902, 1000, 9, 0, 3, 2, 902);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 80, 0, 400000000, 400000000, 0), (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 70, 0, 350000000, 350000000, 0), (0, 1, 1, 1, 1, 120, 'python', NULL, NULL, 1, 30, 0, 150000000, 150000000, 0);
-- expect: app.py:handler /srv/app.py:12 40.0% 3.600ms likely
-- expect: geo.py:distance /srv/geo.py:3 35.0% 3.150ms likely

-- case: miss a quarter of a request, in thirty samples
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/geo.py', 'distance', 1, 'app', 1, x''), (10, '/srv/geo.py', 'degrees', 9, 'app', 1, x'');
INSERT INTO stack VALUES (900, 12, 9, 0, 3, 3, 900), (901, 12, 10, 0, 10, 3, 901), (902, 1000, 9, 0, 3, 2, 902);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 30, 0, 225000000, 225000000, 0), (0, 1, 1, 1, 1, 120, 'python', NULL, NULL, 1, 90, 0, 675000000, 675000000, 0);
-- says: ruled out: seen, 22.5 % of the time; it is called a cause from 30 % on

-- case: miss the same beside one of which there are too few samples to speak of
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/geo.py', 'distance', 1, 'app', 1, x''), (10, '/srv/geo.py', 'degrees', 9, 'app', 1, x'');
INSERT INTO stack VALUES (900, 12, 9, 0, 3, 3, 900), (901, 12, 10, 0, 10, 3, 901), (902, 1000, 9, 0, 3, 2, 902);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 30, 0, 200000000, 200000000, 0), (0, 1, 1, 1, 1, 902, 'python', NULL, NULL, 1, 15, 0, 250000000, 250000000, 0), (0, 1, 1, 1, 1, 120, 'python', NULL, NULL, 1, 60, 0, 450000000, 450000000, 0);
-- says: ruled out: seen, 20.0 % of the time
