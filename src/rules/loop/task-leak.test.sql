-- case: hit a task that is begun in each request and never ends
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, steps) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000, 2 FROM n;
INSERT INTO text VALUES (900, 'follow'), (901, 'Server.serve');
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/asyncio/queues.py', 'Queue.get', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 15, 9, 0, 158, 3, 15);
INSERT INTO task_look SELECT i * 1000000000, 1, 'live', NULL, NULL, 2 + 10 * i FROM n WHERE i < 10;
INSERT INTO task_look SELECT i * 1000000000 + 1000, 1, 'waiting', 900, 900, 10 * i FROM n WHERE i BETWEEN 7 AND 9;
INSERT INTO task_look SELECT i * 1000000000 + 1000, 1, 'waiting', 901, 18, 2 FROM n WHERE i BETWEEN 7 AND 9;
INSERT INTO task_look SELECT i * 100000000, 1, 'made', 900, 34, 1 FROM n;
-- expect: follow /srv/app.py:34 0.0% - likely
-- says: Tasks of follow() pile up: 90 more live at the end than at the beginning.
-- says: at /srv/app.py:15 handler
-- says not: at /srv/app.py:18
-- says: growth: 600 per minute and process
-- says: most of follow() wait in Queue.get()

-- case: hit it sleeps, and may end when its time is over
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, steps) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000, 2 FROM n;
INSERT INTO text VALUES (900, 'later');
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/asyncio/tasks.py', 'sleep', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 15, 9, 0, 649, 3, 15);
INSERT INTO task_look SELECT i * 1000000000, 1, 'live', NULL, NULL, 2 + 10 * i FROM n WHERE i < 10;
INSERT INTO task_look VALUES (9000001000, 1, 'waiting', 900, 900, 90), (0, 1, 'made', 900, 34, 90);
-- expect: later /srv/app.py:34 0.0% 0.000ms possible

-- case: near-miss overload-past-knee: requests pile up, each has its tasks
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, steps) SELECT i + 1, 1, 'request', 1, i * 90000000, 20000000000, 4000000, 2 FROM n;
INSERT INTO text VALUES (900, 'RequestResponseCycle.run_asgi');
INSERT INTO task_look SELECT i * 1000000000, 1, 'live', NULL, NULL, 2 + 10 * i FROM n WHERE i < 10;
INSERT INTO task_look VALUES (9000001000, 1, 'waiting', 900, 15, 90), (0, 1, 'made', 900, 34, 90);
-- says: ruled out: 90 more tasks live, as 99 more requests are in work

-- case: near-miss overload-past-knee: what piles up has not begun, as the loop is busy
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, steps) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000, 2 FROM n;
INSERT INTO text VALUES (900, 'RequestResponseCycle.run_asgi');
INSERT INTO task_look SELECT i * 1000000000, 1, 'live', NULL, NULL, 2 + 10 * i FROM n WHERE i < 10;
INSERT INTO task_look VALUES (9000001000, 1, 'waiting', 900, NULL, 90);
-- says: ruled out: 90 more tasks live, most of which have not begun yet: the loop was busy

-- case: near-miss overload-past-knee: requests pile up, each waits for the three tasks that it makes
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, steps) SELECT i + 1, 1, 'request', 1, i * 90000000, iif(i < 80, 50000000, 20000000000), 4000000, 2 FROM n;
INSERT INTO text VALUES (900, 'ask');
INSERT INTO task_look SELECT i * 1000000000, 1, 'live', NULL, NULL, 2 + 10 * i FROM n WHERE i < 10;
INSERT INTO task_look VALUES (9000001000, 1, 'waiting', 900, 15, 60), (0, 1, 'made', 900, 34, 300);
-- says: ruled out: 90 more tasks live, as 19 more requests are in work, each of which makes 3.0

-- case: hit each makes three tasks that never end, and a few more are in work at the last look
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, steps) SELECT i + 1, 1, 'request', 1, i * 90000000, iif(i < 95, 50000000, 20000000000), 4000000, 2 FROM n;
INSERT INTO text VALUES (900, 'ask');
INSERT INTO task_look SELECT i * 1000000000, 1, 'live', NULL, NULL, 2 + 30 * i FROM n WHERE i < 10;
INSERT INTO task_look VALUES (9000001000, 1, 'waiting', 900, 15, 260), (0, 1, 'made', 900, 34, 300);
-- expect: ask /srv/app.py:34 0.0% - likely

-- case: miss as many as there are clients, from the middle on
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, steps) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000, 2 FROM n;
INSERT INTO text VALUES (900, 'follow');
INSERT INTO task_look SELECT i * 1000000000, 1, 'live', NULL, NULL, min(82, 2 + 20 * i) FROM n WHERE i < 10;
INSERT INTO task_look VALUES (4000001000, 1, 'waiting', 900, 15, 80), (0, 1, 'made', 900, 34, 80);
-- says: ruled out: 2 tasks lived at the first look and 82 at the last of 10

-- case: miss a few more each second
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, steps) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000, 2 FROM n;
INSERT INTO task_look SELECT i * 1000000000, 1, 'live', NULL, NULL, 2 + 3 * i FROM n WHERE i < 10;

-- case: miss many kinds of them, none of which is most
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, steps) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000, 2 FROM n;
INSERT INTO text VALUES (900, 'a'), (901, 'b'), (902, 'c');
INSERT INTO task_look SELECT i * 1000000000, 1, 'live', NULL, NULL, 2 + 10 * i FROM n WHERE i < 10;
INSERT INTO task_look VALUES (9000001000, 1, 'waiting', 900, 15, 30), (9000001000, 1, 'waiting', 901, 16, 30), (9000001000, 1, 'waiting', 902, 17, 30);
-- says: ruled out: 90 more tasks live, but no coroutine is half of them

-- case: hit forty more, a third of them in the second half, while a few requests take longer
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, steps) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000, 2 FROM n;
INSERT INTO text VALUES (900, 'follow');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, steps) SELECT i + 201, 1, 'request', 1, 8500000000, 9000000000, 4000000, 2 FROM n WHERE i < 8;
INSERT INTO task_look VALUES (0, 1, 'live', NULL, NULL, 2), (1000000000, 1, 'live', NULL, NULL, 8), (2000000000, 1, 'live', NULL, NULL, 14), (3000000000, 1, 'live', NULL, NULL, 20), (4000000000, 1, 'live', NULL, NULL, 28), (5000000000, 1, 'live', NULL, NULL, 31), (6000000000, 1, 'live', NULL, NULL, 34), (7000000000, 1, 'live', NULL, NULL, 37), (8000000000, 1, 'live', NULL, NULL, 40), (9000000000, 1, 'live', NULL, NULL, 42);
INSERT INTO task_look VALUES (9000001000, 1, 'waiting', 900, 15, 37), (0, 1, 'made', 900, 34, 38);
-- expect: follow /srv/app.py:34 0.0% - likely
-- says: made: 38 of it in the recording
-- says: requests in work, more than at first: 8

-- case: near-miss overload-past-knee: two fifths as many requests more are in work
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, steps) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000, 2 FROM n;
INSERT INTO text VALUES (900, 'follow');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, steps) SELECT i + 201, 1, 'request', 1, 8500000000, 9000000000, 4000000, 2 FROM n WHERE i < 16;
INSERT INTO task_look VALUES (0, 1, 'live', NULL, NULL, 2), (1000000000, 1, 'live', NULL, NULL, 8), (2000000000, 1, 'live', NULL, NULL, 14), (3000000000, 1, 'live', NULL, NULL, 20), (4000000000, 1, 'live', NULL, NULL, 28), (5000000000, 1, 'live', NULL, NULL, 31), (6000000000, 1, 'live', NULL, NULL, 34), (7000000000, 1, 'live', NULL, NULL, 37), (8000000000, 1, 'live', NULL, NULL, 40), (9000000000, 1, 'live', NULL, NULL, 42);
INSERT INTO task_look VALUES (9000001000, 1, 'waiting', 900, 15, 38), (0, 1, 'made', 900, 34, 38);
-- says: ruled out: 40 more tasks live, as 16 more requests are in work

-- case: miss most of them came in the first half
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, steps) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000, 2 FROM n;
INSERT INTO text VALUES (900, 'follow');
INSERT INTO task_look VALUES (0, 1, 'live', NULL, NULL, 2), (1000000000, 1, 'live', NULL, NULL, 10), (2000000000, 1, 'live', NULL, NULL, 20), (3000000000, 1, 'live', NULL, NULL, 30), (4000000000, 1, 'live', NULL, NULL, 35), (5000000000, 1, 'live', NULL, NULL, 36), (6000000000, 1, 'live', NULL, NULL, 38), (7000000000, 1, 'live', NULL, NULL, 39), (8000000000, 1, 'live', NULL, NULL, 40), (9000000000, 1, 'live', NULL, NULL, 42);
INSERT INTO task_look VALUES (9000001000, 1, 'waiting', 900, 15, 38), (0, 1, 'made', 900, 34, 38);
-- says: ruled out: 2 tasks lived at the first look and 42 at the last of 10

-- case: miss twenty more
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, steps) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000, 2 FROM n;
INSERT INTO text VALUES (900, 'follow');
INSERT INTO task_look VALUES (0, 1, 'live', NULL, NULL, 2), (1000000000, 1, 'live', NULL, NULL, 4), (2000000000, 1, 'live', NULL, NULL, 6), (3000000000, 1, 'live', NULL, NULL, 8), (4000000000, 1, 'live', NULL, NULL, 10), (5000000000, 1, 'live', NULL, NULL, 12), (6000000000, 1, 'live', NULL, NULL, 15), (7000000000, 1, 'live', NULL, NULL, 18), (8000000000, 1, 'live', NULL, NULL, 20), (9000000000, 1, 'live', NULL, NULL, 22);
INSERT INTO task_look VALUES (9000001000, 1, 'waiting', 900, 15, 20), (0, 1, 'made', 900, 34, 20);
-- says: ruled out: 2 tasks lived at the first look and 22 at the last of 10

-- case: miss five looks
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, steps) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000, 2 FROM n;
INSERT INTO text VALUES (900, 'follow');
INSERT INTO task_look VALUES (0, 1, 'live', NULL, NULL, 2), (1000000000, 1, 'live', NULL, NULL, 12), (2000000000, 1, 'live', NULL, NULL, 22), (3000000000, 1, 'live', NULL, NULL, 32), (4000000000, 1, 'live', NULL, NULL, 52);
INSERT INTO task_look VALUES (4000001000, 1, 'waiting', 900, 15, 50), (0, 1, 'made', 900, 34, 50);
-- says: ruled out: 2 tasks lived at the first look and 52 at the last of 5

-- case: hit the loop is shut down, and its tasks are cancelled
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, steps) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000, 2 FROM n;
INSERT INTO text VALUES (900, 'follow');
INSERT INTO task_look SELECT i * 1000000000, 1, 'live', NULL, NULL, iif(i = 10, 1, 2 + 10 * i) FROM n WHERE i <= 10;
INSERT INTO task_look VALUES (9000001000, 1, 'waiting', 900, 15, 90), (0, 1, 'made', 900, 34, 90);
-- expect: follow /srv/app.py:34 0.0% - likely

-- case: hit it waits within wait_for(), and may end when its time is over
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, steps) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000, 2 FROM n;
INSERT INTO text VALUES (900, 'expire');
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (8, '/usr/lib/python3.12/asyncio/tasks.py', 'wait_for', 1, 'stdlib', 1, x''), (9, '/usr/lib/python3.12/asyncio/locks.py', 'Event.wait', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 15, 8, 0, 520, 3, 15), (901, 900, 9, 0, 212, 4, 15);
INSERT INTO task_look SELECT i * 1000000000, 1, 'live', NULL, NULL, 2 + 10 * i FROM n WHERE i < 10;
INSERT INTO task_look VALUES (9000001000, 1, 'waiting', 900, 901, 90), (0, 1, 'made', 900, 34, 90);
-- expect: expire /srv/app.py:34 0.0% 0.000ms possible
-- says: wait_for() may end them: that they stay as many is not seen in less time than one lives
-- says: first record for longer than wait_for() lets them wait
-- says not: put a time limit

-- case: hit before 3.12 what wait_for() waits for is a task of its own
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, steps) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000, 2 FROM n;
INSERT INTO text VALUES (900, 'expire'), (901, 'Event.wait');
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (8, '/usr/lib/python3.8/asyncio/tasks.py', 'wait_for', 1, 'stdlib', 1, x''), (9, '/usr/lib/python3.8/asyncio/locks.py', 'Event.wait', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 15, 8, 0, 481, 3, 15), (901, 0, 9, 0, 309, 1, 0);
INSERT INTO task_look SELECT i * 1000000000, 1, 'live', NULL, NULL, 2 + 10 * i FROM n WHERE i < 10;
INSERT INTO task_look VALUES (9000001000, 1, 'waiting', 900, 900, 45), (9000001000, 1, 'waiting', 901, 901, 46), (0, 1, 'made', 900, 34, 45);
-- expect: Event.wait - 0.0% 0.000ms possible

-- case: hit a few others wait within wait_for()
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, steps) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000, 2 FROM n;
INSERT INTO text VALUES (900, 'follow'), (901, 'Server.serve');
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (8, '/usr/lib/python3.12/asyncio/tasks.py', 'wait_for', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 16, 8, 0, 520, 3, 16);
INSERT INTO task_look SELECT i * 1000000000, 1, 'live', NULL, NULL, 2 + 10 * i FROM n WHERE i < 10;
INSERT INTO task_look VALUES (9000001000, 1, 'waiting', 900, 15, 70), (9000001000, 1, 'waiting', 901, 900, 20), (0, 1, 'made', 900, 34, 90);
-- expect: follow /srv/app.py:34 0.0% - likely
-- says: put a time limit (asyncio.wait_for) on what may never come

-- case: hit where they wait was last looked at just after the middle
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, steps) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000, 2 FROM n;
INSERT INTO text VALUES (900, 'follow');
INSERT INTO task_look SELECT i * 1000000000, 1, 'live', NULL, NULL, 2 + 10 * i FROM n WHERE i < 10;
INSERT INTO task_look VALUES (5000001000, 1, 'waiting', 900, 15, 50), (0, 1, 'made', 900, 34, 90);
-- expect: follow /srv/app.py:34 0.0% - likely

-- case: miss where they waited was last looked at in the first half
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, steps) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000, 2 FROM n;
INSERT INTO text VALUES (900, 'follow');
INSERT INTO task_look SELECT i * 1000000000, 1, 'live', NULL, NULL, 2 + 10 * i FROM n WHERE i < 10;
INSERT INTO task_look VALUES (4000001000, 1, 'waiting', 900, 15, 50), (0, 1, 'made', 900, 34, 90);
-- says: ruled out: 90 more tasks live, but no coroutine is half of them

-- case: hit a look takes three tenths of a second, and the one before it is another
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, steps) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000, 2 FROM n;
INSERT INTO text VALUES (900, 'follow');
INSERT INTO task_look SELECT i * 1000000000, 1, 'live', NULL, NULL, 2 + 10 * i FROM n WHERE i < 10;
INSERT INTO task_look VALUES (8200000000, 1, 'waiting', 900, 15, 60), (8700000000, 1, 'waiting', 900, 16, 40), (9000000000, 1, 'waiting', 900, 15, 50), (0, 1, 'made', 900, 34, 90);
-- expect: follow /srv/app.py:34 0.0% - likely
-- says: live at the last look: 92 (90 of this coroutine)

-- case: miss many kinds, none of which is most, and a fifth as many requests more are in work
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, steps) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000, 2 FROM n;
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, steps) SELECT i + 201, 1, 'request', 1, 8500000000, 9000000000, 4000000, 2 FROM n WHERE i < 18;
INSERT INTO text VALUES (900, 'a'), (901, 'b'), (902, 'c');
INSERT INTO task_look SELECT i * 1000000000, 1, 'live', NULL, NULL, 2 + 10 * i FROM n WHERE i < 10;
INSERT INTO task_look VALUES (9000001000, 1, 'waiting', 900, 15, 30), (9000001000, 1, 'waiting', 901, 16, 30), (9000001000, 1, 'waiting', 902, 17, 30);
-- says: ruled out: 90 more tasks live, but no coroutine is half of them

-- case: miss a server's tasks, one for each connection that clients keep open
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, steps) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000, 2 FROM n;
INSERT INTO text VALUES (900, 'RequestHandler.start');
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/site-packages/aiohttp/web_protocol.py', 'RequestHandler.start', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 0, 9, 0, 500, 1, 0);
INSERT INTO task_look SELECT i * 1000000000, 1, 'live', NULL, NULL, 2 + 10 * i FROM n WHERE i < 10;
INSERT INTO task_look VALUES (9000001000, 1, 'waiting', 900, 900, 90);
-- says: ruled out: 90 more tasks live, most of them the server's own, one for each open connection: RequestHandler.start()

-- case: hit the application's own tasks are called as a server's
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, steps) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000, 2 FROM n;
INSERT INTO text VALUES (900, 'RequestHandler.start');
INSERT INTO task_look SELECT i * 1000000000, 1, 'live', NULL, NULL, 2 + 10 * i FROM n WHERE i < 10;
INSERT INTO task_look VALUES (9000001000, 1, 'waiting', 900, 15, 90), (0, 1, 'made', 900, 34, 90);
-- expect: RequestHandler.start /srv/app.py:34 0.0% - likely
