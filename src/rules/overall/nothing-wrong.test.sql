-- case: hit requests that spend their time in Python and a pooled database
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, db_cpu_ns) SELECT i + 1, 1, 'request', 1, i * 10000000, 1000000, 700000, 290000, 0 FROM n;
-- expect: all - 0.0% - possible

-- case: miss units that never ended are no basis
INSERT INTO unit(id, process_id, kind, start_ns) SELECT i + 1, 1, 'request', i * 10000000 FROM n;

-- case: hit most of the time is sleep: no cause, but not proven healthy
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, sleep_ns) SELECT i + 1, 1, 'request', 1, i * 10000000, 1000000, 390000, 610000 FROM n;
-- expect: all - 0.0% - possible
-- says: No known cause was found; 61 % of a request is sleep.

-- case: hit one call at one line owns most of the time: it is named
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, sleep_ns) SELECT i + 1, 1, 'request', 1, i * 10000000, 1000000, 50000, 950000 FROM n;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source) SELECT i * 10000000, 950000, i + 1, 1, 'sleep', 25, 0, 0, 0, 0, 0, 0, 1 FROM n;
-- expect: all /srv/app.py:25 95.0% - possible
-- says: No known cause was found; 95 % of a request is sleep at app.py:25 handler().

-- case: hit one statement owns 40 %
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 1, i * 10000000, 1000000, 600000, 400000, 1 FROM n;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 100, 100);
INSERT INTO statement SELECT i * 10000000, 400000, i + 1, 1, i + 2, 4, 7, 0, 1, 0, 80, 30, 0 FROM n;
-- expect: all /srv/app.py:30 40.0% - possible
-- says: because: 100 requests
-- says: `unslow show sql` has statements

-- case: hit 45 % of the CPU is below one line, in a library: no cause, but the line is known
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 10000000, 1000000, 900000 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 130, 'python', NULL, NULL, 1, 45, 0, 225000000, 225000000, 0), (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 22, 0, 110000000, 110000000, 0),
  (0, 1, 1, 1, 1, 1000, 'python', NULL, NULL, 1, 23, 0, 115000000, 115000000, 0);
-- expect: all /srv/app.py:30 45.0% - possible

-- case: hit a child process owns most of the time: its line is named
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, lock_ns) SELECT i + 1, 1, 'request', 1, i * 10000000, 1000000, 50000, 950000 FROM n;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source) SELECT i * 10000000, 950000, i + 1, 1, 'spawn', 25, 0, 0, 0, 0, 0, 0, 1 FROM n;
-- expect: all /srv/app.py:25 95.0% - possible
-- says: No known cause was found; 95 % of a request is waiting for a child process at app.py:25 handler().

-- case: hit uvloop: a task that requests await computes, which is not in their time
INSERT INTO fact(process_id, key, value) VALUES (1, 'agent.loop', 'uvloop: of its callbacks only steps of units are visible; units and calls that wait are');
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 1, 'request', 1, i * 10000000, 5000000, 200000, 200000, 4800000, 100000, 3 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 130, 'python', NULL, NULL, 1, 80, 0, 400000000, 300000000, 0);
-- expect: all /srv/app.py:30 60.0% - possible
-- says: No known cause was found; 60 % of a request is Python at app.py:30 handler().

-- case: hit uvloop: what such tasks do has no one line
INSERT INTO fact(process_id, key, value) VALUES (1, 'agent.loop', 'uvloop: of its callbacks only steps of units are visible; units and calls that wait are');
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 1, 'request', 1, i * 10000000, 5000000, 200000, 200000, 4800000, 100000, 3 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 1000, 'python', NULL, NULL, 1, 80, 0, 400000000, 200000000, 0);
-- expect: all - 0.0% - possible
-- says: No known cause was found; a request is 60 % awaiting, 40 % Python.

-- case: hit two functions of the application share the CPU: the line that calls both is named
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 10000000, 1000000, 450000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/score.py', 'related.<locals>.<listcomp>', 1, 'app', 1, x''), (10, '/srv/score.py', 'near', 1, 'app', 1, x''), (11, '/srv/score.py', 'same', 1, 'app', 1, x'');
INSERT INTO stack VALUES (900, 15, 9, 0, 15, 4, 900), (901, 900, 10, 0, 6, 5, 901), (902, 900, 11, 0, 11, 5, 902), (903, 15, 11, 0, 12, 4, 903);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 22, 0, 110000000, 110000000, 0), (0, 1, 1, 1, 1, 902, 'python', NULL, NULL, 1, 18, 0, 90000000, 90000000, 0), (0, 1, 1, 1, 1, 903, 'python', NULL, NULL, 1, 10, 0, 50000000, 50000000, 0);
-- expect: all /srv/score.py:15 36.0% - possible
-- says: No known cause was found; 36 % of a request is Python below score.py:15 related().

-- case: hit six of ten samples pass a line: the one above it, that all of them pass, is named
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 10000000, 1000000, 450000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/score.py', 'related', 1, 'app', 1, x''), (10, '/srv/score.py', 'near', 1, 'app', 1, x''), (11, '/srv/score.py', 'same', 1, 'app', 1, x'');
INSERT INTO stack VALUES (900, 15, 9, 0, 15, 4, 900), (901, 900, 10, 0, 6, 5, 901), (902, 900, 11, 0, 11, 5, 902), (903, 15, 11, 0, 12, 4, 903);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 16, 0, 80000000, 80000000, 0), (0, 1, 1, 1, 1, 902, 'python', NULL, NULL, 1, 14, 0, 70000000, 70000000, 0), (0, 1, 1, 1, 1, 903, 'python', NULL, NULL, 1, 20, 0, 100000000, 100000000, 0);
-- expect: all /srv/app.py:15 45.0% - possible
-- says: Python below app.py:15
-- says not: score.py

-- case: hit nineteen samples are too few to name such a line
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 10000000, 1000000, 450000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/score.py', 'related', 1, 'app', 1, x''), (10, '/srv/score.py', 'near', 1, 'app', 1, x''), (11, '/srv/score.py', 'same', 1, 'app', 1, x'');
INSERT INTO stack VALUES (900, 15, 9, 0, 15, 4, 900), (901, 900, 10, 0, 6, 5, 901), (902, 900, 11, 0, 11, 5, 902);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 10, 0, 50000000, 50000000, 0), (0, 1, 1, 1, 1, 902, 'python', NULL, NULL, 1, 9, 0, 45000000, 45000000, 0);
-- expect: all - 0.0% - possible
