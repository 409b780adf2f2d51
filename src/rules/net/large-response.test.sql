-- case: hit responses of 3 MiB
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, bytes_out) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 6000000, 4000000, 3145728 FROM n WHERE i < 20;
INSERT INTO usage_10s VALUES (0, 1, 'send', 1000, 'client', NULL, 0, 0, 20, 40, 0, 80000000, 8000000, 4000000, 62914560, 0, 0);
-- expect: / - 40.0% >=3.200ms likely
-- says: not slow-client-holds-worker: it went out at 750 MiB a second

-- case: hit a function that joins the bytes of the response, 0.6 ns each: its time is the response's
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, bytes_out) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 6000000, 4000000, 3145728 FROM n WHERE i < 20;
INSERT INTO usage_10s VALUES (0, 1, 'send', 1000, 'client', NULL, 0, 0, 20, 40, 0, 80000000, 8000000, 4000000, 62914560, 0, 0);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 10, 0, 40000000, 40000000, 0), (0, 1, 1, 1, 1, 1000, 'python', NULL, NULL, 1, 20, 0, 80000000, 80000000, 0);
-- expect: / /srv/app.py:12 60.0% >=4.800ms likely

-- case: hit a function that computes for its response, 6 ns a byte: that is no work of the bytes
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, bytes_out) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 6000000, 4000000, 314572 FROM n WHERE i < 20;
INSERT INTO usage_10s VALUES (0, 1, 'send', 1000, 'client', NULL, 0, 0, 20, 40, 0, 80000000, 8000000, 4000000, 6291456, 0, 0);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 10, 0, 40000000, 40000000, 0), (0, 1, 1, 1, 1, 1000, 'python', NULL, NULL, 1, 20, 0, 80000000, 80000000, 0);
-- expect: / /srv/app.py:12 40.0% >=3.200ms likely

-- case: near-miss slow-client-holds-worker: a client that is slow to send; what it gets is small
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, bytes_out) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 80000000, 2000000, 76000000, 300 FROM n WHERE i < 20;
INSERT INTO usage_10s VALUES (0, 1, 'recv', 1000, 'client', NULL, 0, 0, 20, 80, 0, 1520000000, 1600000, 19000000, 8000, 0, 0), (0, 1, 'send', 1000, 'client', NULL, 0, 0, 20, 20, 0, 2000000, 2000000, 100000, 6000, 0, 0);

-- case: miss responses of 20 KiB, for which preemption makes sending look slow
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, bytes_out) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 1000000, 600000, 300000, 20480 FROM n WHERE i < 20;
INSERT INTO usage_10s VALUES (0, 1, 'send', 1000, 'client', NULL, 0, 0, 20, 20, 0, 6000000, 500000, 600000, 409600, 0, 0);

-- case: miss one large file among small answers of the route
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, bytes_out) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 6000000, 4000000, iif(i = 0, 9145728, 900) FROM n WHERE i < 20;
INSERT INTO usage_10s VALUES (0, 1, 'send', 1000, 'client', NULL, 0, 0, 20, 40, 0, 80000000, 8000000, 60000000, 9162828, 0, 0);
-- says: ruled out: a response has 900 bytes in the middle

-- case: miss responses of 100 KiB
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, bytes_out) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 1000000, 600000, 300000, 102400 FROM n WHERE i < 20;
INSERT INTO usage_10s VALUES (0, 1, 'send', 1000, 'client', NULL, 0, 0, 20, 20, 0, 6000000, 500000, 600000, 409600, 0, 0);
