-- case: hit each statement of a request is made in a thread of the driver
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps, db_ns)
  SELECT i + 1, 1, 'request', 1, i * 50000000, 3000000, 600000, 600000, 2400000, 100000, 13, 300000 FROM n WHERE i < 40;
INSERT INTO text VALUES (900, 'thread.hop'), (901, 'thread.back');
INSERT INTO usage_10s VALUES (0, 1, 'span', 20, NULL, 900, 0, 0, 40, 400, 0, 12000000, 0, 90000, 0, 0, 40000000), (0, 1, 'span', 20, NULL, 901, 0, 0, 40, 400, 0, 0, 0, 0, 0, 0, 20000000),
  (0, 1, 'span', 21, NULL, 900, 0, 0, 40, 80, 0, 2000000, 0, 90000, 0, 0, 6000000), (0, 1, 'span', 21, NULL, 901, 0, 0, 40, 80, 0, 0, 0, 0, 0, 0, 2000000);
-- expect: hops /srv/app.py:20 56.7% 1.013ms proven
-- says: A request crosses to another thread and back 12 times; the way takes 1.70 ms, what is done there 0.35 ms.
-- says: at /srv/app.py:21
-- says: route: /
-- says: crossings: 12 per request
-- says: until the thread runs: 0.0958
-- says: goes on: 0.0458
-- says: not thread-pool-exhausted: the work would keep one thread busy for 0.7 % of the time: none waits for another's

-- case: hit a library's own crossings beside those that the application asks for: its lines are no place
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps, db_ns)
  SELECT i + 1, 1, 'request', 1, i * 50000000, 3000000, 600000, 600000, 2400000, 100000, 13, 300000 FROM n WHERE i < 40;
INSERT INTO text VALUES (900, 'thread.hop'), (901, 'thread.back');
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/aiosqlite/core.py', 'Connection.rollback', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 0, 9, 0, 169, 1, 0);
INSERT INTO usage_10s VALUES (0, 1, 'span', 20, NULL, 900, 0, 0, 40, 400, 0, 6000000, 0, 90000, 0, 0, 26000000), (0, 1, 'span', 20, NULL, 901, 0, 0, 40, 400, 0, 0, 0, 0, 0, 0, 12000000),
  (0, 1, 'span', 900, NULL, 900, 0, 0, 40, 400, 0, 8000000, 0, 90000, 0, 0, 20000000), (0, 1, 'span', 900, NULL, 901, 0, 0, 40, 400, 0, 0, 0, 0, 0, 0, 10000000);
-- expect: hops /srv/app.py:20 56.7% 1.050ms proven
-- says not: at /venv

-- case: hit more than half are a library's own: its line comes first
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps, db_ns)
  SELECT i + 1, 1, 'request', 1, i * 50000000, 3000000, 600000, 600000, 2400000, 100000, 13, 300000 FROM n WHERE i < 40;
INSERT INTO text VALUES (900, 'thread.hop'), (901, 'thread.back');
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/aiosqlite/core.py', 'Connection.rollback', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 0, 9, 0, 169, 1, 0);
INSERT INTO usage_10s VALUES (0, 1, 'span', 20, NULL, 900, 0, 0, 40, 400, 0, 6000000, 0, 90000, 0, 0, 20000000), (0, 1, 'span', 20, NULL, 901, 0, 0, 40, 400, 0, 0, 0, 0, 0, 0, 10000000),
  (0, 1, 'span', 900, NULL, 900, 0, 0, 40, 400, 0, 8000000, 0, 90000, 0, 0, 26000000), (0, 1, 'span', 900, NULL, 901, 0, 0, 40, 400, 0, 0, 0, 0, 0, 0, 12000000);
-- expect: hops /venv/lib/python3.12/site-packages/aiosqlite/core.py:169 56.7% 1.050ms proven
-- says: at /srv/app.py:20

-- case: near-miss thread-pool-exhausted: a long wait for one of a few threads that work for long
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 'request', 1, i * 10000000, 90000000, 1000000, 1000000, 89000000, 100000, 4 FROM n WHERE i < 40;
INSERT INTO text VALUES (900, 'thread.hop'), (901, 'thread.back');
INSERT INTO usage_10s VALUES (0, 1, 'span', 20, NULL, 900, 0, 0, 40, 160, 0, 400000000, 0, 30000000, 0, 0, 2400000000), (0, 1, 'span', 20, NULL, 901, 0, 0, 40, 160, 0, 0, 0, 0, 0, 0, 20000000);
-- says: but they wait for a thread that works

-- case: near-miss gil-contention: the thread is there at once, and another has the GIL
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps, gil_ns)
  SELECT i + 1, 1, 'request', 1, i * 50000000, 30000000, 1000000, 1000000, 29000000, 100000, 4, 20000000 FROM n WHERE i < 40;
INSERT INTO text VALUES (900, 'thread.hop');
INSERT INTO usage_10s VALUES (0, 1, 'span', 20, NULL, 900, 0, 0, 40, 160, 0, 4000000, 0, 300000, 0, 0, 800000000);
-- says: but most of it is for the GIL

-- case: near-miss blocking-call-in-event-loop: they come back to a loop that is held
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 'request', 1, i * 50000000, 30000000, 1000000, 1000000, 29000000, 20000000, 4 FROM n WHERE i < 40;
INSERT INTO text VALUES (900, 'thread.hop'), (901, 'thread.back');
INSERT INTO usage_10s VALUES (0, 1, 'span', 20, NULL, 900, 0, 0, 40, 160, 0, 4000000, 0, 300000, 0, 0, 8000000), (0, 1, 'span', 20, NULL, 901, 0, 0, 40, 160, 0, 0, 0, 0, 0, 0, 800000000);
-- says: but most of it is for a loop that is held

-- case: miss four pieces of real work in threads
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 'request', 1, i * 50000000, 30000000, 1000000, 1000000, 29000000, 100000, 5 FROM n WHERE i < 40;
INSERT INTO text VALUES (900, 'thread.hop'), (901, 'thread.back');
INSERT INTO usage_10s VALUES (0, 1, 'span', 20, NULL, 900, 0, 0, 40, 160, 0, 1000000000, 0, 9000000, 0, 0, 60000000), (0, 1, 'span', 20, NULL, 901, 0, 0, 40, 160, 0, 0, 0, 0, 0, 0, 20000000);
-- says: ruled out: 4 crossings to other threads a request take 2.00 ms, the work there 25.0 ms

-- case: miss a plain handler, which the framework runs in a thread
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 'request', 1, i * 50000000, 1000000, 300000, 300000, 700000, 100000, 2 FROM n WHERE i < 40;
INSERT INTO text VALUES (900, 'thread.hop'), (901, 'thread.back');
INSERT INTO usage_10s VALUES (0, 1, 'span', 20, NULL, 900, 0, 0, 40, 40, 0, 8000000, 0, 300000, 0, 0, 10000000), (0, 1, 'span', 20, NULL, 901, 0, 0, 40, 40, 0, 0, 0, 0, 0, 0, 4000000);
-- says: ruled out: at most 1.0 crossings to another thread in a request

-- case: hit four crossings, each worth a little more than the work; a few requests met something else on the way
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 'request', 1, i * 50000000, iif(i = 7, 90000000, 1000000), 600000, 400000, 600000, 100000, 5 FROM n WHERE i < 40;
INSERT INTO text VALUES (900, 'thread.hop'), (901, 'thread.back');
INSERT INTO usage_10s VALUES (0, 1, 'span', 20, NULL, 900, 0, 0, 40, 160, 0, 16000000, 0, 900000, 0, 0, 60000000), (0, 1, 'span', 20, NULL, 901, 0, 0, 40, 160, 0, 0, 0, 0, 0, 0, 20000000);
INSERT INTO usage_10s VALUES (0, 1, 'span', 21, NULL, 900, 0, 0, 40, 40, 0, 1000, 0, 900, 0, 0, 3000000), (0, 1, 'span', 22, NULL, 900, 0, 0, 40, 40, 0, 1000, 0, 900, 0, 0, 6000000);
-- expect: hops /srv/app.py:20 14.7% 0.256ms likely
-- says not: at /srv/app.py:21
-- says: at /srv/app.py:22

-- case: miss two crossings, as a handler and a dependency make them
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 'request', 1, i * 50000000, 1000000, 300000, 300000, 700000, 100000, 2 FROM n WHERE i < 40;
INSERT INTO text VALUES (900, 'thread.hop');
INSERT INTO usage_10s VALUES (0, 1, 'span', 20, NULL, 900, 0, 0, 40, 80, 0, 800000, 0, 300000, 0, 0, 16000000);
-- says: ruled out: at most 2.0 crossings to another thread in a request

-- case: miss two fifths of the way are for the GIL, and three tenths of it for the loop: neither alone explains it
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps, gil_ns)
  SELECT i + 1, 1, 'request', 1, i * 50000000, 3000000, 600000, 600000, 2400000, 1300000, 13, 0 FROM n WHERE i < 40;
INSERT INTO text VALUES (900, 'thread.hop');
INSERT INTO usage_10s VALUES (0, 1, 'span', 20, NULL, 900, 0, 0, 40, 400, 0, 12000000, 0, 90000, 0, 0, 100000000);
-- says: but most of it is for a loop that is held

-- case: hit a third of the way is for the GIL, a third for the loop, and the threads work for a third of the time
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps, gil_ns)
  SELECT i + 1, 1, 'request', 1, i * 50000000, 40000000, 600000, 600000, 39400000, 8000000, 13, 8000000 FROM n WHERE i < 40;
INSERT INTO text VALUES (900, 'thread.hop');
INSERT INTO usage_10s VALUES (0, 1, 'span', 20, NULL, 900, 0, 0, 40, 400, 0, 700000000, 0, 90000, 0, 0, 1000000000);
-- expect: hops /srv/app.py:20 62.5% 14.625ms proven

-- case: hit four crossings on one route; two on another are as a handler and a dependency make them
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 'request', 1 + i / 40, i * 50000000, 3000000, 600000, 600000, 2400000, 100000, 5 FROM n WHERE i < 80;
INSERT INTO text VALUES (900, 'thread.hop');
INSERT INTO usage_10s VALUES (0, 1, 'span', 20, NULL, 900, 0, 0, 40, 160, 0, 4000000, 0, 90000, 0, 0, 60000000), (0, 2, 'span', 30, NULL, 900, 0, 0, 40, 80, 0, 1000000, 0, 90000, 0, 0, 60000000);
-- expect: hops /srv/app.py:20 25.0% 0.366ms proven
-- says not: at /srv/app.py:30
-- says: crossings: 4 per request
-- says: route: /

-- case: near-miss gil-contention: seven tenths of the way are for the GIL, and the threads work for a third of the time
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps, gil_ns)
  SELECT i + 1, 1, 'request', 1, i * 50000000, 30000000, 1000000, 1000000, 29000000, 100000, 4, 14000000 FROM n WHERE i < 40;
INSERT INTO text VALUES (900, 'thread.hop');
INSERT INTO usage_10s VALUES (0, 1, 'span', 20, NULL, 900, 0, 0, 40, 160, 0, 600000000, 0, 300000, 0, 0, 800000000);
-- says: but most of it is for the GIL
-- says not: ruled out: at most

-- case: near-miss blocking-call-in-event-loop: three tenths of the way are for the GIL, seven for a loop that is held
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps, gil_ns)
  SELECT i + 1, 1, 'request', 1, i * 50000000, 30000000, 1000000, 1000000, 29000000, 14000000, 4, 6000000 FROM n WHERE i < 40;
INSERT INTO text VALUES (900, 'thread.hop');
INSERT INTO usage_10s VALUES (0, 1, 'span', 20, NULL, 900, 0, 0, 40, 160, 0, 4000000, 0, 300000, 0, 0, 800000000);
-- says: but most of it is for a loop that is held

-- case: near-miss thread-pool-exhausted: the threads work for seven tenths of the time
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 'request', 1, i * 50000000, 90000000, 1000000, 1000000, 89000000, 100000, 4 FROM n WHERE i < 40;
INSERT INTO text VALUES (900, 'thread.hop');
INSERT INTO usage_10s VALUES (0, 1, 'span', 20, NULL, 900, 0, 0, 40, 160, 0, 1400000000, 0, 30000000, 0, 0, 1600000000);
-- says: but they wait for a thread that works

-- case: miss a plain handler and a dependency that yields are three, which the framework makes
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 'request', 1, i * 50000000, 1000000, 300000, 300000, 700000, 100000, 4 FROM n WHERE i < 40;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/starlette/concurrency.py', 'run_in_threadpool', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 39, 2, 0);
INSERT INTO text VALUES (900, 'thread.hop'), (901, 'thread.back');
INSERT INTO usage_10s VALUES (0, 1, 'span', 900, NULL, 900, 0, 0, 40, 120, 0, 2000000, 0, 300000, 0, 0, 10000000), (0, 1, 'span', 900, NULL, 901, 0, 0, 40, 120, 0, 0, 0, 0, 0, 0, 4000000);
-- says: ruled out: at most 3.0 crossings to another thread in a request

-- case: hit two dependencies: the framework makes four
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 'request', 1, i * 50000000, 1000000, 300000, 300000, 700000, 100000, 4 FROM n WHERE i < 40;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/starlette/concurrency.py', 'run_in_threadpool', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 39, 2, 0);
INSERT INTO text VALUES (900, 'thread.hop'), (901, 'thread.back');
INSERT INTO usage_10s VALUES (0, 1, 'span', 900, NULL, 900, 0, 0, 40, 160, 0, 2000000, 0, 300000, 0, 0, 10000000), (0, 1, 'span', 900, NULL, 901, 0, 0, 40, 160, 0, 0, 0, 0, 0, 0, 4000000);
-- expect: hops /venv/lib/python3.12/site-packages/starlette/concurrency.py:39 35.0% 0.171ms proven

-- case: hit three of the application's own
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 'request', 1, i * 50000000, 1000000, 300000, 300000, 700000, 100000, 4 FROM n WHERE i < 40;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/starlette/concurrency.py', 'run_in_threadpool', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 39, 2, 0);
INSERT INTO text VALUES (900, 'thread.hop'), (901, 'thread.back');
INSERT INTO usage_10s VALUES (0, 1, 'span', 20, NULL, 900, 0, 0, 40, 120, 0, 2000000, 0, 300000, 0, 0, 10000000), (0, 1, 'span', 20, NULL, 901, 0, 0, 40, 120, 0, 0, 0, 0, 0, 0, 4000000);
-- expect: hops /srv/app.py:20 35.0% 0.152ms proven

-- case: hit a request in ten came back to a loop that a collection held for long: the others did not
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps, gil_ns)
  SELECT i + 1, 1, 'request', 1, i * 50000000, iif(i % 10 = 7, 60000000, 1000000), 600000, 400000, iif(i % 10 = 7, 59600000, 600000), iif(i % 10 = 7, 50000000, 50000), 5, iif(i % 10 = 7, 8000000, 0) FROM n WHERE i < 40;
INSERT INTO text VALUES (900, 'thread.hop'), (901, 'thread.back');
INSERT INTO usage_10s VALUES (0, 1, 'span', 20, NULL, 900, 0, 0, 40, 160, 0, 2000000, 0, 900000, 0, 0, 40000000), (0, 1, 'span', 20, NULL, 901, 0, 0, 40, 160, 0, 0, 0, 0, 0, 0, 210000000);
-- expect: hops /srv/app.py:20 8.4% 0.281ms proven

-- case: hit another route waits for the loop and the GIL, and crosses to no thread
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps, gil_ns)
  SELECT i + 1, 1, 'request', 1 + i / 40, i * 50000000, 3000000, 600000, 600000, 2400000, iif(i < 40, 100000, 2400000), 5, iif(i < 40, 0, 1000000) FROM n WHERE i < 80;
INSERT INTO text VALUES (900, 'thread.hop');
INSERT INTO usage_10s VALUES (0, 1, 'span', 20, NULL, 900, 0, 0, 40, 160, 0, 4000000, 0, 90000, 0, 0, 60000000);
-- expect: hops /srv/app.py:20 25.0% 0.366ms likely
