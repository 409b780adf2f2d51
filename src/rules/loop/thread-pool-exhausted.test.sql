-- case: hit two threads, each taken by a request that was there before it was free
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, net_ns) SELECT i + 1, 1, 1, 'request', 1, i * 30000000, 100000000, 1000000, 1000000, 99000000, 0, 59000000 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 30000000 + 40000000, 59000000, i + 1, 2 + i % 2, 'poll', 7, NULL, NULL, 0, 1000, 0, 128, 0, 0, 1 FROM n WHERE i < 40;
-- expect: pool /srv/app.py:7 38.0% 36.100ms proven
-- says: route: /

-- case: hit a line of the application hands them over, to an executor of two threads
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, net_ns) SELECT i + 1, 1, 1, 'request', 1, i * 30000000, 100000000, 1000000, 1000000, 99000000, 0, 59000000 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 30000000 + 40000000, 59000000, i + 1, 2 + i % 2, 'poll', 7, NULL, NULL, 0, 1000, 0, 128, 0, 0, 1 FROM n WHERE i < 40;
INSERT INTO text VALUES (900, 'thread.hop');
INSERT INTO usage_10s VALUES (0, 1, 'span', 20, NULL, 900, 0, 0, 40, 40, 0, 2360000000, 0, 59000000, 0, 0, 1560000000), (0, 1, 'span', 21, NULL, 900, 0, 0, 40, 40, 0, 4000000, 0, 100000, 0, 0, 40000000);
-- expect: pool /srv/app.py:20 38.0% 36.100ms proven
-- says: at /srv/app.py:7
-- says: ThreadPoolExecutor(max_workers=N) where it is made

-- case: hit a library hands most of them over
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, net_ns) SELECT i + 1, 1, 1, 'request', 1, i * 30000000, 100000000, 1000000, 1000000, 99000000, 0, 59000000 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 30000000 + 40000000, 59000000, i + 1, 2 + i % 2, 'poll', 7, NULL, NULL, 0, 1000, 0, 128, 0, 0, 1 FROM n WHERE i < 40;
INSERT INTO text VALUES (900, 'thread.hop');
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3/site-packages/starlette/concurrency.py', 'run_in_threadpool', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 0, 9, 0, 39, 1, 0);
INSERT INTO usage_10s VALUES (0, 1, 'span', 900, NULL, 900, 0, 0, 40, 40, 0, 2360000000, 0, 59000000, 0, 0, 1560000000), (0, 1, 'span', 21, NULL, 900, 0, 0, 40, 40, 0, 4000000, 0, 100000, 0, 0, 40000000);
-- expect: pool /srv/app.py:7 38.0% 36.100ms proven
-- says not: where it is made

-- case: near-miss db-pool-exhausted: the threads are free, a connection is waited for in them
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, pool_ns) SELECT i + 1, 1, 1, 'request', 1, i * 30000000, 100000000, 1000000, 1000000, 99000000, 0, 98000000 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 30000000 + 500000, 98000000, i + 1, 2 + i % 8, 'lock', 107, NULL, NULL, 0, 1000, 0, 128, 0, 0, 1 FROM n WHERE i < 40;

-- case: near-miss db-pool-exhausted: no thread is free, as those there are wait for connections
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, pool_ns) SELECT i + 1, 1, 1, 'request', 1, i * 30000000, 100000000, 1000000, 1000000, 99000000, 0, 55000000 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 30000000 + 40000000, 59000000, i + 1, 2 + i % 2, 'lock', 107, NULL, NULL, 0, 1000, 0, 128, 0, 0, 1 FROM n WHERE i < 40;
-- says: ruled out: 38 of 40 requests whose work is in threads waited for one, but these threads wait for connections of a pool

-- case: near-miss blocking-call-in-event-loop: work waits for the loop, and its thread was free all along
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, net_ns) SELECT i + 1, 1, 1, 'request', 1, i * 130000000, 100000000, 1000000, 1000000, 99000000, 39000000, 59000000 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 130000000 + 40000000, 59000000, i + 1, 2 + i % 2, 'poll', 7, NULL, NULL, 0, 1000, 0, 128, 0, 0, 1 FROM n WHERE i < 40;

-- case: miss a pool with threads to spare
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, net_ns) SELECT i + 1, 1, 1, 'request', 1, i * 30000000, 60000000, 1000000, 1000000, 59000000, 0, 59000000 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 30000000 + 600000, 59000000, i + 1, 2 + i % 8, 'poll', 7, NULL, NULL, 0, 1000, 0, 128, 0, 0, 1 FROM n WHERE i < 40;

-- case: hit six requests, five of which wait for a thread
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, net_ns) SELECT i + 1, 1, 1, 'request', 1, i * 30000000, 100000000, 1000000, 1000000, 99000000, 0, 59000000 FROM n WHERE i < 6;
INSERT INTO event SELECT i * 30000000 + 40000000, 59000000, i + 1, 2 + i % 2, 'poll', 7, NULL, NULL, 0, 1000, 0, 128, 0, 0, 1 FROM n WHERE i < 6;
-- expect: pool /srv/app.py:7 26.7% 25.333ms proven

-- case: miss a fifth of forty requests had to wait
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, net_ns) SELECT i + 1, 1, 1, 'request', 1, i * 30000000, 100000000, 1000000, 1000000, 99000000, 0, 59000000 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 30000000 + iif(i % 10 < 2, 240000000, 40000000), 59000000, i + 1, iif(i % 10 < 2, 2 + i % 2, 10 + i), 'poll', 7, NULL, NULL, 0, 1000, 0, 128, 0, 0, 1 FROM n WHERE i < 40;

-- case: miss four requests, two of which wait for a thread
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, net_ns) SELECT i + 1, 1, 1, 'request', 1, i * 30000000, 100000000, 1000000, 1000000, 99000000, 0, 59000000 FROM n WHERE i < 4;
INSERT INTO event SELECT i * 30000000 + 40000000, 59000000, i + 1, 2 + i % 2, 'poll', 7, NULL, NULL, 0, 1000, 0, 128, 0, 0, 1 FROM n WHERE i < 4;
-- says: ruled out: 2 of 4 requests whose work is in threads waited for one

-- case: hit the pool takes a fifteenth of the waits
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, net_ns, pool_ns) SELECT i + 1, 1, 1, 'request', 1, i * 30000000, 100000000, 1000000, 1000000, 99000000, 0, 56000000, 2500000 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 30000000 + 40000000, 59000000, i + 1, 2 + i % 2, 'poll', 7, NULL, NULL, 0, 1000, 0, 128, 0, 0, 1 FROM n WHERE i < 40;
-- expect: pool /srv/app.py:7 38.0% 36.100ms proven

-- case: hit the pool takes a seventh of the waits
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, net_ns, pool_ns) SELECT i + 1, 1, 1, 'request', 1, i * 30000000, 100000000, 1000000, 1000000, 99000000, 0, 53000000, 5500000 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 30000000 + 40000000, 59000000, i + 1, 2 + i % 2, 'poll', 7, NULL, NULL, 0, 1000, 0, 128, 0, 0, 1 FROM n WHERE i < 40;
-- expect: pool /srv/app.py:7 38.0% 36.100ms likely

-- case: hit waits for connections are a third of what the threads do
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, pool_ns) SELECT i + 1, 1, 1, 'request', 1, i * 30000000, 100000000, 1000000, 1000000, 99000000, 0, 20000000 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 30000000 + 40000000, 59000000, i + 1, 2 + i % 2, 'lock', 107, NULL, NULL, 0, 1000, 0, 128, 0, 0, 1 FROM n WHERE i < 40;
-- expect: pool /srv/app.py:7 38.0% 36.100ms likely
