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

-- case: hit the first request of each process makes what the later ones find
INSERT INTO process(id, pid, parent_pid, start_ns, python, agent_state, units_begun, units_ended) SELECT i + 2, 5000 + i, 4120, i * 1000000, '3.12.1', 'on', 10, 10 FROM n WHERE i < 2;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/random.py', 'choices', 1, 'stdlib', 1, x''), (10, '/site-packages/jinja2/lexer.py', 'scan', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 9, 9, 0, 487, 3, 9), (901, 9, 10, 0, 5, 3, 9);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, flags) SELECT p.i * 100 + q.i + 1, p.i + 2, 1, 'request', 1, p.i * 1000000 + q.i * 50000000 + iif(q.i > 0, 9000000000, 0), iif(q.i = 0, 800000000, 2000000), 1900000, q.i = 0 FROM n p, n q WHERE p.i < 2 AND q.i < 100;
INSERT INTO unit_sample SELECT p.i * 100 + 1, 1, p.i * 1000000 + 2000000 + q.i * 50000000, 800000000 / 10, 'python', iif(q.i % 2, 9, 900), NULL FROM n p, n q WHERE p.i < 2 AND q.i < 10;
-- expect: workers /srv/app.py:9 80.0% >=7.980ms likely
-- says: of that in code of the application: 800 ms each

-- case: miss a framework's own first use
INSERT INTO process(id, pid, parent_pid, start_ns, python, agent_state, units_begun, units_ended) SELECT i + 2, 5000 + i, 4120, i * 1000000, '3.12.1', 'on', 10, 10 FROM n WHERE i < 2;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/random.py', 'choices', 1, 'stdlib', 1, x''), (10, '/site-packages/jinja2/lexer.py', 'scan', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 9, 9, 0, 487, 3, 9), (901, 9, 10, 0, 5, 3, 9);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, flags) SELECT p.i * 100 + q.i + 1, p.i + 2, 1, 'request', 1, p.i * 1000000 + q.i * 50000000 + iif(q.i > 0, 9000000000, 0), iif(q.i = 0, 800000000, 2000000), 1900000, q.i = 0 FROM n p, n q WHERE p.i < 2 AND q.i < 100;
INSERT INTO unit_sample SELECT p.i * 100 + 1, 1, p.i * 1000000 + 2000000 + q.i * 50000000, 800000000 / 10, 'python', 901, NULL FROM n p, n q WHERE p.i < 2 AND q.i < 10;

-- case: miss a first request that takes a small part of all time
INSERT INTO process(id, pid, parent_pid, start_ns, python, agent_state, units_begun, units_ended) SELECT i + 2, 5000 + i, 4120, i * 1000000, '3.12.1', 'on', 10, 10 FROM n WHERE i < 2;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/random.py', 'choices', 1, 'stdlib', 1, x''), (10, '/site-packages/jinja2/lexer.py', 'scan', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 9, 9, 0, 487, 3, 9), (901, 9, 10, 0, 5, 3, 9);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, flags) SELECT p.i * 100 + q.i + 1, p.i + 2, 1, 'request', 1, p.i * 1000000 + q.i * 50000000 + iif(q.i > 0, 9000000000, 0), iif(q.i = 0, 40000000, 2000000), 1900000, q.i = 0 FROM n p, n q WHERE p.i < 2 AND q.i < 100;
INSERT INTO unit_sample SELECT p.i * 100 + 1, 1, p.i * 1000000 + 2000000 + q.i * 50000000, 40000000 / 10, 'python', 9, NULL FROM n p, n q WHERE p.i < 2 AND q.i < 10;

-- case: hit four workers
INSERT INTO process(id, pid, parent_pid, start_ns, end_ns, python, agent_state, units_begun, units_ended) SELECT i + 2, 5000 + i, 4120, i * 1000000000, i * 1000000000 + 990000000, '3.12.1', 'on', 10, 10 FROM n WHERE i < 4;
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, flags) SELECT p.i * 100 + q.i + 1, p.i + 2, 1, 'request', 1, p.i * 1000000000 + q.i * 50000000 + 1000000, iif(q.i = 0, 42000000, 2000000), 1900000, q.i = 0 FROM n p, n q WHERE p.i < 4 AND q.i < 10;
INSERT INTO unit_sample SELECT p.i * 100 + 1, 1, p.i * 1000000000 + 2000000, 40000000, 'python', 9, NULL FROM n p WHERE p.i < 4;
-- expect: workers /srv/app.py:9 60.6% >=3.077ms likely

-- case: miss three workers
INSERT INTO process(id, pid, parent_pid, start_ns, end_ns, python, agent_state, units_begun, units_ended) SELECT i + 2, 5000 + i, 4120, i * 1000000000, i * 1000000000 + 990000000, '3.12.1', 'on', 10, 10 FROM n WHERE i < 3;
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, flags) SELECT p.i * 100 + q.i + 1, p.i + 2, 1, 'request', 1, p.i * 1000000000 + q.i * 50000000 + 1000000, iif(q.i = 0, 42000000, 2000000), 1900000, q.i = 0 FROM n p, n q WHERE p.i < 3 AND q.i < 10;
INSERT INTO unit_sample SELECT p.i * 100 + 1, 1, p.i * 1000000000 + 2000000, 40000000, 'python', 9, NULL FROM n p WHERE p.i < 3;
-- says: ruled out: first requests take 42.0 ms instead of 2.00 ms, 40.0 ms of it in code of the application

-- case: miss six workers that start one after the other on a busy machine, and all end when the server does
INSERT INTO process(id, pid, parent_pid, start_ns, end_ns, python, agent_state, units_begun, units_ended) SELECT i + 2, 5000 + i, 4120, i * 200000000, 4000000000, '3.12.1', 'on', 10, 10 FROM n WHERE i < 6;
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, flags) SELECT p.i * 100 + q.i + 1, p.i + 2, 1, 'request', 1, p.i * 200000000 + q.i * 250000000 + 1000000, iif(q.i = 0, 42000000, 2000000), 1900000, q.i = 0 FROM n p, n q WHERE p.i < 6 AND q.i < 10;

-- case: miss three workers, whose samples place more in code of the application than passed
INSERT INTO process(id, pid, parent_pid, start_ns, end_ns, python, agent_state, units_begun, units_ended) SELECT i + 2, 5000 + i, 4120, i * 1000000000, i * 1000000000 + 990000000, '3.12.1', 'on', 10, 10 FROM n WHERE i < 3;
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, flags) SELECT p.i * 100 + q.i + 1, p.i + 2, 1, 'request', 1, p.i * 1000000000 + q.i * 50000000 + 1000000, iif(q.i = 0, 42000000, 2000000), 1900000, q.i = 0 FROM n p, n q WHERE p.i < 3 AND q.i < 10;
INSERT INTO unit_sample SELECT p.i * 100 + 1, 1, p.i * 1000000000 + 2000000, 50000000, 'python', 9, NULL FROM n p WHERE p.i < 3;
-- says: ruled out: first requests take 42.0 ms instead of 2.00 ms, 42.0 ms of it in code of the application
