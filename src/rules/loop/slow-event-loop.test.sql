-- case: hit the loop is busy, with its transports and the parser in Python
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/asyncio/selector_events.py', '_SelectorSocketTransport._read_ready', 1, 'stdlib', 1, x''),
  (10, '/venv/site-packages/h11/_connection.py', 'Connection.next_event', 1, 'library', 1, x''), (11, '/usr/lib/python3.12/selectors.py', 'EpollSelector.select', 1, 'stdlib', 1, x''), (12, '/usr/lib/python3.12/asyncio/base_events.py', 'BaseEventLoop._run_once', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 0, 9, 0, 995, 1, 0), (901, 0, 10, 0, 469, 1, 0), (902, 0, 11, 0, 468, 1, 0), (903, 0, 12, 0, 1922, 1, 0);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, steps, flags) SELECT i + 1, 1, 1, 'request', 1, i * 10000000, 2000000, 2000000, 2000000, 1, 8 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, NULL, 0, 900, 'python', NULL, NULL, 1, 30, 0, 150000000, 150000000, 0), (0, 1, 1, NULL, 0, 901, 'python', NULL, NULL, 1, 50, 0, 250000000, 250000000, 0),
  (0, 1, 1, 1, 1, 40, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0), (0, 1, 1, NULL, 0, 903, 'python', NULL, NULL, 1, 20, 0, 100000000, 100000000, 0), (0, 1, 1, NULL, 0, 902, 'call', NULL, NULL, 1, 60, 0, 300000000, 0, 0);
-- expect: loop - 66.7% - likely
-- says: The event loop is busy for 70 % of the time, and spends 57 % of its CPU in its own transports and the parser of HTTP in plain Python.
-- says: in the parser: 2.5 ms of CPU per request

-- case: near-miss hot-python-loop: the loop is busy with the application
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/asyncio/selector_events.py', '_SelectorSocketTransport._read_ready', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 0, 9, 0, 995, 1, 0);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, steps, flags) SELECT i + 1, 1, 1, 'request', 1, i * 10000000, 8000000, 8000000, 8000000, 1, 8 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, NULL, 0, 900, 'python', NULL, NULL, 1, 60, 0, 300000000, 300000000, 0), (0, 1, 1, 1, 1, 40, 'python', NULL, NULL, 1, 240, 0, 1200000000, 1200000000, 0);
-- says: ruled out: the loop is busy for 100 % of the time; transports and parser have 20 % of its CPU

-- case: near-miss async-machinery-exceeds-wait: it is busy making the tasks of the application
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/asyncio/base_events.py', 'BaseEventLoop.create_task', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 32, 9, 0, 436, 3, 32);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, steps, flags) SELECT i + 1, 1, 1, 'request', 1, i * 10000000, 8000000, 8000000, 8000000, 1, 8 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 200, 0, 1000000000, 1000000000, 0);
-- says: transports and parser have 0 % of its CPU

-- case: miss a loop that waits most of the time
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/asyncio/selector_events.py', '_SelectorSocketTransport._read_ready', 1, 'stdlib', 1, x''), (11, '/usr/lib/python3.12/selectors.py', 'EpollSelector.select', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 0, 9, 0, 995, 1, 0), (902, 0, 11, 0, 468, 1, 0);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, steps, flags) SELECT i + 1, 1, 1, 'request', 1, i * 10000000, 2000000, 2000000, 2000000, 1, 8 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, NULL, 0, 900, 'python', NULL, NULL, 1, 80, 0, 400000000, 400000000, 0), (0, 1, 1, NULL, 0, 902, 'call', NULL, NULL, 1, 140, 0, 700000000, 0, 0);
-- says: ruled out: the loop is busy for 36 % of the time

-- case: miss few samples
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/asyncio/selector_events.py', '_SelectorSocketTransport._read_ready', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 0, 9, 0, 995, 1, 0);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, steps, flags) SELECT i + 1, 1, 1, 'request', 1, i * 10000000, 2000000, 2000000, 2000000, 1, 8 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, NULL, 0, 900, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0);

-- case: hit a script that runs its server: all is below its module; three tenths of it, of which the parser is three
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (8, '/srv/app.py', '<module>', 1, 'app', 1, x''), (9, '/usr/lib/python3.12/asyncio/selector_events.py', '_SelectorSocketTransport._read_ready', 1, 'stdlib', 1, x''),
  (10, '/venv/site-packages/h11/_connection.py', 'Connection.next_event', 1, 'library', 1, x''), (12, '/usr/lib/python3.12/asyncio/base_events.py', 'BaseEventLoop._run_once', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (899, 0, 8, 0, 30, 1, 899), (900, 899, 9, 0, 995, 2, 899), (901, 899, 10, 0, 469, 2, 899), (903, 899, 12, 0, 1922, 2, 899);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, steps, flags) SELECT i + 1, 1, 1, 'request', 1, i * 10000000, 2000000, 2000000, 2000000, 1, 8 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, NULL, 0, 900, 'python', NULL, NULL, 1, 70, 0, 350000000, 350000000, 0), (0, 1, 1, NULL, 0, 901, 'python', NULL, NULL, 1, 30, 0, 150000000, 150000000, 0), (0, 1, 1, NULL, 0, 903, 'python', NULL, NULL, 1, 233, 0, 1165000000, 1165000000, 0);
-- expect: loop - 71.4% - likely
-- says: and spends 30 % of its CPU in its own transports and the parser of HTTP in plain Python.
-- says: not hot-python-loop: lines of the application have 0 % of the CPU

-- case: hit the parser is a seventh of it
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (8, '/srv/app.py', '<module>', 1, 'app', 1, x''), (9, '/usr/lib/python3.12/asyncio/selector_events.py', '_SelectorSocketTransport._read_ready', 1, 'stdlib', 1, x''),
  (10, '/venv/site-packages/h11/_connection.py', 'Connection.next_event', 1, 'library', 1, x''), (12, '/usr/lib/python3.12/asyncio/base_events.py', 'BaseEventLoop._run_once', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (899, 0, 8, 0, 30, 1, 899), (900, 899, 9, 0, 995, 2, 899), (901, 899, 10, 0, 469, 2, 899), (903, 899, 12, 0, 1922, 2, 899);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, steps, flags) SELECT i + 1, 1, 1, 'request', 1, i * 10000000, 2000000, 2000000, 2000000, 1, 8 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, NULL, 0, 900, 'python', NULL, NULL, 1, 85, 0, 425000000, 425000000, 0), (0, 1, 1, NULL, 0, 901, 'python', NULL, NULL, 1, 15, 0, 75000000, 75000000, 0), (0, 1, 1, NULL, 0, 903, 'python', NULL, NULL, 1, 150, 0, 750000000, 750000000, 0);
-- expect: loop - 71.4% - likely
-- says not: the parser of HTTP in plain
