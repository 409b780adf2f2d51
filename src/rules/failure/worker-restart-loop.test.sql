-- case: hit four workers reach the server's limit at one line
INSERT INTO fact VALUES (1, 'gunicorn.timeout', '2');
INSERT INTO process(id, pid, parent_pid, start_ns, end_ns, python, agent_state, units_begun, units_ended) SELECT i + 2, 5000 + i, 4120, i * 10000000000, i * 10000000000 + 9500000000, '3.12.1', 'on', 10, 10 FROM n WHERE i < 4;
INSERT INTO process(id, pid, parent_pid, start_ns, python, agent_state, units_begun, units_ended) VALUES (9, 5009, 4120, 40000000000, '3.12.1', 'on', 10, 10);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, status, start_ns, wall_ns, cpu_ns) SELECT i + 1, i % 4 + 2, 1, 'request', 1, 200, i * 500000000, 2000000, 1900000 FROM n;
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns) SELECT i + 1001, i + 2, 1, 'request', 1, i * 10000000000 + 7200000000, 2100000000, 1000000, 2099000000 FROM n WHERE i < 4;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source) SELECT i * 10000000000 + 7200000000, 2099000000, i + 1001, 1, 'recv', 25, 0, 0, 0, 0, 0, 0, 1 FROM n WHERE i < 4;
-- expect: workers /srv/app.py:25 97.7% - proven
-- says: 4 workers ended with a request in hand: the server's limit of 2 s was over; each stood at handler().
-- says: route: /
-- says not: want of memory

-- case: hit killed, and nobody knows why: requests that never ended
INSERT INTO process(id, pid, parent_pid, start_ns, end_ns, python, agent_state, units_begun, units_ended) SELECT i + 2, 5000 + i, 4120, i * 10000000000, i * 10000000000 + 9500000000, '3.12.1', 'on', 10, 9 FROM n WHERE i < 3;
INSERT INTO process(id, pid, parent_pid, start_ns, python, agent_state, units_begun, units_ended) VALUES (9, 5009, 4120, 29800000000, '3.12.1', 'on', 10, 10);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, status, start_ns, wall_ns, cpu_ns) SELECT i + 1, i % 3 + 2, 1, 'request', 1, 200, i * 500000000, 2000000, 1900000 FROM n;
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns) SELECT i + 1001, i + 2, 1, 'request', 1, i * 10000000000 + 9400000000 FROM n WHERE i < 3;
-- expect: workers - 0.0% - proven

-- case: near-miss cold-start: workers that have served their number end between two requests
INSERT INTO process(id, pid, parent_pid, start_ns, end_ns, python, agent_state, units_begun, units_ended) SELECT i + 2, 5000 + i, 4120, i * 1000000000, i * 1000000000 + 990000000, '3.12.1', 'on', 10, 10 FROM n WHERE i < 6;
INSERT INTO unit(id, process_id, thread_id, kind, route_id, status, start_ns, wall_ns, cpu_ns, flags) SELECT p.i * 100 + q.i + 1, p.i + 2, 1, 'request', 1, 200, p.i * 1000000000 + q.i * 90000000 + 1000000, iif(q.i = 0, 42000000, 2000000), 1900000, q.i = 0 FROM n p, n q WHERE p.i < 6 AND q.i < 10;
-- says: ruled out: 0 workers ended with a request in hand

-- case: miss all end with the server, some in the middle of a request
INSERT INTO process(id, pid, parent_pid, start_ns, end_ns, python, agent_state, units_begun, units_ended) SELECT i + 2, 5000 + i, 4120, 0, 50000000000, '3.12.1', 'on', 10, 9 FROM n WHERE i < 4;
INSERT INTO unit(id, process_id, thread_id, kind, route_id, status, start_ns, wall_ns, cpu_ns) SELECT i + 1, i % 4 + 2, 1, 'request', 1, 200, i * 400000000, 2000000, 1900000 FROM n;
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns) SELECT i + 1001, i + 2, 1, 'request', 1, 49900000000 FROM n WHERE i < 4;

-- case: hit three of four had lasted nearly as long as the limit, on two routes; three stood at one line
INSERT INTO fact VALUES (1, 'gunicorn.timeout', '2');
INSERT INTO process(id, pid, parent_pid, start_ns, end_ns, python, agent_state, units_begun, units_ended) SELECT i + 2, 5000 + i, 4120, i * 10000000000, i * 10000000000 + 9500000000, '3.12.1', 'on', 10, 10 FROM n WHERE i < 4;
INSERT INTO process(id, pid, parent_pid, start_ns, python, agent_state, units_begun, units_ended) VALUES (9, 5009, 4120, 40000000000, '3.12.1', 'on', 10, 10);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, status, start_ns, wall_ns, cpu_ns) SELECT i + 1, i % 4 + 2, 1, 'request', 1, 200, i * 2000000000, 2000000, 1900000 FROM n;
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns) SELECT i + 1001, i + 2, 1, 'request', 1 + i % 2, (i * 10000 + 9500 - 200 - iif(i, 1850, 500)) * 1000000, iif(i, 1850, 500) * 1000000, 1000000, (iif(i, 1850, 500) - 1) * 1000000 FROM n WHERE i < 4;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source) SELECT i * 10000000000 + 7300000000, 1000000000, i + 1001, 1, 'recv', iif(i, 26, 25), 0, 0, 0, 0, 0, 0, 1 FROM n WHERE i < 4;
-- expect: workers /srv/app.py:26 96.8% - proven
-- says: the server's limit of 2 s was over; 3 of these requests stood at handler().
-- says: at /srv/app.py:26
-- says not: route:

-- case: hit two of four had lasted as long as the limit: it is not that alone
INSERT INTO fact VALUES (1, 'gunicorn.timeout', '2');
INSERT INTO process(id, pid, parent_pid, start_ns, end_ns, python, agent_state, units_begun, units_ended) SELECT i + 2, 5000 + i, 4120, i * 10000000000, i * 10000000000 + 9500000000, '3.12.1', 'on', 10, 10 FROM n WHERE i < 4;
INSERT INTO process(id, pid, parent_pid, start_ns, python, agent_state, units_begun, units_ended) VALUES (9, 5009, 4120, 40000000000, '3.12.1', 'on', 10, 10);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, status, start_ns, wall_ns, cpu_ns) SELECT i + 1, i % 4 + 2, 1, 'request', 1, 200, i * 2000000000, 2000000, 1900000 FROM n;
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns) SELECT i + 1001, i + 2, 1, 'request', 1, (i * 10000 + 9500 - 200 - iif(i % 2, 2100, 500)) * 1000000, iif(i % 2, 2100, 500) * 1000000, 1000000, (iif(i % 2, 2100, 500) - 1) * 1000000 FROM n WHERE i < 4;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source) SELECT i * 10000000000 + 7300000000, 1000000000, i + 1001, 1, 'recv', 25, 0, 0, 0, 0, 0, 0, 1 FROM n WHERE i < 4;
-- expect: workers /srv/app.py:25 96.3% - proven
-- says not: the server's limit of

-- case: hit they had lasted six tenths of the limit
INSERT INTO fact VALUES (1, 'gunicorn.timeout', '2');
INSERT INTO process(id, pid, parent_pid, start_ns, end_ns, python, agent_state, units_begun, units_ended) SELECT i + 2, 5000 + i, 4120, i * 10000000000, i * 10000000000 + 9500000000, '3.12.1', 'on', 10, 10 FROM n WHERE i < 4;
INSERT INTO process(id, pid, parent_pid, start_ns, python, agent_state, units_begun, units_ended) VALUES (9, 5009, 4120, 40000000000, '3.12.1', 'on', 10, 10);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, status, start_ns, wall_ns, cpu_ns) SELECT i + 1, i % 4 + 2, 1, 'request', 1, 200, i * 2000000000, 2000000, 1900000 FROM n;
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns) SELECT i + 1001, i + 2, 1, 'request', 1, (i * 10000 + 9500 - 200 - 1200) * 1000000, 1200 * 1000000, 1000000, (1200 - 1) * 1000000 FROM n WHERE i < 4;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source) SELECT i * 10000000000 + 7300000000, 1000000000, i + 1001, 1, 'recv', 25, 0, 0, 0, 0, 0, 0, 1 FROM n WHERE i < 4;
-- expect: workers /srv/app.py:25 96.0% - proven
-- says not: the server's limit of

-- case: hit the kernel killed for want of memory as three of four ended
INSERT INTO process(id, pid, parent_pid, start_ns, end_ns, python, agent_state, units_begun, units_ended) SELECT i + 2, 5000 + i, 4120, i * 10000000000, i * 10000000000 + 9500000000, '3.12.1', 'on', 10, 10 FROM n WHERE i < 4;
INSERT INTO process(id, pid, parent_pid, start_ns, python, agent_state, units_begun, units_ended) VALUES (9, 5009, 4120, 40000000000, '3.12.1', 'on', 10, 10);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, status, start_ns, wall_ns, cpu_ns) SELECT i + 1, i % 4 + 2, 1, 'request', 1, 200, i * 2000000000, 2000000, 1900000 FROM n;
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns) SELECT i + 1001, i + 2, 1, 'request', 1, (i * 10000 + 9500 - 200 - 2100) * 1000000, 2100 * 1000000, 1000000, (2100 - 1) * 1000000 FROM n WHERE i < 4;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source) SELECT i * 10000000000 + 7300000000, 1000000000, i + 1001, 1, 'recv', 25, 0, 0, 0, 0, 0, 0, 1 FROM n WHERE i < 4;
INSERT INTO cgroup_second(at_ns, process_id, path, oom_kills) SELECT i * 10000000000 + 11500000000, i + 2, '/g', 1 FROM n WHERE i < 2;
INSERT INTO cgroup_second(at_ns, process_id, path, oom_kills) SELECT i * 10000000000 + 7500000000, i + 2, '/g', 1 FROM n WHERE i < 3;
-- expect: workers /srv/app.py:25 97.7% - proven
-- says: ended with a request in hand: the kernel killed them for want of memory; each
-- says: of them when the kernel killed for want of memory: 3

-- case: hit it killed two seconds after three of four ended
INSERT INTO process(id, pid, parent_pid, start_ns, end_ns, python, agent_state, units_begun, units_ended) SELECT i + 2, 5000 + i, 4120, i * 10000000000, i * 10000000000 + 9500000000, '3.12.1', 'on', 10, 10 FROM n WHERE i < 4;
INSERT INTO process(id, pid, parent_pid, start_ns, python, agent_state, units_begun, units_ended) VALUES (9, 5009, 4120, 40000000000, '3.12.1', 'on', 10, 10);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, status, start_ns, wall_ns, cpu_ns) SELECT i + 1, i % 4 + 2, 1, 'request', 1, 200, i * 2000000000, 2000000, 1900000 FROM n;
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns) SELECT i + 1001, i + 2, 1, 'request', 1, (i * 10000 + 9500 - 200 - 2100) * 1000000, 2100 * 1000000, 1000000, (2100 - 1) * 1000000 FROM n WHERE i < 4;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source) SELECT i * 10000000000 + 7300000000, 1000000000, i + 1001, 1, 'recv', 25, 0, 0, 0, 0, 0, 0, 1 FROM n WHERE i < 4;
INSERT INTO cgroup_second(at_ns, process_id, path, oom_kills) SELECT i * 10000000000 + 11500000000, i + 2, '/g', 1 FROM n WHERE i < 3;
-- expect: workers /srv/app.py:25 97.7% - proven
-- says: the kernel killed them for want of memory

-- case: hit it killed two seconds before three of four ended
INSERT INTO process(id, pid, parent_pid, start_ns, end_ns, python, agent_state, units_begun, units_ended) SELECT i + 2, 5000 + i, 4120, i * 10000000000, i * 10000000000 + 9500000000, '3.12.1', 'on', 10, 10 FROM n WHERE i < 4;
INSERT INTO process(id, pid, parent_pid, start_ns, python, agent_state, units_begun, units_ended) VALUES (9, 5009, 4120, 40000000000, '3.12.1', 'on', 10, 10);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, status, start_ns, wall_ns, cpu_ns) SELECT i + 1, i % 4 + 2, 1, 'request', 1, 200, i * 2000000000, 2000000, 1900000 FROM n;
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns) SELECT i + 1001, i + 2, 1, 'request', 1, (i * 10000 + 9500 - 200 - 2100) * 1000000, 2100 * 1000000, 1000000, (2100 - 1) * 1000000 FROM n WHERE i < 4;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source) SELECT i * 10000000000 + 7300000000, 1000000000, i + 1001, 1, 'recv', 25, 0, 0, 0, 0, 0, 0, 1 FROM n WHERE i < 4;
INSERT INTO cgroup_second(at_ns, process_id, path, oom_kills) SELECT i * 10000000000 + 7500000000, i + 2, '/g', 1 FROM n WHERE i < 3;
-- expect: workers /srv/app.py:25 97.7% - proven
-- says: the kernel killed them for want of memory

-- case: hit it killed four seconds after and before they ended: others, then
INSERT INTO process(id, pid, parent_pid, start_ns, end_ns, python, agent_state, units_begun, units_ended) SELECT i + 2, 5000 + i, 4120, i * 10000000000, i * 10000000000 + 9500000000, '3.12.1', 'on', 10, 10 FROM n WHERE i < 4;
INSERT INTO process(id, pid, parent_pid, start_ns, python, agent_state, units_begun, units_ended) VALUES (9, 5009, 4120, 40000000000, '3.12.1', 'on', 10, 10);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, status, start_ns, wall_ns, cpu_ns) SELECT i + 1, i % 4 + 2, 1, 'request', 1, 200, i * 2000000000, 2000000, 1900000 FROM n;
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns) SELECT i + 1001, i + 2, 1, 'request', 1, (i * 10000 + 9500 - 200 - 2100) * 1000000, 2100 * 1000000, 1000000, (2100 - 1) * 1000000 FROM n WHERE i < 4;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source) SELECT i * 10000000000 + 7300000000, 1000000000, i + 1001, 1, 'recv', 25, 0, 0, 0, 0, 0, 0, 1 FROM n WHERE i < 4;
INSERT INTO cgroup_second(at_ns, process_id, path, oom_kills) SELECT i * 10000000000 + 13500000000, i + 2, '/g', 1 FROM n WHERE i < 3;
INSERT INTO cgroup_second(at_ns, process_id, path, oom_kills) SELECT i * 10000000000 + 5500000000, i + 2, '/g', 1 FROM n WHERE i < 4;
-- expect: workers /srv/app.py:25 97.7% - proven
-- says not: want of memory

-- case: hit it killed as two of four ended
INSERT INTO process(id, pid, parent_pid, start_ns, end_ns, python, agent_state, units_begun, units_ended) SELECT i + 2, 5000 + i, 4120, i * 10000000000, i * 10000000000 + 9500000000, '3.12.1', 'on', 10, 10 FROM n WHERE i < 4;
INSERT INTO process(id, pid, parent_pid, start_ns, python, agent_state, units_begun, units_ended) VALUES (9, 5009, 4120, 40000000000, '3.12.1', 'on', 10, 10);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, status, start_ns, wall_ns, cpu_ns) SELECT i + 1, i % 4 + 2, 1, 'request', 1, 200, i * 2000000000, 2000000, 1900000 FROM n;
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns) SELECT i + 1001, i + 2, 1, 'request', 1, (i * 10000 + 9500 - 200 - 2100) * 1000000, 2100 * 1000000, 1000000, (2100 - 1) * 1000000 FROM n WHERE i < 4;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source) SELECT i * 10000000000 + 7300000000, 1000000000, i + 1001, 1, 'recv', 25, 0, 0, 0, 0, 0, 0, 1 FROM n WHERE i < 4;
INSERT INTO cgroup_second(at_ns, process_id, path, oom_kills) SELECT i * 10000000000 + 9500000000, i + 2, '/g', 1 FROM n WHERE i < 2;
-- expect: workers /srv/app.py:25 97.7% - proven
-- says not: the kernel killed them
-- says: of them when the kernel killed for want of memory: 2

-- case: hit they computed, and were sampled
INSERT INTO fact VALUES (1, 'gunicorn.timeout', '2');
INSERT INTO process(id, pid, parent_pid, start_ns, end_ns, python, agent_state, units_begun, units_ended) SELECT i + 2, 5000 + i, 4120, i * 10000000000, i * 10000000000 + 9500000000, '3.12.1', 'on', 10, 10 FROM n WHERE i < 4;
INSERT INTO process(id, pid, parent_pid, start_ns, python, agent_state, units_begun, units_ended) VALUES (9, 5009, 4120, 40000000000, '3.12.1', 'on', 10, 10);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, status, start_ns, wall_ns, cpu_ns) SELECT i + 1, i % 4 + 2, 1, 'request', 1, 200, i * 2000000000, 2000000, 1900000 FROM n;
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns) SELECT i + 1001, i + 2, 1, 'request', 1, (i * 10000 + 9500 - 200 - 2100) * 1000000, 2100 * 1000000, 1000000, (2100 - 1) * 1000000 FROM n WHERE i < 4;
INSERT INTO unit_sample SELECT i + 1001, 1, i * 10000000000 + 8000000000, 5000000, 'python', 31, NULL FROM n WHERE i < 4;
-- expect: workers /srv/app.py:31 97.7% - proven
 -- says: each stood at handler().

-- case: hit the next worker is started eight seconds later
INSERT INTO process(id, pid, parent_pid, start_ns, end_ns, python, agent_state, units_begun, units_ended) SELECT i + 2, 5000 + i, 4120, i * 17500000000, i * 17500000000 + 9500000000, '3.12.1', 'on', 10, 10 FROM n WHERE i < 4;
INSERT INTO process(id, pid, parent_pid, start_ns, python, agent_state, units_begun, units_ended) VALUES (9, 5009, 4120, 70000000000, '3.12.1', 'on', 10, 10);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, status, start_ns, wall_ns, cpu_ns) SELECT i + 1, i % 4 + 2, 1, 'request', 1, 200, i * 2000000000, 2000000, 1900000 FROM n;
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns) SELECT i + 1001, i + 2, 1, 'request', 1, (i * 17500 + 9500 - 200 - 2100) * 1000000, 2100 * 1000000, 1000000, (2100 - 1) * 1000000 FROM n WHERE i < 4;
-- expect: workers - 97.7% - proven

-- case: miss the next worker is started fifteen seconds later
INSERT INTO process(id, pid, parent_pid, start_ns, end_ns, python, agent_state, units_begun, units_ended) SELECT i + 2, 5000 + i, 4120, i * 24500000000, i * 24500000000 + 9500000000, '3.12.1', 'on', 10, 10 FROM n WHERE i < 4;
INSERT INTO process(id, pid, parent_pid, start_ns, python, agent_state, units_begun, units_ended) VALUES (9, 5009, 4120, 98000000000, '3.12.1', 'on', 10, 10);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, status, start_ns, wall_ns, cpu_ns) SELECT i + 1, i % 4 + 2, 1, 'request', 1, 200, i * 2000000000, 2000000, 1900000 FROM n;
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns) SELECT i + 1001, i + 2, 1, 'request', 1, (i * 24500 + 9500 - 200 - 2100) * 1000000, 2100 * 1000000, 1000000, (2100 - 1) * 1000000 FROM n WHERE i < 4;

-- case: hit the next worker was started a second and a half before
INSERT INTO process(id, pid, parent_pid, start_ns, end_ns, python, agent_state, units_begun, units_ended) SELECT i + 2, 5000 + i, 4120, i * 8000000000, i * 8000000000 + 9500000000, '3.12.1', 'on', 10, 10 FROM n WHERE i < 4;
INSERT INTO process(id, pid, parent_pid, start_ns, python, agent_state, units_begun, units_ended) VALUES (9, 5009, 4120, 32000000000, '3.12.1', 'on', 10, 10);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, status, start_ns, wall_ns, cpu_ns) SELECT i + 1, i % 4 + 2, 1, 'request', 1, 200, i * 2000000000, 2000000, 1900000 FROM n;
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns) SELECT i + 1001, i + 2, 1, 'request', 1, (i * 8000 + 9500 - 200 - 2100) * 1000000, 2100 * 1000000, 1000000, (2100 - 1) * 1000000 FROM n WHERE i < 4;
-- expect: workers - 97.7% - proven

-- case: miss the next worker was started three seconds before, by each of two servers
INSERT INTO process(id, pid, parent_pid, start_ns, end_ns, python, agent_state, units_begun, units_ended) SELECT i + 2, 5000 + i, 4120 + i, 0, 9500000000, '3.12.1', 'on', 10, 10 FROM n WHERE i < 2;
INSERT INTO process(id, pid, parent_pid, start_ns, python, agent_state, units_begun, units_ended) SELECT i + 12, 5010 + i, 4120 + i, 6500000000, '3.12.1', 'on', 10, 10 FROM n WHERE i < 2;
INSERT INTO unit(id, process_id, thread_id, kind, route_id, status, start_ns, wall_ns, cpu_ns) SELECT i + 1, i % 2 + 12, 1, 'request', 1, 200, i * 2000000000, 2000000, 1900000 FROM n;
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns) SELECT i + 1001, i + 2, 1, 'request', 1, 7200000000, 2100000000, 1000000, 2099000000 FROM n WHERE i < 2;

-- case: hit requests that were broken off a second before the end
INSERT INTO process(id, pid, parent_pid, start_ns, end_ns, python, agent_state, units_begun, units_ended) SELECT i + 2, 5000 + i, 4120, i * 10000000000, i * 10000000000 + 9500000000, '3.12.1', 'on', 10, 10 FROM n WHERE i < 4;
INSERT INTO process(id, pid, parent_pid, start_ns, python, agent_state, units_begun, units_ended) VALUES (9, 5009, 4120, 40000000000, '3.12.1', 'on', 10, 10);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, status, start_ns, wall_ns, cpu_ns) SELECT i + 1, i % 4 + 2, 1, 'request', 1, 200, i * 2000000000, 2000000, 1900000 FROM n;
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns) SELECT i + 1001, i + 2, 1, 'request', 1, (i * 10000 + 9500 - 1000 - 2100) * 1000000, 2100 * 1000000, 1000000, (2100 - 1) * 1000000 FROM n WHERE i < 4;
-- expect: workers - 97.7% - proven

-- case: miss requests that ended two seconds before, and had no status
INSERT INTO process(id, pid, parent_pid, start_ns, end_ns, python, agent_state, units_begun, units_ended) SELECT i + 2, 5000 + i, 4120, i * 10000000000, i * 10000000000 + 9500000000, '3.12.1', 'on', 10, 10 FROM n WHERE i < 4;
INSERT INTO process(id, pid, parent_pid, start_ns, python, agent_state, units_begun, units_ended) VALUES (9, 5009, 4120, 40000000000, '3.12.1', 'on', 10, 10);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, status, start_ns, wall_ns, cpu_ns) SELECT i + 1, i % 4 + 2, 1, 'request', 1, 200, i * 2000000000, 2000000, 1900000 FROM n;
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns) SELECT i + 1001, i + 2, 1, 'request', 1, (i * 10000 + 9500 - 2000 - 2100) * 1000000, 2100 * 1000000, 1000000, (2100 - 1) * 1000000 FROM n WHERE i < 4;

-- case: miss one worker
INSERT INTO process(id, pid, parent_pid, start_ns, end_ns, python, agent_state, units_begun, units_ended) SELECT i + 2, 5000 + i, 4120, i * 10000000000, i * 10000000000 + 9500000000, '3.12.1', 'on', 10, 10 FROM n WHERE i < 4;
INSERT INTO process(id, pid, parent_pid, start_ns, python, agent_state, units_begun, units_ended) VALUES (9, 5009, 4120, 40000000000, '3.12.1', 'on', 10, 10);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, status, start_ns, wall_ns, cpu_ns) SELECT i + 1, i % 4 + 2, 1, 'request', 1, 200, i * 2000000000, 2000000, 1900000 FROM n;
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns) SELECT i + 1001, i + 2, 1, 'request', 1, (i * 10000 + 9500 - 200 - 2100) * 1000000, 2100 * 1000000, 1000000, (2100 - 1) * 1000000 FROM n WHERE i < 4 AND i = 2;
-- says: ruled out: 1 worker ended with a request in hand
