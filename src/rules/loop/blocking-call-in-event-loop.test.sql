-- case: hit a synchronous driver in a coroutine, four requests open at a time
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps, db_ns)
  SELECT i + 1, 1, 'request', 1, i * 5000000, 20000000, 1000000, 6000000, 14000000, 14000000, 3, 5000000 FROM n WHERE i < 40;
INSERT INTO usage_10s VALUES (0, 1, 'recv', 125, 'postgresql', NULL, 0, 1, 40, 40, 0, 200000000, 2000000, 9000000, 4000, 594000000, 0);
-- expect: app.py:25 /srv/app.py:25 94.8% >=14.000ms proven
-- says: A call that waits (recv) in / stops the event loop for 4.95 ms a request.
-- says: others (/) waited for it, at least: 14 ms per request
-- says: not seen: clients that wait in the listen backlog while the loop is held

-- case: hit nobody else was open: the loop was held, and no time can be said to be saved
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps, db_ns)
  SELECT i + 1, 1, 'request', 1, i * 50000000, 6200000, 1000000, 6000000, 0, 0, 1, 5000000 FROM n WHERE i < 40;
INSERT INTO usage_10s VALUES (0, 1, 'recv', 125, 'postgresql', NULL, 0, 1, 40, 40, 0, 200000000, 2000000, 9000000, 4000, 0, 0);
-- expect: app.py:25 /srv/app.py:25 79.8% >=0.000ms proven

-- case: hit a handler of its own forces each line of the log to the disk: another thread is to do so
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 'request', 1, i * 50000000, 6200000, 1000000, 6000000, 0, 0, 1 FROM n WHERE i < 40;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/logging/__init__.py', 'Handler.handle', 1, 'stdlib', 1, x''), (10, '/srv/trail.py', 'Durable.emit', 1, 'app', 1, x'');
INSERT INTO stack VALUES (900, 15, 9, 0, 978, 4, 15), (901, 900, 10, 0, 11, 5, 901);
INSERT INTO usage_10s VALUES (0, 1, 'fsync', 901, NULL, NULL, 0, 1, 40, 40, 0, 200000000, 2000000, 9000000, 0, 0, 0);
-- expect: trail.py:11 /srv/trail.py:11 79.8% >=0.000ms likely
-- says: let a thread of its own write the log

-- case: hit a file of its own is forced to the disk: no log
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 'request', 1, i * 50000000, 6200000, 1000000, 6000000, 0, 0, 1 FROM n WHERE i < 40;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (10, '/srv/trail.py', 'keep', 1, 'app', 1, x'');
INSERT INTO stack VALUES (901, 15, 10, 0, 11, 5, 901);
INSERT INTO usage_10s VALUES (0, 1, 'fsync', 901, NULL, NULL, 0, 1, 40, 40, 0, 200000000, 2000000, 9000000, 0, 0, 0);
-- expect: trail.py:11 /srv/trail.py:11 79.8% >=0.000ms likely
-- says not: let a thread

-- case: near-miss cpu-hog-in-event-loop: a callback that computes, its calls return at once
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 'request', 1, i * 5000000, 20000000, 6000000, 6000000, 14000000, 14000000, 3 FROM n WHERE i < 40;
INSERT INTO usage_10s VALUES (0, 1, 'recv', 125, 'http', NULL, 0, 1, 40, 80, 0, 800000, 800000, 15000, 4000, 3000000, 0);
-- says: ruled out: no call that waits was made inside a callback of an event loop

-- case: miss the same calls in threads, off the loop
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps, db_ns)
  SELECT i + 1, 1, 'request', 1, i * 5000000, 20000000, 1000000, 6000000, 14000000, 100000, 3, 5000000 FROM n WHERE i < 40;
INSERT INTO usage_10s VALUES (0, 1, 'recv', 125, 'postgresql', NULL, 0, 0, 40, 40, 0, 200000000, 2000000, 9000000, 4000, 0, 0);

-- case: miss asyncio's own transport, preempted in a send that never waits
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 'request', 1, i * 5000000, 20000000, 1000000, 6000000, 14000000, 14000000, 3 FROM n WHERE i < 40;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table)
  VALUES (9, '/usr/lib/python3.12/asyncio/selector_events.py', '_SelectorSocketTransport.write', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 2, 1057, 2, 0);
INSERT INTO usage_10s VALUES (0, 1, 'send', 900, 'http', NULL, 0, 1, 40, 40, 0, 200000000, 2000000, 9000000, 4000, 594000000, 0);

-- case: miss an executor that waits for its new thread to run
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 'request', 1, i * 5000000, 20000000, 1000000, 6000000, 14000000, 14000000, 3 FROM n WHERE i < 40;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table)
  VALUES (9, '/usr/lib/python3.12/threading.py', 'Thread.start', 1, 'stdlib', 1, x''),
  (10, '/usr/lib/python3.12/threading.py', 'Event.wait', 1, 'stdlib', 1, x''),
  (11, '/usr/lib/python3.12/threading.py', 'Condition.wait', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 2, 992, 2, 0), (901, 900, 10, 2, 655, 3, 0), (902, 901, 11, 2, 355, 4, 0);
INSERT INTO usage_10s VALUES (0, 1, 'lock', 902, NULL, NULL, 0, 1, 40, 40, 0, 200000000, 2000000, 9000000, 4000, 594000000, 0);

-- case: miss a task that waits for a lock and never goes on has no call that ended: what samples show is said
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 'request', 1, i * 50000000, 3000000, 1000000, 2000000, 1000000, 0, 1 FROM n WHERE i < 40;
INSERT INTO event(start_ns, dur_ns, unit_id, thread_id, kind, stack_id, bytes, cpu_ns, result, flags, count, aux, source)
  SELECT i * 50000000, 900000, NULL, 1, 'callback', NULL, 0, NULL, 0, 64, 0, 900000, 1 FROM n WHERE i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, NULL, 0, 25, 'lock', NULL, NULL, 1, 1000, 0, 9000000000, 0, 0);
-- says: ruled out: cannot tell: samples show a loop's thread in a lock for 9000 ms below handler(), outside units of work

-- case: miss before it serves, a server reads files on its loop: nobody waits
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 'request', 1, 1000000000 + i * 50000000, 3000000, 1000000, 2000000, 1000000, 0, 1 FROM n WHERE i < 40;
INSERT INTO usage_10s VALUES (0, NULL, 'read', 25, NULL, NULL, 0, 1, 0, 40, 0, 200000000, 2000000, 9000000, 4000, 0, 0);

-- case: miss a server's start-up, a unit of its own until it listens, reads files on its loop
INSERT INTO text VALUES (60, 'uvicorn');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, flags) VALUES (900, 1, 'run', 60, 0, 700000000, 500000000, 1);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 'request', 1, 1000000000 + i * 50000000, 3000000, 1000000, 2000000, 1000000, 0, 1 FROM n WHERE i < 40;
INSERT INTO usage_10s VALUES (0, 60, 'read', 25, NULL, NULL, 0, 1, 1, 40, 0, 200000000, 2000000, 9000000, 4000, 0, 0);

-- case: hit a script on a loop is no start-up: it runs as long as it lives
INSERT INTO text VALUES (60, 'job.py');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns) VALUES (900, 1, 'run', 60, 0, 700000000, 100000000, 700000000);
INSERT INTO usage_10s VALUES (0, 60, 'sleep', 25, NULL, NULL, 0, 1, 1, 40, 0, 400000000, 2000000, 10000000, 0, 900000000, 0);
-- expect: app.py:25 /srv/app.py:25 56.9% >=0.000ms likely
-- says: A call that waits (sleep) in job.py stops the event loop for 398 ms a run.

-- case: miss a connection that uvloop opens: the kernel goes on with it, the call was only preempted
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 'request', 1, i * 5000000, 20000000, 1000000, 6000000, 14000000, 14000000, 3 FROM n WHERE i < 40;
INSERT INTO usage_10s VALUES (0, 1, 'connect', 125, 'postgresql', NULL, 0, 1, 40, 40, 0, 200000000, 2000000, 9000000, 4000, 594000000, 0);
INSERT INTO event SELECT i * 5000000 + 1000000, 5000000, i + 1, 1, 'connect', 125, NULL, NULL, 0, 50000, -115, 80, 1, 0, 1 FROM n WHERE i < 40;

-- case: miss the server's own transport writes the answer, on a connection that was accepted unseen
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 'request', 1, i * 5000000, 20000000, 1000000, 6000000, 14000000, 14000000, 3 FROM n WHERE i < 40;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table)
  VALUES (9, '/site-packages/uvicorn/protocols/http/httptools_impl.py', 'RequestResponseCycle.send', 1, 'server', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 2, 511, 2, 0);
INSERT INTO usage_10s VALUES (0, 1, 'write', 900, NULL, NULL, 0, 1, 40, 40, 0, 200000000, 2000000, 9000000, 4000, 594000000, 0);

-- case: miss a file of a package that a process's first request loads
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps, flags)
  SELECT i + 1, 1, 'request', 1, i * 50000000, iif(i = 0, 40000000, 6200000), 1000000, 6000000, 0, 0, 1, i = 0 FROM n WHERE i < 40;
INSERT INTO usage_10s VALUES (0, 1, 'open', 125, NULL, NULL, 0, 1, 13, 14, 0, 50000000, 100000, 12100000, 4000, 0, 0);
INSERT INTO event SELECT 1000000 + i * 13000000, 12100000, 1, 1, 'open', 125, NULL, NULL, 0, 0, 0, 64, 0, 0, 1 FROM n WHERE i < 4;

-- case: miss one read of a file that met a cold disk, among short ones
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 'request', 1, i * 50000000, 6200000, 1000000, 6000000, 0, 0, 1 FROM n WHERE i < 40;
INSERT INTO usage_10s VALUES (0, 1, 'read', 125, NULL, NULL, 0, 1, 40, 40, 0, 12500000, 300000, 12100000, 4000, 0, 0);

-- case: hit each request reads a file, from a disk
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps, file_ns)
  SELECT i + 1, 1, 'request', 1, i * 50000000, 6200000, 3100000, 6000000, 0, 0, 1, 3100000 FROM n WHERE i < 40;
INSERT INTO usage_10s VALUES (0, 1, 'read', 125, NULL, NULL, 0, 1, 40, 40, 0, 124100000, 100000, 10000000, 4000, 0, 0);
-- expect: app.py:25 /srv/app.py:25 46.0% >=0.000ms proven

-- case: miss the loader of modules reads a file
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 'request', 1, i * 50000000, 6200000, 1000000, 6000000, 0, 0, 1 FROM n WHERE i < 40;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table)
  VALUES (9, '<frozen importlib._bootstrap_external>', 'FileLoader.get_data', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 12, 9, 0, 1130, 3, 12);
INSERT INTO usage_10s VALUES (0, 1, 'read', 900, NULL, NULL, 0, 1, 40, 40, 0, 124100000, 100000, 10000000, 4000, 0, 0);
