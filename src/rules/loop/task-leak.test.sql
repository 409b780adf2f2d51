-- case: hit a task that is begun in each request and never ends
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, steps) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000, 2 FROM n;
INSERT INTO text VALUES (900, 'follow'), (901, 'Server.serve');
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/asyncio/queues.py', 'Queue.get', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 15, 9, 0, 158, 3, 15);
INSERT INTO task_look SELECT i * 1000000000, 1, 'live', NULL, NULL, 2 + 10 * i FROM n WHERE i < 10;
INSERT INTO task_look SELECT i * 1000000000 + 1000, 1, 'waiting', 900, 900, 10 * i FROM n WHERE i BETWEEN 7 AND 9;
INSERT INTO task_look SELECT i * 1000000000 + 1000, 1, 'waiting', 901, 15, 2 FROM n WHERE i BETWEEN 7 AND 9;
INSERT INTO task_look SELECT i * 100000000, 1, 'made', 900, 34, 1 FROM n;
-- expect: follow /srv/app.py:34 0.0% - likely
-- says: Tasks of follow() pile up: 90 more live at the end than at the beginning.
-- says: at /srv/app.py:15 handler
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
