-- case: hit a sort of a large list in another thread: waits of 40 ms
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 50000000, 2000000, 40000000 FROM n;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source) SELECT i * 100000000, 40000000, i + 1, 1, 'gil', 12, 0, 0, 0, 0, 0, 0, 1 FROM n;
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000, 35000000, 'gil', 12, 50 FROM n;
-- expect: app.py:50 /srv/app.py:50 80.0% 40.000ms likely

-- case: near-miss gil-contention: Python gives it away after each interval
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 50000000, 2000000, 40000000 FROM n;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source) SELECT i * 100000000 + k.value * 6000000, 5000000, i + 1, 1, 'gil', 12, 0, 0, 0, 0, 0, 0, 1 FROM n, json_each('[0,1,2,3,4,5,6,7]') k;
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + k.value * 6000000, 5000000, 'gil', 12, 50 + k.value % 2 FROM n, json_each('[0,1,2,3,4,5,6,7]') k;

-- case: near-miss gil-contention: long waits in a row of many that want it, each holder for a moment
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 50000000, 2000000, 40000000 FROM n;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source) SELECT i * 100000000, 40000000, i + 1, 1, 'gil', 12, 0, 0, 0, 0, 0, 0, 1 FROM n;
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + k.value * 6000000, 5000000, 'gil', 12, 50 + k.value FROM n, json_each('[0,1,2,3,4,5,6,7]') k;

-- case: near-miss cpu-quota-throttling: a limit stops who holds it
INSERT INTO meta VALUES ('cpus', 4);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 50000000, 2000000, 30000000, 10000000 FROM n;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source) SELECT i * 100000000, 30000000, i + 1, 1, 'gil', 12, 0, 0, 0, 0, 0, 0, 1 FROM n;
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000, 25000000, 'gil', 12, 50 FROM n;
INSERT INTO host_second SELECT i * 1000000000, 1, 100000000, 800000000, 0, 20, 1 FROM n WHERE i BETWEEN 1 AND 10;
INSERT INTO cgroup_second(at_ns, process_id, path, quota_ns, period_ns, periods, throttled_periods, throttled_ns) SELECT i * 1000000000, 1, '/g', 10000000, 100000000, 10, 9, 800000000 FROM n WHERE i BETWEEN 1 AND 10;

-- case: near-miss too-many-workers: who holds it was preempted
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 50000000, 2000000, 30000000, 10000000 FROM n;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source) SELECT i * 100000000, 30000000, i + 1, 1, 'gil', 12, 0, 0, 0, 0, 0, 0, 1 FROM n;
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000, 25000000, 'gil', 12, 50 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 2, 1, 1, 50, 'python', NULL, NULL, 1, 60, 0, 300000000, 300000000, 50000000), (0, 1, 2, 1, 1, 50, 'holding', NULL, NULL, 1, 100, 0, 500000000, 0, 480000000);

-- case: near-miss too-many-workers: they can run, and wait for a CPU
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 50000000, 2000000, 1000000, 45000000 FROM n;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source) SELECT i * 100000000, 1000000, i + 1, 1, 'gil', 12, 0, 0, 0, 0, 0, 0, 1 FROM n;
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000, 5000000, 'gil', 12, 50 FROM n WHERE i < 20;

-- case: miss one long wait in a minute
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 50000000, 45000000, iif(i = 50, 40000000, 0) FROM n;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source) VALUES (5000000000, 40000000, 51, 1, 'gil', 12, 0, 0, 0, 0, 0, 0, 1);
INSERT INTO unit_sample VALUES (51, 1, 5000000000, 35000000, 'gil', 12, 50);
