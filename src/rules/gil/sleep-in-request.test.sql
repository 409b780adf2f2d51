-- case: hit a handler sleeps until something is done
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, sleep_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 42000000, 1000000, 40000000 FROM n;
INSERT INTO event SELECT i * 100000000 + 500000 + k.column1 * 20500000, 20000000, i + 1, 1, 'sleep', 25, NULL, NULL, 0, 0, 0, 0, 0, 0, 1 FROM n, (VALUES (0), (1)) k;
-- expect: app.py:25 /srv/app.py:25 95.2% - proven
-- says: A request sleeps 40.0 ms, 20.0 ms at a time, and its thread serves nobody else meanwhile.
-- says: route: /
-- says: sleeps: 2 in each of 100 requests
-- says: not no-timeout-retry-storm: 0 % of these requests have a call that failed

-- case: near-miss blocking-call-in-event-loop: it sleeps in a callback of the loop
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, sleep_ns, flags) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 42000000, 1000000, 41000000, 0, 0, 40000000, 8 FROM n;
INSERT INTO event SELECT i * 100000000 + 500000, 40000000, i + 1, 1, 'sleep', 25, NULL, NULL, 0, 0, 0, 64, 0, 0, 1 FROM n;

-- case: near-miss no-timeout-retry-storm: a pause between attempts that fail
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, sleep_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 42000000, 1000000, 40000000 FROM n;
INSERT INTO event SELECT i * 100000000 + 500000, 40000000, i + 1, 1, 'sleep', 25, NULL, NULL, 0, 0, 0, 0, 0, 0, 1 FROM n;
INSERT INTO event SELECT i * 100000000 + 100000, 300000, i + 1, 1, 'connect', 26, NULL, NULL, 0, 0, -111, 32, 0, 0, 1 FROM n;
-- says: ruled out: app.py:25 sleeps in requests that have a call that failed

-- case: miss the pace of an answer that is streamed
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, sleep_ns, flags) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 42000000, 1000000, 40000000, 2 FROM n;
INSERT INTO event SELECT i * 100000000 + 500000, 40000000, i + 1, 1, 'sleep', 25, NULL, NULL, 0, 0, 0, 0, 0, 0, 1 FROM n;
-- says: ruled out: app.py:25 sleeps between parts of a streamed answer

-- case: miss a job that sleeps serves nobody
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, sleep_ns) SELECT i + 1, 1, 1, 'job', 1, i * 100000000, 42000000, 1000000, 40000000 FROM n;
INSERT INTO event SELECT i * 100000000 + 500000, 40000000, i + 1, 1, 'sleep', 25, NULL, NULL, 0, 0, 0, 0, 0, 0, 1 FROM n;

-- case: hit a pause before each answer
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, sleep_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 4900000, 5000000 FROM n;
INSERT INTO event SELECT i * 100000000 + 500000, 5000000, i + 1, 1, 'sleep', 25, NULL, NULL, 0, 0, 0, 0, 0, 0, 1 FROM n;
-- expect: app.py:25 /srv/app.py:25 50.0% - proven
-- says: A request sleeps 5.00 ms, and its thread

-- case: hit four in ten of its requests have a call that failed: the others sleep as well
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, sleep_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 42000000, 1000000, 40000000 FROM n;
INSERT INTO event SELECT i * 100000000 + 500000, 40000000, i + 1, 1, 'sleep', 25, NULL, NULL, 0, 0, 0, 0, 0, 0, 1 FROM n;
INSERT INTO event SELECT i * 100000000 + 100000, 300000, i + 1, 1, 'connect', 26, NULL, NULL, 0, 0, -111, 32, 0, 0, 1 FROM n WHERE i % 10 < 4;
-- expect: app.py:25 /srv/app.py:25 95.2% - proven

-- case: near-miss no-timeout-retry-storm: six in ten of its requests have a call that failed
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, sleep_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 42000000, 1000000, 40000000 FROM n;
INSERT INTO event SELECT i * 100000000 + 500000, 40000000, i + 1, 1, 'sleep', 25, NULL, NULL, 0, 0, 0, 0, 0, 0, 1 FROM n;
INSERT INTO event SELECT i * 100000000 + 100000, 300000, i + 1, 1, 'connect', 26, NULL, NULL, 0, 0, -111, 32, 0, 0, 1 FROM n WHERE i % 10 < 6;
-- says: ruled out: app.py:25 sleeps in requests that have a call that failed

-- case: hit four in ten of its requests are streamed, the others answer after the pause
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, sleep_ns, flags) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 42000000, 1000000, 40000000, iif(i % 10 < 4, 2, 0) FROM n;
INSERT INTO event SELECT i * 100000000 + 500000, 40000000, i + 1, 1, 'sleep', 25, NULL, NULL, 0, 0, 0, 0, 0, 0, 1 FROM n;
-- expect: app.py:25 /srv/app.py:25 95.2% - proven

-- case: miss six in ten of its requests are streamed
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, sleep_ns, flags) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 42000000, 1000000, 40000000, iif(i % 10 < 6, 2, 0) FROM n;
INSERT INTO event SELECT i * 100000000 + 500000, 40000000, i + 1, 1, 'sleep', 25, NULL, NULL, 0, 0, 0, 0, 0, 0, 1 FROM n;
-- says: ruled out: app.py:25 sleeps between parts of a streamed answer

-- case: miss a third of its requests are streamed, and all have a call that failed
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, sleep_ns, flags) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 42000000, 1000000, 40000000, iif(i % 10 < 3, 2, 0) FROM n;
INSERT INTO event SELECT i * 100000000 + 500000, 40000000, i + 1, 1, 'sleep', 25, NULL, NULL, 0, 0, 0, 0, 0, 0, 1 FROM n;
INSERT INTO event SELECT i * 100000000 + 100000, 300000, i + 1, 1, 'connect', 26, NULL, NULL, 0, 0, -111, 32, 0, 0, 1 FROM n;
-- says: ruled out: app.py:25 sleeps in requests that have a call that failed
