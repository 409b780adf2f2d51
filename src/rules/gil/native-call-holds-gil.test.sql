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

-- case: hit waits of five intervals, three of which a sample lasts; the machine has some work besides
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 50000000, 2000000, 25000000, 10000000 FROM n WHERE i < 100;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source) SELECT i * 100000000 + 0000000, 25000000, i + 1, 1, 'gil', 12, 0, 0, 0, 0, 0, 0, 1 FROM n WHERE i >= 0;
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 0000000, 16000000, 'gil', 12, 50 FROM n WHERE i >= 0;
-- expect: app.py:50 /srv/app.py:50 50.0% 25.000ms likely
-- says: not too-many-workers: waiting for a CPU is

-- case: hit waiting for a CPU is seven tenths of waiting for the GIL
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 60000000, 2000000, 25000000, 18000000 FROM n WHERE i < 100;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source) SELECT i * 100000000 + 0000000, 25000000, i + 1, 1, 'gil', 12, 0, 0, 0, 0, 0, 0, 1 FROM n WHERE i >= 0;
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 0000000, 16000000, 'gil', 12, 50 FROM n WHERE i >= 0;
-- expect: app.py:50 /srv/app.py:50 41.7% 25.000ms likely
-- says not: not too-many-workers

-- case: miss three intervals of 10 ms
INSERT INTO fact VALUES (1, 'python.switch_interval', '0.01');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 50000000, 2000000, 30000000, 0000000 FROM n WHERE i < 100;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source) SELECT i * 100000000 + 0000000, 30000000, i + 1, 1, 'gil', 12, 0, 0, 0, 0, 0, 0, 1 FROM n WHERE i >= 0;
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 0000000, 30000000, 'gil', 12, 50 FROM n WHERE i >= 0;

-- case: hit half of the waits are short, and so are some samples of the line
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 50000000, 2000000, 28000000, 0000000 FROM n WHERE i < 100;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source) SELECT i * 100000000 + 0000000, 40000000, i + 1, 1, 'gil', 12, 0, 0, 0, 0, 0, 0, 1 FROM n WHERE i % 2;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source) SELECT i * 100000000 + 0000000, 15000000, i + 1, 1, 'gil', 12, 0, 0, 0, 0, 0, 0, 1 FROM n WHERE i % 2 = 0;
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 0000000, 35000000, 'gil', 12, 50 FROM n WHERE i % 2;
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 0000000, 10000000, 'gil', 12, 50 FROM n WHERE i % 2 = 0;
-- expect: app.py:50 /srv/app.py:50 31.1% 15.556ms likely
-- says: waits for the GIL of four switch intervals or more: 50
-- says: sampled waits in which this line held it all along: 50

-- case: hit four waits in four requests
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 50000000, 2000000, 40000000, 0000000 FROM n WHERE i < 4;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source) SELECT i * 100000000 + 0000000, 40000000, i + 1, 1, 'gil', 12, 0, 0, 0, 0, 0, 0, 1 FROM n WHERE i < 4;
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 0000000, 35000000, 'gil', 12, 50 FROM n WHERE i < 4;
-- expect: app.py:50 /srv/app.py:50 80.0% 40.000ms likely

-- case: miss two long waits, seen in three samples
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 50000000, 2000000, 8000000, 0000000 FROM n WHERE i < 10;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source) SELECT i * 100000000 + 0000000, 40000000, i + 1, 1, 'gil', 12, 0, 0, 0, 0, 0, 0, 1 FROM n WHERE i < 2;
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 0000000, 16000000, 'gil', 12, 50 FROM n WHERE i < 2;
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 20000000, 16000000, 'gil', 12, 50 FROM n WHERE i < 1;
-- says: ruled out: waits for the GIL of four switch intervals or more are 16.0 % of the time

-- case: miss three long waits, two of them seen
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 50000000, 2000000, 12000000, 0000000 FROM n WHERE i < 10;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source) SELECT i * 100000000 + 0000000, 40000000, i + 1, 1, 'gil', 12, 0, 0, 0, 0, 0, 0, 1 FROM n WHERE i < 3;
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 0000000, 35000000, 'gil', 12, 50 FROM n WHERE i < 2;

-- case: hit six tenths of the waiting are long waits
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 90000000, 2000000, 66000000, 0000000 FROM n WHERE i < 100;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source) SELECT i * 100000000 + 0000000, 40000000, i + 1, 1, 'gil', 12, 0, 0, 0, 0, 0, 0, 1 FROM n WHERE i >= 0;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source) SELECT i * 100000000 + 45000000, 13000000, i + 1, 1, 'gil', 12, 0, 0, 0, 0, 0, 0, 1 FROM n WHERE i >= 0;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source) SELECT i * 100000000 + 60000000, 13000000, i + 1, 1, 'gil', 12, 0, 0, 0, 0, 0, 0, 1 FROM n WHERE i >= 0;
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 0000000, 35000000, 'gil', 12, 50 FROM n WHERE i >= 0;
-- expect: app.py:50 /srv/app.py:50 44.4% 40.000ms likely

-- case: miss two fifths of the waiting are long waits
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 90000000, 2000000, 60000000, 0000000 FROM n WHERE i < 100;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source) SELECT i * 100000000 + 0000000, 24000000, i + 1, 1, 'gil', 12, 0, 0, 0, 0, 0, 0, 1 FROM n WHERE i >= 0;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source) SELECT i * 100000000 + 30000000, 18000000, i + 1, 1, 'gil', 12, 0, 0, 0, 0, 0, 0, 1 FROM n WHERE i >= 0;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source) SELECT i * 100000000 + 50000000, 18000000, i + 1, 1, 'gil', 12, 0, 0, 0, 0, 0, 0, 1 FROM n WHERE i >= 0;
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 0000000, 20000000, 'gil', 12, 50 FROM n WHERE i >= 0;

-- case: hit it holds it in two fifths of the samples, others in the rest
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 50000000, 2000000, 40000000, 0000000 FROM n WHERE i < 100;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source) SELECT i * 100000000 + 0000000, 40000000, i + 1, 1, 'gil', 12, 0, 0, 0, 0, 0, 0, 1 FROM n WHERE i >= 0;
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 0000000, 35000000, 'gil', 12, 50 FROM n WHERE i % 5 < 2;
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 0000000, 35000000, 'gil', 12, 60 + i % 30 FROM n WHERE i % 5 >= 2;
-- expect: app.py:50 /srv/app.py:50 32.0% 16.000ms likely

-- case: miss five lines hold it in turn
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 50000000, 2000000, 40000000, 0000000 FROM n WHERE i < 100;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source) SELECT i * 100000000 + 0000000, 40000000, i + 1, 1, 'gil', 12, 0, 0, 0, 0, 0, 0, 1 FROM n WHERE i >= 0;
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 0000000, 35000000, 'gil', 12, 50 + i % 5 FROM n WHERE i >= 0;

-- case: hit a fourteenth of the time
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 560000000, 2000000, 40000000, 0000000 FROM n WHERE i < 100;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source) SELECT i * 100000000 + 0000000, 40000000, i + 1, 1, 'gil', 12, 0, 0, 0, 0, 0, 0, 1 FROM n WHERE i >= 0;
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 0000000, 35000000, 'gil', 12, 50 FROM n WHERE i >= 0;
-- expect: app.py:50 /srv/app.py:50 7.1% 40.000ms likely

-- case: miss a twenty-fifth of the time, the holder waits for a CPU for a fifth of its own
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 1000000000, 2000000, 40000000, 0000000 FROM n WHERE i < 100;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source) SELECT i * 100000000 + 0000000, 40000000, i + 1, 1, 'gil', 12, 0, 0, 0, 0, 0, 0, 1 FROM n WHERE i >= 0;
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 0000000, 35000000, 'gil', 12, 50 FROM n WHERE i >= 0;
INSERT INTO sample_10s VALUES (0, 1, 2, 1, 1, 50, 'python', NULL, NULL, 1, 100, 0, 500000000, 400000000, 100000000);
-- says not: but the holder waits

-- case: hit the holder waits for a CPU for a fifth of its time
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 50000000, 2000000, 40000000, 0000000 FROM n WHERE i < 100;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source) SELECT i * 100000000 + 0000000, 40000000, i + 1, 1, 'gil', 12, 0, 0, 0, 0, 0, 0, 1 FROM n WHERE i >= 0;
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 0000000, 35000000, 'gil', 12, 50 FROM n WHERE i >= 0;
INSERT INTO sample_10s VALUES (0, 1, 2, 1, 1, 50, 'python', NULL, NULL, 1, 100, 0, 500000000, 400000000, 100000000);
-- expect: app.py:50 /srv/app.py:50 80.0% 40.000ms likely

-- case: near-miss too-many-workers: the holder waits for a CPU for two fifths of its time
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 50000000, 2000000, 40000000, 0000000 FROM n WHERE i < 100;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source) SELECT i * 100000000 + 0000000, 40000000, i + 1, 1, 'gil', 12, 0, 0, 0, 0, 0, 0, 1 FROM n WHERE i >= 0;
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 0000000, 35000000, 'gil', 12, 50 FROM n WHERE i >= 0;
INSERT INTO sample_10s VALUES (0, 1, 2, 1, 1, 50, 'python', NULL, NULL, 1, 100, 0, 500000000, 300000000, 200000000);
-- says: but the holder waits for a CPU for 40 % of its time
