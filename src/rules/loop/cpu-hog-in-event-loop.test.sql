-- case: hit a coroutine computes for 30 ms, three others wait each time
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 'request', 1, i * 120000000, 130000000, 30000000, 30000000, 100000000, 95000000, 3 FROM n WHERE i < 40;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source)
  SELECT i * 120000000, 30000000, NULL, 1, 'callback', NULL, 0, NULL, 0, 64, 4, 29000000, 1 FROM n WHERE i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 25, 'python', NULL, NULL, 1, 180, 0, 900000000, 900000000, 0), (0, 1, 1, 1, 1, 126, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0),
  (0, 1, 1, NULL, 0, 1000, 'python', NULL, NULL, 1, 20, 0, 100000000, 100000000, 0), (0, 1, 1, NULL, 0, 1000, 'call', NULL, NULL, 1, 700, 0, 3500000000, 0, 0);
-- expect: app.py:handler /srv/app.py:25 88.1% >=87.083ms likely

-- case: hit two thirds of it in a generator expression, a frame of its own: one function, one finding
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 'request', 1, i * 120000000, 130000000, 30000000, 30000000, 100000000, 95000000, 3 FROM n WHERE i < 40;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source)
  SELECT i * 120000000, 30000000, NULL, 1, 'callback', NULL, 0, NULL, 0, 64, 4, 29000000, 1 FROM n WHERE i < 40;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/app.py', 'handler.<locals>.<listcomp>.<locals>.<genexpr>', 25, 'app', 1, x'');
INSERT INTO stack VALUES (900, 25, 9, 0, 25, 3, 900);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 25, 'python', NULL, NULL, 1, 60, 0, 300000000, 300000000, 0), (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 120, 0, 600000000, 600000000, 0), (0, 1, 1, 1, 1, 126, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0),
  (0, 1, 1, NULL, 0, 1000, 'python', NULL, NULL, 1, 20, 0, 100000000, 100000000, 0), (0, 1, 1, NULL, 0, 1000, 'call', NULL, NULL, 1, 700, 0, 3500000000, 0, 0);
-- expect: app.py:handler /srv/app.py:25 88.1% >=87.083ms likely

-- case: hit of what it computes three quarters are a template's, compiled anew: that is claimed as such
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 'request', 1, i * 120000000, 130000000, 30000000, 30000000, 100000000, 95000000, 3 FROM n WHERE i < 40;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source)
  SELECT i * 120000000, 30000000, NULL, 1, 'callback', NULL, 0, NULL, 0, 64, 4, 29000000, 1 FROM n WHERE i < 40;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/jinja2/environment.py', 'compile', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 25, 9, 0, 66, 3, 25);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 135, 0, 675000000, 675000000, 0), (0, 1, 1, 1, 1, 25, 'python', NULL, NULL, 1, 45, 0, 225000000, 225000000, 0), (0, 1, 1, 1, 1, 126, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0),
  (0, 1, 1, NULL, 0, 1000, 'python', NULL, NULL, 1, 20, 0, 100000000, 100000000, 0), (0, 1, 1, NULL, 0, 1000, 'call', NULL, NULL, 1, 700, 0, 3500000000, 0, 0);
-- expect: app.py:handler /srv/app.py:25 88.1% >=87.083ms likely
-- says: claims work:/srv/app.py:25:template: 652.500 ms
-- says: claims python:/srv/app.py:handler: 410.833 ms

-- case: hit a task beside the requests computes; a middleware's frame has as many samples, in requests' short steps
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 'request', 1, i * 120000000, 130000000, 30000000, 30000000, 100000000, 95000000, 3 FROM n WHERE i < 40;
INSERT INTO text VALUES (60, 'digest'), (61, 'handler');
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/jobs.py', 'digest', 20, 'app', 1, x''), (10, '/usr/lib/python3.12/asyncio/events.py', 'Handle._run', 80, 'stdlib', 1, x'');
INSERT INTO stack VALUES (899, 0, 10, 0, 84, 1, 0), (900, 899, 9, 0, 20, 2, 900);
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source, subject_id)
  SELECT i * 120000000, 30000000, NULL, 1, 'callback', NULL, 0, NULL, 0, 64, 4, 29000000, 1, 60 FROM n WHERE i < 40
  UNION ALL SELECT i * 120000000 + 40000000, iif(i = 7, 31000000, 900000), NULL, 1, 'callback', NULL, 0, NULL, 0, 64, 4, iif(i = 7, 30000000, 900000), 1, 61 FROM n WHERE i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, NULL, 0, 900, 'python', NULL, NULL, 1, 180, 0, 900000000, 900000000, 0), (0, 1, 1, 1, 1, 25, 'python', NULL, NULL, 1, 190, 0, 950000000, 950000000, 0);
-- expect: jobs.py:digest /srv/jobs.py:20 73.2% >=71.851ms likely
-- says: callbacks of 10 ms and more: 40

-- case: miss the computing function's samples are below another task, whose callbacks are short
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 'request', 1, i * 120000000, 130000000, 30000000, 30000000, 100000000, 95000000, 3 FROM n WHERE i < 40;
INSERT INTO text VALUES (60, 'digest'), (61, 'handler');
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/jobs.py', 'digest', 20, 'app', 1, x'');
INSERT INTO stack VALUES (900, 0, 9, 0, 20, 1, 900);
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source, subject_id)
  SELECT i * 120000000, iif(i < 2, 30000000, 900000), NULL, 1, 'callback', NULL, 0, NULL, 0, 64, 4, iif(i < 2, 29000000, 900000), 1, 61 FROM n WHERE i < 40
  UNION ALL SELECT i * 120000000 + 50000000, 900000, NULL, 1, 'callback', NULL, 0, NULL, 0, 64, 4, 900000, 1, 60 FROM n WHERE i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, NULL, 0, 900, 'python', NULL, NULL, 1, 180, 0, 900000000, 900000000, 0), (0, 1, 1, 1, 1, 25, 'python', NULL, NULL, 1, 190, 0, 950000000, 950000000, 0);
-- says: ruled out: no more than 2 callbacks of one task computed for 10 ms or more

-- case: near-miss blocking-call-in-event-loop: the callbacks are as long, but wait
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps, sleep_ns)
  SELECT i + 1, 1, 'request', 1, i * 120000000, 130000000, 1000000, 30000000, 100000000, 95000000, 3, 29000000 FROM n WHERE i < 40;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source)
  SELECT i * 120000000, 30000000, NULL, 1, 'callback', NULL, 0, NULL, 0, 64, 4, 1000000, 1 FROM n WHERE i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 25, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0), (0, 1, 1, 1, 1, 25, 'sleep', NULL, NULL, 1, 200, 0, 1000000000, 0, 0);

-- case: miss many short callbacks: the loop is busy, and nobody hogs it
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 'request', 1, i * 120000000, 130000000, 30000000, 30000000, 100000000, 95000000, 30 FROM n WHERE i < 40;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source)
  SELECT i * 120000000, 1000000, NULL, 1, 'callback', NULL, 0, NULL, 0, 64, 4, 990000, 1 FROM n WHERE i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 25, 'python', NULL, NULL, 1, 240, 0, 1200000000, 1200000000, 0);

-- case: miss the computing is done in a thread beside the loop
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 'request', 1, i * 120000000, 130000000, 1000000, 1000000, 129000000, 1000000, 3 FROM n WHERE i < 40;
INSERT INTO sample_10s VALUES (0, 1, 2, 1, 1, 25, 'python', NULL, NULL, 1, 240, 0, 1200000000, 1200000000, 0);

-- case: hit a script's only run: one callback computes, and waited for a CPU for most of it
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) VALUES (1, 1, 'run', 1, 0, 3000000000, 400000000);
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source)
  VALUES (2000000000, 900000000, NULL, 1, 'callback', NULL, 0, NULL, 0, 64, 0, 300000000, 1);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 25, 'python', NULL, NULL, 1, 180, 0, 900000000, 300000000, 590000000);
-- expect: app.py:handler /srv/app.py:25 30.0% >=0.000ms likely
-- says: not blocking-call-in-event-loop: 99 % of the time of those callbacks is CPU

-- case: hit a client that is made for each request: line 24 loads certificates in native code, line 25 awaits
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (50, '/usr/lib/python3.12/ssl.py', 'create_default_context', 1, 'stdlib', 1, x'');
INSERT INTO stack(id, parent_id, code_id, instr_offset, line, depth, app_id) VALUES (2000, 24, 50, 0, 770, 3, 24);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 'request', 1, i * 120000000, 130000000, 30000000, 30000000, 100000000, 95000000, 3 FROM n WHERE i < 40;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source)
  SELECT i * 120000000, 30000000, NULL, 1, 'callback', NULL, 0, NULL, 0, 64, 1, 29000000, 1 FROM n WHERE i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 2000, 'native', NULL, NULL, 1, 180, 0, 900000000, 900000000, 0), (0, 1, 1, 1, 1, 25, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0),
  (0, 1, 1, NULL, 0, 1000, 'call', NULL, NULL, 1, 700, 0, 3500000000, 0, 0);
-- expect: app.py:handler /srv/app.py:24 91.2% >=112.586ms likely
-- says: not seen: clients that wait in the listen backlog while the loop is held

-- case: hit the same on a busy machine: most of its time it reads the file and waits for a CPU, which all goes
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (50, '/usr/lib/python3.12/ssl.py', 'create_default_context', 1, 'stdlib', 1, x'');
INSERT INTO stack(id, parent_id, code_id, instr_offset, line, depth, app_id) VALUES (2000, 24, 50, 0, 770, 3, 24);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 'request', 1, i * 120000000, 130000000, 30000000, 30000000, 100000000, 1000000, 3 FROM n WHERE i < 40;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source)
  SELECT i * 120000000, 30000000, NULL, 1, 'callback', NULL, 0, NULL, 0, 64, 1, 14000000, 1 FROM n WHERE i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 2000, 'native', NULL, NULL, 1, 90, 0, 450000000, 400000000, 20000000), (0, 1, 1, 1, 1, 2000, 'call', NULL, NULL, 1, 70, 0, 350000000, 100000000, 20000000),
  (0, 1, 1, 1, 1, 2000, 'runqueue', NULL, NULL, 1, 60, 0, 300000000, 10000000, 290000000), (0, 1, 1, 1, 1, 25, 'python', NULL, NULL, 1, 10, 0, 50000000, 50000000, 0);
-- expect: app.py:handler /srv/app.py:24 22.6% >=28.075ms likely
-- says: saving: 27.077 to 29.325 ms
-- says not: not blocking-call-in-event-loop: 73 % of the time of those callbacks is CPU

-- case: miss a server imports its app on the loop, before there are requests
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) VALUES (900, 1, 'run', 1, 0, 900000000, 800000000);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 'request', 1, 1000000000 + i * 120000000, 3000000, 2000000, 2000000, 1000000, 1000000, 3 FROM n WHERE i < 40;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source)
  SELECT i * 100000000, 90000000, NULL, 1, 'callback', NULL, 0, NULL, 0, 64, 1, 80000000, 1 FROM n WHERE i < 3;
INSERT INTO sample_10s VALUES (0, 1, 1, NULL, 0, 25, 'python', NULL, NULL, 1, 54, 0, 270000000, 240000000, 0), (0, 1, 1, 1, 1, 26, 'python', NULL, NULL, 1, 16, 0, 80000000, 80000000, 0);

-- case: miss callbacks of 3 ms of CPU that took longer, as neighbours had the CPU
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 'request', 1, i * 120000000, 15000000, 3000000, 12000000, 3000000, 1000000, 3 FROM n WHERE i < 40;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source)
  SELECT i * 120000000, 12000000, NULL, 1, 'callback', NULL, 0, NULL, 0, 64, 1, 3000000, 1 FROM n WHERE i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 25, 'python', NULL, NULL, 1, 96, 0, 480000000, 120000000, 360000000);

-- case: miss a first request that loads what the others use
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps, flags)
  SELECT i + 1, 1, 'request', 1, i * 400000000, iif(i < 3, 300000000, 3000000), iif(i < 3, 290000000, 2000000), 2000000, 1000000, 1000000, 3, i < 3 FROM n WHERE i < 40;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source)
  SELECT i * 400000000 + 1000000, 290000000, NULL, 1, 'callback', NULL, 0, NULL, 0, 64, 1, 280000000, 1 FROM n WHERE i < 3;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 2, 25, 'python', NULL, NULL, 1, 170, 0, 850000000, 840000000, 0), (0, 1, 1, 1, 1, 26, 'python', NULL, NULL, 1, 16, 0, 80000000, 80000000, 0);
-- says: ruled out: 3 callbacks of an event loop took 10 ms or more, each at the start, in a first request, or hardly of CPU

-- case: miss what takes long in its callbacks is the garbage collector
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps, gc_ns)
  SELECT i + 1, 1, 'request', 1, i * 120000000, 30000000, 29000000, 29000000, 1000000, 500000, 3, 27000000 FROM n WHERE i < 40;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source)
  SELECT i * 120000000, 29000000, NULL, 1, 'callback', NULL, 0, NULL, 0, 64, 1, 28000000, 1 FROM n WHERE i < 40
  UNION ALL SELECT i * 120000000 + 1000000, 27000000, i + 1, 1, 'gc', 25, 0, 27000000, 0, 64, 2, 0, 1 FROM n WHERE i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 25, 'python', NULL, NULL, 1, 220, 0, 1100000000, 1100000000, 0);

-- case: hit thirty samples of it
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 'request', 1, i * 120000000, 130000000, 30000000, 30000000, 100000000, 95000000, 3 FROM n WHERE i < 40;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source)
  SELECT i * 120000000, 30000000, NULL, 1, 'callback', NULL, 0, NULL, 0, 64, 4, 29000000, 1 FROM n WHERE i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 25, 'python', NULL, NULL, 1, 25, 0, 125000000, 125000000, 0), (0, 1, 1, 1, 1, 126, 'python', NULL, NULL, 1, 5, 0, 25000000, 25000000, 0),
  (0, 1, 1, NULL, 0, 1000, 'python', NULL, NULL, 1, 3, 0, 15000000, 15000000, 0), (0, 1, 1, NULL, 0, 1000, 'call', NULL, NULL, 1, 700, 0, 3500000000, 0, 0);
-- expect: app.py:handler /srv/app.py:25 12.4% >=12.284ms likely

-- case: miss fourteen samples of it are too few
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 'request', 1, i * 120000000, 130000000, 30000000, 30000000, 100000000, 95000000, 3 FROM n WHERE i < 40;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source)
  SELECT i * 120000000, 30000000, NULL, 1, 'callback', NULL, 0, NULL, 0, 64, 4, 29000000, 1 FROM n WHERE i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 25, 'python', NULL, NULL, 1, 12, 0, 60000000, 60000000, 0), (0, 1, 1, 1, 1, 126, 'python', NULL, NULL, 1, 2, 0, 10000000, 10000000, 0),
  (0, 1, 1, NULL, 0, 1000, 'python', NULL, NULL, 1, 2, 0, 10000000, 10000000, 0), (0, 1, 1, NULL, 0, 1000, 'call', NULL, NULL, 1, 700, 0, 3500000000, 0, 0);

-- case: hit a quarter of the loop's CPU is its own
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 'request', 1, i * 120000000, 130000000, 30000000, 30000000, 100000000, 95000000, 3 FROM n WHERE i < 40;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source)
  SELECT i * 120000000, 30000000, NULL, 1, 'callback', NULL, 0, NULL, 0, 64, 4, 29000000, 1 FROM n WHERE i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 25, 'python', NULL, NULL, 1, 180, 0, 900000000, 900000000, 0), (0, 1, 1, 1, 1, 126, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0),
  (0, 1, 1, NULL, 0, 1000, 'python', NULL, NULL, 1, 600, 0, 3000000000, 3000000000, 0), (0, 1, 1, NULL, 0, 1000, 'call', NULL, NULL, 1, 700, 0, 3500000000, 0, 0);
-- expect: app.py:handler /srv/app.py:25 40.8% >=25.488ms likely

-- case: miss an eighth of the loop's CPU is its own
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 'request', 1, i * 120000000, 130000000, 30000000, 30000000, 100000000, 95000000, 3 FROM n WHERE i < 40;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source)
  SELECT i * 120000000, 30000000, NULL, 1, 'callback', NULL, 0, NULL, 0, 64, 4, 29000000, 1 FROM n WHERE i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 25, 'python', NULL, NULL, 1, 180, 0, 900000000, 900000000, 0), (0, 1, 1, 1, 1, 126, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0),
  (0, 1, 1, NULL, 0, 1000, 'python', NULL, NULL, 1, 1500, 0, 7500000000, 7500000000, 0), (0, 1, 1, NULL, 0, 1000, 'call', NULL, NULL, 1, 700, 0, 3500000000, 0, 0);
-- says: ruled out: 40 callbacks took 10 ms or more, but no function of the application computes a fifth of that (the most, handler(): 220 of 1720 samples)

-- case: hit five such callbacks
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 'request', 1, i * 120000000, 130000000, 30000000, 30000000, 100000000, 95000000, 3 FROM n WHERE i < 40;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source)
  SELECT i * 120000000, 30000000, NULL, 1, 'callback', NULL, 0, NULL, 0, 64, 4, 29000000, 1 FROM n WHERE i < 5;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 25, 'python', NULL, NULL, 1, 180, 0, 900000000, 900000000, 0), (0, 1, 1, 1, 1, 126, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0),
  (0, 1, 1, NULL, 0, 1000, 'python', NULL, NULL, 1, 20, 0, 100000000, 100000000, 0), (0, 1, 1, NULL, 0, 1000, 'call', NULL, NULL, 1, 700, 0, 3500000000, 0, 0);
-- expect: app.py:handler /srv/app.py:25 69.9% >=87.083ms likely

-- case: miss two such callbacks
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 'request', 1, i * 120000000, 130000000, 30000000, 30000000, 100000000, 95000000, 3 FROM n WHERE i < 40;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source)
  SELECT i * 120000000, 30000000, NULL, 1, 'callback', NULL, 0, NULL, 0, 64, 4, 29000000, 1 FROM n WHERE i < 2;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 25, 'python', NULL, NULL, 1, 180, 0, 900000000, 900000000, 0), (0, 1, 1, 1, 1, 126, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0),
  (0, 1, 1, NULL, 0, 1000, 'python', NULL, NULL, 1, 20, 0, 100000000, 100000000, 0), (0, 1, 1, NULL, 0, 1000, 'call', NULL, NULL, 1, 700, 0, 3500000000, 0, 0);
-- says: ruled out: no more than 2 callbacks of one task computed for 10 ms or more

-- case: hit three fifths of them are CPU
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 'request', 1, i * 120000000, 130000000, 30000000, 30000000, 100000000, 95000000, 3 FROM n WHERE i < 40;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source)
  SELECT i * 120000000, 30000000, NULL, 1, 'callback', NULL, 0, NULL, 0, 64, 4, 18000000, 1 FROM n WHERE i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 25, 'python', NULL, NULL, 1, 180, 0, 900000000, 900000000, 0), (0, 1, 1, 1, 1, 126, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0),
  (0, 1, 1, NULL, 0, 1000, 'python', NULL, NULL, 1, 20, 0, 100000000, 100000000, 0), (0, 1, 1, NULL, 0, 1000, 'call', NULL, NULL, 1, 700, 0, 3500000000, 0, 0);
-- expect: app.py:handler /srv/app.py:25 88.1% >=87.083ms likely

-- case: miss two fifths of them are CPU
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 'request', 1, i * 120000000, 130000000, 30000000, 30000000, 100000000, 95000000, 3 FROM n WHERE i < 40;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source)
  SELECT i * 120000000, 30000000, NULL, 1, 'callback', NULL, 0, NULL, 0, 64, 4, 12000000, 1 FROM n WHERE i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 25, 'python', NULL, NULL, 1, 180, 0, 900000000, 900000000, 0), (0, 1, 1, 1, 1, 126, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0),
  (0, 1, 1, NULL, 0, 1000, 'python', NULL, NULL, 1, 20, 0, 100000000, 100000000, 0), (0, 1, 1, NULL, 0, 1000, 'call', NULL, NULL, 1, 700, 0, 3500000000, 0, 0);

-- case: hit callbacks of 15 ms
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 'request', 1, i * 120000000, 130000000, 30000000, 30000000, 100000000, 95000000, 3 FROM n WHERE i < 40;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source)
  SELECT i * 120000000, 15000000, NULL, 1, 'callback', NULL, 0, NULL, 0, 64, 4, 14000000, 1 FROM n WHERE i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 25, 'python', NULL, NULL, 1, 180, 0, 900000000, 900000000, 0), (0, 1, 1, 1, 1, 126, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0),
  (0, 1, 1, NULL, 0, 1000, 'python', NULL, NULL, 1, 20, 0, 100000000, 100000000, 0), (0, 1, 1, NULL, 0, 1000, 'call', NULL, NULL, 1, 700, 0, 3500000000, 0, 0);
-- expect: app.py:handler /srv/app.py:25 78.5% >=87.083ms likely

-- case: hit it computes when its request has its answer: no client of that waits for it
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 'request', 1, i * 120000000, 130000000, 1000000, 1000000, 129000000, 95000000, 3 FROM n WHERE i < 40;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source)
  SELECT i * 120000000, 30000000, NULL, 1, 'callback', NULL, 0, NULL, 0, 64, 4, 29000000, 1 FROM n WHERE i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, NULL, 0, 126, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0), (0, 1, 1, NULL, 0, 25, 'python', NULL, NULL, 1, 180, 0, 900000000, 900000000, 0),
  (0, 1, 1, NULL, 0, 1000, 'python', NULL, NULL, 1, 20, 0, 100000000, 100000000, 0), (0, 1, 1, NULL, 0, 1000, 'call', NULL, NULL, 1, 700, 0, 3500000000, 0, 0);
-- expect: app.py:handler /srv/app.py:25 88.1% >=87.083ms likely
-- says: handler() computes on the event loop, up to 30.0 ms at a time, in no request or after its answer; nothing else runs there meanwhile.
-- says: no client of a request waits for what is done after its answer; others do; not seen: clients that

-- case: miss callbacks of 7 ms
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 'request', 1, i * 120000000, 130000000, 30000000, 30000000, 100000000, 95000000, 3 FROM n WHERE i < 40;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source)
  SELECT i * 120000000, 7000000, NULL, 1, 'callback', NULL, 0, NULL, 0, 64, 4, 6500000, 1 FROM n WHERE i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 25, 'python', NULL, NULL, 1, 180, 0, 900000000, 900000000, 0), (0, 1, 1, 1, 1, 126, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0),
  (0, 1, 1, NULL, 0, 1000, 'python', NULL, NULL, 1, 20, 0, 100000000, 100000000, 0), (0, 1, 1, NULL, 0, 1000, 'call', NULL, NULL, 1, 700, 0, 3500000000, 0, 0);

-- case: miss uvloop, which does not show the callbacks of a task that computes
INSERT INTO fact(process_id, key, value) VALUES (1, 'agent.loop', 'uvloop: of its callbacks only steps of units are visible; units and calls that wait are');
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 50000000, 200000, 200000, 49800000, 100000, 3 FROM n;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source)
  SELECT i * 100000000, 1000000, NULL, 1, 'callback', NULL, 0, NULL, 0, 64, 0, 100000, 1 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 25, 'python', NULL, NULL, 1, 600, 0, 3000000000, 3000000000, 0);
-- says: ruled out: cannot tell under uvloop: callbacks of tasks that compute are not seen
