-- case: hit four workers reach the server's limit at one line
INSERT INTO fact VALUES (1, 'gunicorn.timeout', '2');
INSERT INTO process(id, pid, parent_pid, start_ns, end_ns, python, agent_state, units_begun, units_ended) SELECT i + 2, 5000 + i, 4120, i * 10000000000, i * 10000000000 + 9500000000, '3.12.1', 'on', 10, 10 FROM n WHERE i < 4;
INSERT INTO process(id, pid, parent_pid, start_ns, python, agent_state, units_begun, units_ended) VALUES (9, 5009, 4120, 40000000000, '3.12.1', 'on', 10, 10);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, status, start_ns, wall_ns, cpu_ns) SELECT i + 1, i % 4 + 2, 1, 'request', 1, 200, i * 500000000, 2000000, 1900000 FROM n;
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns) SELECT i + 1001, i + 2, 1, 'request', 1, i * 10000000000 + 7200000000, 2100000000, 1000000, 2099000000 FROM n WHERE i < 4;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source) SELECT i * 10000000000 + 7200000000, 2099000000, i + 1001, 1, 'recv', 25, 0, 0, 0, 0, 0, 0, 1 FROM n WHERE i < 4;
-- expect: workers /srv/app.py:25 97.7% - proven

-- case: hit killed, and nobody knows why: requests that never ended
INSERT INTO process(id, pid, parent_pid, start_ns, end_ns, python, agent_state, units_begun, units_ended) SELECT i + 2, 5000 + i, 4120, i * 10000000000, i * 10000000000 + 9500000000, '3.12.1', 'on', 10, 9 FROM n WHERE i < 3;
INSERT INTO process(id, pid, parent_pid, start_ns, python, agent_state, units_begun, units_ended) VALUES (9, 5009, 4120, 29800000000, '3.12.1', 'on', 10, 10);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, status, start_ns, wall_ns, cpu_ns) SELECT i + 1, i % 3 + 2, 1, 'request', 1, 200, i * 500000000, 2000000, 1900000 FROM n;
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns) SELECT i + 1001, i + 2, 1, 'request', 1, i * 10000000000 + 9400000000 FROM n WHERE i < 3;
-- expect: workers - 0.0% - proven

-- case: near-miss cold-start: workers that have served their number end between two requests
INSERT INTO process(id, pid, parent_pid, start_ns, end_ns, python, agent_state, units_begun, units_ended) SELECT i + 2, 5000 + i, 4120, i * 1000000000, i * 1000000000 + 990000000, '3.12.1', 'on', 10, 10 FROM n WHERE i < 6;
INSERT INTO unit(id, process_id, thread_id, kind, route_id, status, start_ns, wall_ns, cpu_ns, flags) SELECT p.i * 100 + q.i + 1, p.i + 2, 1, 'request', 1, 200, p.i * 1000000000 + q.i * 90000000 + 1000000, iif(q.i = 0, 42000000, 2000000), 1900000, q.i = 0 FROM n p, n q WHERE p.i < 6 AND q.i < 10;

-- case: miss all end with the server, some in the middle of a request
INSERT INTO process(id, pid, parent_pid, start_ns, end_ns, python, agent_state, units_begun, units_ended) SELECT i + 2, 5000 + i, 4120, 0, 50000000000, '3.12.1', 'on', 10, 9 FROM n WHERE i < 4;
INSERT INTO unit(id, process_id, thread_id, kind, route_id, status, start_ns, wall_ns, cpu_ns) SELECT i + 1, i % 4 + 2, 1, 'request', 1, 200, i * 400000000, 2000000, 1900000 FROM n;
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns) SELECT i + 1001, i + 2, 1, 'request', 1, 49900000000 FROM n WHERE i < 4;
