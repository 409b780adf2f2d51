-- case: hit seven threads wait at line 25, the eighth sleeps at line 26 of the same function
INSERT INTO thread SELECT i + 1, 1, i + 10, NULL FROM n WHERE i < 2;
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, lock_ns, sleep_ns) SELECT i + 1, 1, 'request', 1, i * 10000000, 100000000, 1000000, 80000000, 19000000 FROM n;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source) SELECT i * 10000000, 80000000, i + 1, 1, 'lock', 25, 0, 0, 0, 0, 0, 77, 1 FROM n;
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000, 80000000, 'lock', 25, NULL FROM n UNION ALL SELECT 100 - i, 2, i * 100000000, 80000000, 'sleep', 26, NULL FROM n;
-- expect: app.py:25 /srv/app.py:26 80.0% >=0.000ms likely

-- case: hit what holds it is in another function: not named
INSERT INTO thread SELECT i + 1, 1, i + 10, NULL FROM n WHERE i < 2;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (60, '/srv/app.py', 'other', 1, 'app', 1, x'');
INSERT INTO stack(id, parent_id, code_id, instr_offset, line, depth, app_id) VALUES (2000, 1000, 60, 0, 70, 2, 2000);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, lock_ns, sleep_ns) SELECT i + 1, 1, 'request', 1, i * 10000000, 100000000, 1000000, 80000000, 19000000 FROM n;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source) SELECT i * 10000000, 80000000, i + 1, 1, 'lock', 25, 0, 0, 0, 0, 0, 77, 1 FROM n;
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000, 80000000, 'lock', 25, NULL FROM n UNION ALL SELECT 100 - i, 2, i * 100000000, 80000000, 'sleep', 2000, NULL FROM n;
-- expect: app.py:25 /srv/app.py:25 80.0% >=0.000ms likely

-- case: hit two are past that line at a time, so that neither holds it
INSERT INTO thread SELECT i + 1, 1, i + 10, NULL FROM n WHERE i < 3;
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, lock_ns, sleep_ns) SELECT i + 1, 1, 'request', 1, i * 10000000, 100000000, 1000000, 80000000, 19000000 FROM n;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source) SELECT i * 10000000, 80000000, i + 1, 1, 'lock', 25, 0, 0, 0, 0, 0, 77, 1 FROM n;
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000, 80000000, 'lock', 25, NULL FROM n UNION ALL SELECT 100 - i, 2, i * 100000000, 40000000, 'sleep', 26, NULL FROM n UNION ALL SELECT i + 1, 3, i * 100000000 + 10000000, 35000000, 'sleep', 27, NULL FROM n;
-- expect: app.py:25 /srv/app.py:25 80.0% >=0.000ms likely

-- case: near-miss gil-contention: the threads wait for the GIL, which is no lock of the app
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns) SELECT i + 1, 1, 'request', 1, i * 10000000, 100000000, 20000000, 80000000 FROM n;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source) SELECT i * 10000000, 80000000, i + 1, 1, 'gil', 25, 0, 0, 0, 0, 0, 0, 1 FROM n;

-- case: near-miss db-pool-exhausted: they wait in a queue for a connection
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (60, '/usr/lib/python3.12/threading.py', 'Condition.wait', 1, 'stdlib', 1, x'');
INSERT INTO stack(id, parent_id, code_id, instr_offset, line, depth, app_id) VALUES (2000, 25, 60, 0, 355, 3, 25);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, pool_ns) SELECT i + 1, 1, 'request', 1, i * 10000000, 100000000, 20000000, 80000000 FROM n;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source) SELECT i * 10000000, 80000000, i + 1, 1, 'lock', 2000, 0, 0, 0, 0, 0, 77, 1 FROM n;

-- case: miss a lock that is rarely waited for
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, lock_ns) SELECT i + 1, 1, 'request', 1, i * 10000000, 100000000, 98000000, 2000000 FROM n;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source) SELECT i * 10000000, 2000000, i + 1, 1, 'lock', 25, 0, 0, 0, 0, 0, 77, 1 FROM n;
