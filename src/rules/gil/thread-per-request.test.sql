-- case: hit two threads are started for each request
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/threading.py', 'Thread.start', 1, 'stdlib', 1, x''), (10, '/usr/lib/python3.12/threading.py', 'Condition.wait', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 7, 9, 0, 969, 3, 7), (901, 900, 10, 0, 327, 4, 7);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, lock_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 8000000, 2000000 FROM n WHERE i < 20;
INSERT INTO event SELECT u.i * 100000000 + q.i * 2000000 + 1000000, 400000, u.i + 1, 1, 'lock', 901, NULL, NULL, 0, 1000, 0, 128, 0, 100 * u.i + q.i, 1 FROM n u, n q WHERE u.i < 20 AND q.i < 2;
INSERT INTO usage_10s VALUES (0, 1, 'lock', 901, NULL, NULL, 0, 0, 20, 40, 0, 16000000, 40000, 400000, 0, 0, 0);
-- expect: app.py:7 /srv/app.py:7 8.0% >=0.800ms proven
-- says: 2.0 threads are started for each request.
-- says: route: /

-- case: near-miss lock-contention: the same wait, for another thread's answer
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/concurrent/futures/_base.py', 'Future.result', 1, 'stdlib', 1, x''), (10, '/usr/lib/python3.12/threading.py', 'Condition.wait', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 7, 9, 0, 451, 3, 7), (901, 900, 10, 0, 327, 4, 7);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, lock_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 8000000, 2000000 FROM n WHERE i < 20;
INSERT INTO event SELECT u.i * 100000000 + q.i * 2000000 + 1000000, 400000, u.i + 1, 1, 'lock', 901, NULL, NULL, 0, 1000, 0, 128, 0, 100 * u.i + q.i, 1 FROM n u, n q WHERE u.i < 20 AND q.i < 2;
INSERT INTO usage_10s VALUES (0, 1, 'lock', 901, NULL, NULL, 0, 0, 20, 40, 0, 16000000, 40000, 400000, 0, 0, 0);

-- case: miss a pool that starts its threads in the first requests, and keeps them
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/threading.py', 'Thread.start', 1, 'stdlib', 1, x''), (10, '/usr/lib/python3.12/threading.py', 'Condition.wait', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 7, 9, 0, 969, 3, 7), (901, 900, 10, 0, 327, 4, 7);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, lock_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 8000000, 2000000 FROM n WHERE i < 20;
INSERT INTO event SELECT i * 100000000 + 1000000, 2000000, i + 1, 1, 'lock', 901, NULL, NULL, 0, 1000, 0, 128, 0, 100 + i, 1 FROM n WHERE i < 8;
INSERT INTO usage_10s VALUES (0, 1, 'lock', 901, NULL, NULL, 0, 0, 8, 8, 0, 16000000, 40000, 2000000, 0, 0, 0);

-- case: hit one thread is started for each request
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/threading.py', 'Thread.start', 1, 'stdlib', 1, x''), (10, '/usr/lib/python3.12/threading.py', 'Condition.wait', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 7, 9, 0, 969, 3, 7), (901, 900, 10, 0, 327, 4, 7);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, lock_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 8000000, 2000000 FROM n WHERE i < 40;
INSERT INTO event SELECT u.i * 100000000 + q.i * 2000000 + 1000000, 400000, u.i + 1, 1, 'lock', 901, NULL, NULL, 0, 1000, 0, 128, 0, 100 * u.i + q.i, 1 FROM n u, n q WHERE u.i < 20 AND q.i < 2;
INSERT INTO usage_10s VALUES (0, 1, 'lock', 901, NULL, NULL, 0, 0, 20, 40, 0, 16000000, 40000, 400000, 0, 0, 0);
-- expect: app.py:7 /srv/app.py:7 4.0% >=0.400ms proven
-- says: 1 thread is started for each request.

-- case: near-miss thread-leak: they are started for each request, and none ends
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/threading.py', 'Thread.start', 1, 'stdlib', 1, x''), (10, '/usr/lib/python3.12/threading.py', 'Condition.wait', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 7, 9, 0, 969, 3, 7), (901, 900, 10, 0, 327, 4, 7);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, lock_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 8000000, 2000000 FROM n WHERE i < 20;
INSERT INTO event SELECT u.i * 100000000 + q.i * 2000000 + 1000000, 400000, u.i + 1, 1, 'lock', 901, NULL, NULL, 0, 1000, 0, 128, 0, 100 * u.i + q.i, 1 FROM n u, n q WHERE u.i < 20 AND q.i < 2;
INSERT INTO usage_10s VALUES (0, 1, 'lock', 901, NULL, NULL, 0, 0, 20, 40, 0, 16000000, 40000, 400000, 0, 0, 0);
INSERT INTO host_second SELECT i * 200000000, 1, 0, 0, 0, 20, 9 + 4 * i FROM n WHERE i < 10;
-- says: and do not end
