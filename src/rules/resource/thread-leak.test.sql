-- case: hit each request starts a thread that waits for ever
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/threading.py', 'Thread.start', 1, 'stdlib', 1, x''), (10, '/usr/lib/python3.12/threading.py', 'Condition.wait', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 16, 9, 0, 969, 3, 16), (901, 900, 10, 0, 327, 4, 16);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO usage_10s VALUES (0, 1, 'lock', 901, NULL, NULL, 0, 0, 100, 100, 0, 20000000, 40000, 400000, 0, 0, 0);
INSERT INTO host_second SELECT i * 1000000000, 1, 0, 0, 0, 20, 9 + 10 * i FROM n WHERE i < 10;
-- expect: threads /srv/app.py:16 0.0% - likely
-- says: Threads pile up in a process: 90 more are there at the end than at the beginning.
-- says: growth: 600 per minute and process
-- says: not thread-per-request: of 100 that were started 90 are still there

-- case: hit nobody was seen starting them: a library in C
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO host_second SELECT i * 1000000000, 1, 0, 0, 0, 20, 9 + 10 * i FROM n WHERE i < 10;
-- expect: threads - 0.0% - likely
-- says: which line starts them was not seen

-- case: near-miss thread-per-request: a thread for each request, which ends
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/threading.py', 'Thread.start', 1, 'stdlib', 1, x''), (10, '/usr/lib/python3.12/threading.py', 'Condition.wait', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 16, 9, 0, 969, 3, 16), (901, 900, 10, 0, 327, 4, 16);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO usage_10s VALUES (0, 1, 'lock', 901, NULL, NULL, 0, 0, 100, 100, 0, 20000, 20000, 400, 0, 0, 0);
INSERT INTO host_second SELECT i * 1000000000, 1, 0, 0, 0, 20, 9 + i % 3 FROM n WHERE i < 10;
-- says: ruled out: 9 threads at the first of 10 looks and 9 at the last

-- case: miss a pool that fills up and is full
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO host_second SELECT i * 1000000000, 1, 0, 0, 0, 20, min(49, 9 + 10 * i) FROM n WHERE i < 10;

-- case: miss requests pile up, each in a thread
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 5000000000, 4000000 FROM n;
INSERT INTO host_second SELECT i * 1000000000, 1, 0, 0, 0, 20, 9 + 10 * i FROM n WHERE i < 10;

-- case: miss a few more than at first
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO host_second SELECT i * 1000000000, 1, 0, 0, 0, 20, 9 + i FROM n WHERE i < 10;

-- case: hit two lines started seven tenths of them, one nearly none
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/threading.py', 'Thread.start', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 16, 9, 0, 969, 3, 16), (901, 17, 9, 0, 969, 3, 17), (902, 18, 9, 0, 969, 3, 18);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO usage_10s VALUES (0, 1, 'lock', 900, NULL, NULL, 0, 0, 40, 40, 0, 20000000, 40000, 400000, 0, 0, 0), (0, 1, 'lock', 901, NULL, NULL, 0, 0, 20, 20, 0, 20000000, 40000, 400000, 0, 0, 0), (0, 1, 'lock', 902, NULL, NULL, 0, 0, 10, 10, 0, 20000000, 40000, 400000, 0, 0, 0);
INSERT INTO host_second SELECT i * 1000000000, 1, 0, 0, 0, 20, 9 + 10 * i FROM n WHERE i < 10;
-- expect: threads /srv/app.py:16 0.0% - likely
-- says: at /srv/app.py:17
-- says not: at /srv/app.py:18
-- says: these lines started 60

-- case: hit its lines started a third of them
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/threading.py', 'Thread.start', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 16, 9, 0, 969, 3, 16);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO usage_10s VALUES (0, 1, 'lock', 900, NULL, NULL, 0, 0, 30, 30, 0, 20000000, 40000, 400000, 0, 0, 0);
INSERT INTO host_second SELECT i * 1000000000, 1, 0, 0, 0, 20, 9 + 10 * i FROM n WHERE i < 10;
-- expect: threads - 0.0% - likely
-- says: which line starts them was not seen

-- case: hit the server ends, and its threads with it
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO host_second SELECT i * 1000000000, 1, 0, 0, 0, 20, iif(i = 10, 1, 9 + 10 * i) FROM n WHERE i <= 10;
-- expect: threads - 0.0% - likely

-- case: miss one pool of 64 that fills, a thread for each request
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (8, '/usr/lib/python3.12/concurrent/futures/thread.py', 'ThreadPoolExecutor._adjust_thread_count', 1, 'stdlib', 1, x''), (9, '/usr/lib/python3.12/threading.py', 'Thread.start', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (899, 16, 8, 0, 202, 3, 16), (900, 899, 9, 0, 969, 4, 16);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO usage_10s VALUES (0, 1, 'lock', 900, NULL, NULL, 0, 0, 38, 38, 0, 20000000, 40000, 400000, 0, 0, 0);
INSERT INTO host_second SELECT i * 1000000000, 1, 0, 0, 0, 20, 5 + 4 * i FROM n WHERE i <= 10;
-- says: ruled out: 5 threads at the first of 10 looks and 41 at the last; pools started 38, which they do until they are full

-- case: miss a server's own pool fills, below no line of the application
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (8, '/usr/lib/python3.8/concurrent/futures/thread.py', 'ThreadPoolExecutor._adjust_thread_count', 1, 'stdlib', 1, x''), (9, '/usr/lib/python3.8/threading.py', 'Thread.start', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (899, 1000, 8, 0, 202, 3, 0), (900, 899, 9, 0, 969, 4, 0);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO usage_10s VALUES (0, NULL, 'lock', 900, NULL, NULL, 0, 0, 0, 20, 0, 20000000, 40000, 400000, 0, 0, 0);
INSERT INTO host_second SELECT i * 1000000000, 1, 0, 0, 0, 20, 5 + 4 * i FROM n WHERE i <= 10;

-- case: hit a pool fills, too, but a line starts three times as many
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (8, '/usr/lib/python3.12/concurrent/futures/thread.py', 'ThreadPoolExecutor._adjust_thread_count', 1, 'stdlib', 1, x''), (9, '/usr/lib/python3.12/threading.py', 'Thread.start', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (899, 16, 8, 0, 202, 3, 16), (900, 899, 9, 0, 969, 4, 16), (901, 17, 9, 0, 969, 3, 17);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO usage_10s VALUES (0, 1, 'lock', 900, NULL, NULL, 0, 0, 22, 22, 0, 20000000, 40000, 400000, 0, 0, 0), (0, 1, 'lock', 901, NULL, NULL, 0, 0, 66, 66, 0, 20000000, 40000, 400000, 0, 0, 0);
INSERT INTO host_second SELECT i * 1000000000, 1, 0, 0, 0, 20, 9 + 10 * i FROM n WHERE i < 10;
-- expect: threads /srv/app.py:17 0.0% - likely
-- says not: at /srv/app.py:16
-- says: of 66 that were started 66 are still there

-- case: miss as many as servers and loops have in pools, and nobody was seen starting them
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO host_second SELECT i * 1000000000, 1, 0, 0, 0, 20, 9 + 8 * i FROM n WHERE i < 10;
-- says: ruled out: 9 threads at the first of 10 looks and 81 at the last; nobody was seen starting them, and servers and loops have pools for 72

-- case: hit one more than these
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO host_second SELECT i * 1000000000, 1, 0, 0, 0, 20, 9 + 8 * i + i / 9 FROM n WHERE i < 10;
-- expect: threads - 0.0% - likely

-- case: miss gunicorn's own threads are room, too
INSERT INTO fact(process_id, key, value) VALUES (1, 'gunicorn.threads', '32');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO host_second SELECT i * 1000000000, 1, 0, 0, 0, 20, 9 + 11 * i FROM n WHERE i < 10;
-- says: servers and loops have pools for 104

-- case: hit its line started half of the few that piled up
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/threading.py', 'Thread.start', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 16, 9, 0, 969, 3, 16);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO usage_10s VALUES (0, 1, 'lock', 900, NULL, NULL, 0, 0, 18, 18, 0, 20000000, 40000, 400000, 0, 0, 0);
INSERT INTO host_second SELECT i * 1000000000, 1, 0, 0, 0, 20, 9 + 4 * i FROM n WHERE i < 10;
-- expect: threads /srv/app.py:16 0.0% - likely
-- says: not thread-per-request: of 18 that were started 18 are still there

-- case: miss its line started just less than half of the few
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/threading.py', 'Thread.start', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 16, 9, 0, 969, 3, 16);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO usage_10s VALUES (0, 1, 'lock', 900, NULL, NULL, 0, 0, 17, 17, 0, 20000000, 40000, 400000, 0, 0, 0);
INSERT INTO host_second SELECT i * 1000000000, 1, 0, 0, 0, 20, 9 + 4 * i FROM n WHERE i < 10;

-- case: miss pools started just half of what piled up
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (8, '/usr/lib/python3.12/concurrent/futures/thread.py', 'ThreadPoolExecutor._adjust_thread_count', 1, 'stdlib', 1, x''), (9, '/usr/lib/python3.12/threading.py', 'Thread.start', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (899, 16, 8, 0, 202, 3, 16), (900, 899, 9, 0, 969, 4, 16);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO usage_10s VALUES (0, 1, 'lock', 900, NULL, NULL, 0, 0, 45, 45, 0, 20000000, 40000, 400000, 0, 0, 0);
INSERT INTO host_second SELECT i * 1000000000, 1, 0, 0, 0, 20, 9 + 10 * i FROM n WHERE i < 10;
-- says: pools started 45, which they do until they are full
