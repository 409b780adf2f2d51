-- case: hit five workers take over from one another, and the first request of each is slow
INSERT INTO process(id, pid, parent_pid, start_ns, end_ns, python, agent_state, units_begun, units_ended) SELECT i + 2, 5000 + i, 4120, i * 1000000000, i * 1000000000 + 990000000, '3.12.1', 'on', 10, 10 FROM n WHERE i < 6;
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, flags) SELECT p.i * 100 + q.i + 1, p.i + 2, 1, 'request', 1, p.i * 1000000000 + q.i * 50000000 + 1000000, iif(q.i = 0, 42000000, 2000000), 1900000, q.i = 0 FROM n p, n q WHERE p.i < 6 AND q.i < 10;
INSERT INTO unit_sample SELECT p.i * 100 + 1, 1, p.i * 1000000000 + 2000000, 40000000, 'python', 9, NULL FROM n p WHERE p.i < 6;
-- expect: workers /srv/app.py:9 62.9% >=3.390ms likely

-- case: near-miss gc-pause: slow ones in the middle of a process's life
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, gc_ns, flags) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, iif(i % 10 = 5, 42000000, 2000000), iif(i % 10 = 5, 41000000, 1900000), iif(i % 10 = 5, 40000000, 0), i = 0 FROM n WHERE i < 60;

-- case: miss a start-up, once: four workers that begin together
INSERT INTO process(id, pid, parent_pid, start_ns, python, agent_state, units_begun, units_ended) SELECT i + 2, 5000 + i, 4120, i * 1000000, '3.12.1', 'on', 10, 10 FROM n WHERE i < 4;
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, flags) SELECT p.i * 100 + q.i + 1, p.i + 2, 1, 'request', 1, p.i * 1000000 + q.i * 50000000 + 9000000, iif(q.i = 0, 42000000, 2000000), 1900000, q.i = 0 FROM n p, n q WHERE p.i < 4 AND q.i < 10;

-- case: miss workers that take over, ready when they do
INSERT INTO process(id, pid, parent_pid, start_ns, end_ns, python, agent_state, units_begun, units_ended) SELECT i + 2, 5000 + i, 4120, i * 1000000000, i * 1000000000 + 990000000, '3.12.1', 'on', 10, 10 FROM n WHERE i < 6;
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, flags) SELECT p.i * 100 + q.i + 1, p.i + 2, 1, 'request', 1, p.i * 1000000000 + q.i * 50000000 + 1000000, 2000000, 1900000, q.i = 0 FROM n p, n q WHERE p.i < 6 AND q.i < 10;
