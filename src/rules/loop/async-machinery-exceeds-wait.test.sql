-- case: hit two hundred tasks that wait for nothing
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/asyncio/base_events.py', 'BaseEventLoop.create_task', 1, 'stdlib', 1, x''), (10, '/usr/lib/python3.12/asyncio/events.py', 'Handle._run', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 32, 9, 0, 436, 3, 32), (901, 0, 10, 0, 84, 1, 0);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps, flags) SELECT i + 1, 1, 'request', 1, i * 50000000, 3000000, 2700000, 2700000, 300000, 200000, 402, 8 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 24, 0, 120000000, 120000000, 0), (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 6, 0, 30000000, 30000000, 0), (0, 1, 1, 1, 1, 40, 'python', NULL, NULL, 1, 15, 0, 75000000, 75000000, 0);
-- expect: tasks /srv/app.py:32 50.0% >=1.350ms likely
-- says: asyncio itself takes 1.50 ms a request, for tasks that wait 0.10 ms in all: each comes back to the loop 402 times.
-- says: route: /
-- says: turns of the loop: 402 per request
-- says: not cpu-hog-in-event-loop: 402 turns of 0.007 ms each

-- case: near-miss cpu-hog-in-event-loop: one turn that computes, beside a few of asyncio's
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/asyncio/base_events.py', 'BaseEventLoop.create_task', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 32, 9, 0, 436, 3, 32);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps, flags) SELECT i + 1, 1, 'request', 1, i * 50000000, 3000000, 2900000, 2900000, 100000, 0, 4, 8 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 24, 0, 120000000, 120000000, 0), (0, 1, 1, 1, 1, 40, 'python', NULL, NULL, 1, 25, 0, 125000000, 125000000, 0);
-- says: ruled out: at most 4 turns of the loop in a request that asks nothing outside

-- case: near-miss middleware-tax: the turns are those of the framework's layers
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/asyncio/base_events.py', 'BaseEventLoop.create_task', 1, 'stdlib', 1, x''), (11, '/venv/site-packages/starlette/middleware/base.py', 'BaseHTTPMiddleware.__call__', 1, 'library', 1, x'');
INSERT INTO stack VALUES (800, 32, 11, 0, 180, 3, 32), (900, 800, 9, 0, 436, 4, 32), (901, 32, 9, 0, 436, 3, 32);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps, flags) SELECT i + 1, 1, 'request', 1, i * 50000000, 3000000, 2700000, 2700000, 300000, 200000, 40, 8 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 30, 0, 150000000, 150000000, 0), (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 20, 0, 100000000, 100000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 50000000, 5000000, 'python', 900, NULL FROM n;

-- case: near-miss slow-event-loop: a short handler, its loop and the server's transport in plain Python
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/asyncio/selector_events.py', '_SelectorSocketTransport.write', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 1057, 2, 0);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps, flags) SELECT i + 1, 1, 'request', 1, i * 50000000, 3000000, 2700000, 2700000, 300000, 200000, 25, 8 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0);
-- says: ruled out: asyncio takes 0 ms a request

-- case: miss tasks that wait, for each other's answers from a pool
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/asyncio/base_events.py', 'BaseEventLoop.create_task', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 32, 9, 0, 436, 3, 32);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps, flags) SELECT i + 1, 1, 'request', 1, i * 50000000, 4700000, 2700000, 2700000, 2000000, 200000, 402, 8 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 30, 0, 150000000, 150000000, 0);
-- says: ruled out: asyncio takes 1.50 ms a request with 402 turns of the loop, which waits for 1.80 ms
-- says not: too few to tell

-- case: miss tasks that wait for timers, most of them at once
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/asyncio/base_events.py', 'BaseEventLoop.create_task', 1, 'stdlib', 1, x''), (10, '/usr/lib/python3.12/asyncio/base_events.py', 'BaseEventLoop.call_at', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 32, 9, 0, 436, 3, 32), (901, 33, 10, 0, 736, 3, 33);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps, flags) SELECT i + 1, 1, 'request', 1, i * 50000000, 3300000, 2700000, 2700000, 600000, 200000, 402, 8 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 28, 0, 140000000, 140000000, 0), (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 2, 0, 10000000, 10000000, 0);
-- says: ruled out: asyncio takes 1.50 ms a request with 402 turns of the loop, which waits for 0.40 ms

-- case: miss tasks that each ask another service
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/asyncio/base_events.py', 'BaseEventLoop.create_task', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 32, 9, 0, 436, 3, 32);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps, flags) SELECT i + 1, 1, 'request', 1, i * 50000000, 3000000, 2700000, 2700000, 300000, 200000, 402, 8 FROM n;
INSERT INTO usage_10s VALUES (0, 1, 'send', 32, 'http', NULL, 0, 0, 100, 10000, 0, 90000000, 90000000, 90000, 0, 0, 0);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 30, 0, 150000000, 150000000, 0);
-- says: ruled out: at most 1 turn of the loop in a request that asks nothing outside

-- case: miss fifteen turns
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/asyncio/base_events.py', 'BaseEventLoop.create_task', 1, 'stdlib', 1, x''), (10, '/usr/lib/python3.12/asyncio/base_events.py', 'BaseEventLoop.call_later', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 32, 9, 0, 436, 3, 32), (901, 33, 10, 0, 736, 3, 33), (902, 34, 9, 0, 436, 3, 34), (903, 35, 9, 0, 436, 3, 35);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps, flags) SELECT i + 1, 1, 'request', 1, i * 50000000, 3000000, 2700000, 2700000, 300000, 200000, 15, 8 FROM n;
INSERT INTO usage_10s VALUES (0, 1, 'send', 32, 'http', NULL, 0, 0, 100, 100, 0, 9000000, 9000000, 90000, 0, 0, 0);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 30, 0, 150000000, 150000000, 0);
-- says: ruled out: at most 15 turns of the loop in a request that asks nothing outside

-- case: hit a few of many turns ask a service; two lines make the tasks, a third hardly any
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/asyncio/base_events.py', 'BaseEventLoop.create_task', 1, 'stdlib', 1, x''), (10, '/usr/lib/python3.12/asyncio/base_events.py', 'BaseEventLoop.call_later', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 32, 9, 0, 436, 3, 32), (901, 33, 10, 0, 736, 3, 33), (902, 34, 9, 0, 436, 3, 34), (903, 35, 9, 0, 436, 3, 35);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps, flags) SELECT i + 1, 1, 'request', 1, i * 50000000, 3000000, 2700000, 2700000, 300000, 200000, 402, 8 FROM n;
INSERT INTO usage_10s VALUES (0, 1, 'send', 32, 'http', NULL, 0, 0, 100, 3000, 0, 90000000, 90000000, 90000, 0, 0, 0);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 20, 0, 100000000, 100000000, 0), (0, 1, 1, 1, 1, 902, 'python', NULL, NULL, 1, 6, 0, 30000000, 30000000, 0), (0, 1, 1, 1, 1, 903, 'python', NULL, NULL, 1, 3, 0, 15000000, 15000000, 0), (0, 1, 1, 1, 1, 1000, 'python', NULL, NULL, 1, 30, 0, 150000000, 150000000, 0);
-- expect: tasks /srv/app.py:32 48.3% >=1.305ms likely
-- says: at /srv/app.py:34
-- says not: at /srv/app.py:35

-- case: miss each seventh turn asks a service
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/asyncio/base_events.py', 'BaseEventLoop.create_task', 1, 'stdlib', 1, x''), (10, '/usr/lib/python3.12/asyncio/base_events.py', 'BaseEventLoop.call_later', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 32, 9, 0, 436, 3, 32), (901, 33, 10, 0, 736, 3, 33), (902, 34, 9, 0, 436, 3, 34), (903, 35, 9, 0, 436, 3, 35);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps, flags) SELECT i + 1, 1, 'request', 1, i * 50000000, 3000000, 2700000, 2700000, 300000, 200000, 402, 8 FROM n;
INSERT INTO usage_10s VALUES (0, 1, 'send', 32, 'http', NULL, 0, 0, 100, 6000, 0, 90000000, 90000000, 90000, 0, 0, 0);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 30, 0, 150000000, 150000000, 0);
-- says: ruled out: at most 1 turn of the loop in a request that asks nothing outside

-- case: miss few samples
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/asyncio/base_events.py', 'BaseEventLoop.create_task', 1, 'stdlib', 1, x''), (10, '/usr/lib/python3.12/asyncio/base_events.py', 'BaseEventLoop.call_later', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 32, 9, 0, 436, 3, 32), (901, 33, 10, 0, 736, 3, 33), (902, 34, 9, 0, 436, 3, 34), (903, 35, 9, 0, 436, 3, 35);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps, flags) SELECT i + 1, 1, 'request', 1, i * 50000000, 3000000, 2700000, 2700000, 300000, 200000, 402, 8 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 15, 0, 75000000, 75000000, 0), (0, 1, 1, 1, 1, 1000, 'python', NULL, NULL, 1, 30, 0, 150000000, 150000000, 0);
-- says: 15 samples are too few to tell

-- case: hit they wait nearly as long
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/asyncio/base_events.py', 'BaseEventLoop.create_task', 1, 'stdlib', 1, x''), (10, '/usr/lib/python3.12/asyncio/base_events.py', 'BaseEventLoop.call_later', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 32, 9, 0, 436, 3, 32), (901, 33, 10, 0, 736, 3, 33), (902, 34, 9, 0, 436, 3, 34), (903, 35, 9, 0, 436, 3, 35);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps, flags) SELECT i + 1, 1, 'request', 1, i * 50000000, 4200000, 2700000, 2700000, 1500000, 200000, 402, 8 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 30, 0, 150000000, 150000000, 0), (0, 1, 1, 1, 1, 1000, 'python', NULL, NULL, 1, 30, 0, 150000000, 150000000, 0);
-- expect: tasks /srv/app.py:32 35.7% >=1.350ms likely

-- case: hit timers are set, and hardly anything waits for them
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/asyncio/base_events.py', 'BaseEventLoop.create_task', 1, 'stdlib', 1, x''), (10, '/usr/lib/python3.12/asyncio/base_events.py', 'BaseEventLoop.call_later', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 32, 9, 0, 436, 3, 32), (901, 33, 10, 0, 736, 3, 33), (902, 34, 9, 0, 436, 3, 34), (903, 35, 9, 0, 436, 3, 35);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps, flags) SELECT i + 1, 1, 'request', 1, i * 50000000, 3100000, 2700000, 2700000, 400000, 200000, 402, 8 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 28, 0, 140000000, 140000000, 0), (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 2, 0, 10000000, 10000000, 0), (0, 1, 1, 1, 1, 1000, 'python', NULL, NULL, 1, 30, 0, 150000000, 150000000, 0);
-- expect: tasks /srv/app.py:32 48.4% >=1.350ms likely

-- case: hit 24 turns
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/asyncio/base_events.py', 'BaseEventLoop.create_task', 1, 'stdlib', 1, x''), (10, '/usr/lib/python3.12/asyncio/base_events.py', 'BaseEventLoop.call_later', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 32, 9, 0, 436, 3, 32), (901, 33, 10, 0, 736, 3, 33), (902, 34, 9, 0, 436, 3, 34), (903, 35, 9, 0, 436, 3, 35);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps, flags) SELECT i + 1, 1, 'request', 1, i * 50000000, 3000000, 2700000, 2700000, 300000, 200000, 24, 8 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 24, 0, 120000000, 120000000, 0), (0, 1, 1, 1, 1, 1000, 'python', NULL, NULL, 1, 30, 0, 150000000, 150000000, 0);
-- expect: tasks /srv/app.py:32 40.0% >=1.080ms likely

-- case: miss tasks that each do their work in a thread
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/asyncio/base_events.py', 'BaseEventLoop.create_task', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 32, 9, 0, 436, 3, 32);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps, flags) SELECT i + 1, 1, 'request', 1, i * 50000000, 3000000, 2700000, 2700000, 300000, 200000, 402, 8 FROM n;
INSERT INTO text VALUES (900, 'thread.hop');
INSERT INTO usage_10s VALUES (0, 1, 'span', 32, NULL, 900, 0, 0, 100, 10000, 0, 90000000, 90000000, 90000, 0, 0, 0);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 30, 0, 150000000, 150000000, 0);
-- says: ruled out: at most 1 turn of the loop in a request that asks nothing outside

-- case: hit on two routes
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/asyncio/base_events.py', 'BaseEventLoop.create_task', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 32, 9, 0, 436, 3, 32);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps, flags) SELECT i + 1, 1, 'request', 1 + i % 2, i * 50000000, 3000000, 2700000, 2700000, 300000, 200000, 402, 8 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 15, 0, 75000000, 75000000, 0), (0, 1, 1, 2, 1, 900, 'python', NULL, NULL, 1, 15, 0, 75000000, 75000000, 0), (0, 1, 1, 1, 1, 1000, 'python', NULL, NULL, 1, 30, 0, 150000000, 150000000, 0);
-- expect: tasks /srv/app.py:32 50.0% >=1.350ms likely
-- says not: route:

-- case: miss timers are three of a hundred samples, and it is twice what is waited for
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/asyncio/base_events.py', 'BaseEventLoop.create_task', 1, 'stdlib', 1, x''), (10, '/usr/lib/python3.12/asyncio/base_events.py', 'BaseEventLoop.call_at', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 32, 9, 0, 436, 3, 32), (901, 33, 10, 0, 736, 3, 33);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps, flags) SELECT i + 1, 1, 'request', 1, i * 50000000, 9000000, 6000000, 6000000, 3000000, 500000, 402, 8 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 97, 0, 485000000, 485000000, 0), (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 3, 0, 15000000, 15000000, 0);
-- says: ruled out: asyncio takes 5.00 ms a request with 402 turns of the loop, which waits for 2.50 ms

-- case: hit timers are three of two hundred samples: hardly any are set
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/asyncio/base_events.py', 'BaseEventLoop.create_task', 1, 'stdlib', 1, x''), (10, '/usr/lib/python3.12/asyncio/base_events.py', 'BaseEventLoop.call_at', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 32, 9, 0, 436, 3, 32), (901, 33, 10, 0, 736, 3, 33);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps, flags) SELECT i + 1, 1, 'request', 1, i * 50000000, 17000000, 11000000, 11000000, 6000000, 1500000, 402, 8 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 197, 0, 985000000, 985000000, 0), (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 3, 0, 15000000, 15000000, 0);
-- expect: tasks /srv/app.py:32 58.8% >=9.000ms likely

-- case: hit the framework's layers take two fifths of that besides
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/asyncio/base_events.py', 'BaseEventLoop.create_task', 1, 'stdlib', 1, x''), (11, '/venv/site-packages/starlette/middleware/base.py', 'BaseHTTPMiddleware.__call__', 1, 'library', 1, x'');
INSERT INTO stack VALUES (800, 32, 11, 0, 180, 3, 32), (900, 800, 9, 0, 436, 4, 32), (901, 32, 9, 0, 436, 3, 32);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps, flags) SELECT i + 1, 1, 'request', 1, i * 50000000, 3000000, 2700000, 2700000, 300000, 200000, 402, 8 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 16, 0, 80000000, 80000000, 0), (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 50000000, 5000000, 'python', 900, NULL FROM n;
-- expect: tasks /srv/app.py:32 66.7% >=1.800ms likely

-- case: near-miss middleware-tax: the framework's layers take seven tenths of that besides
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/asyncio/base_events.py', 'BaseEventLoop.create_task', 1, 'stdlib', 1, x''), (11, '/venv/site-packages/starlette/middleware/base.py', 'BaseHTTPMiddleware.__call__', 1, 'library', 1, x'');
INSERT INTO stack VALUES (800, 32, 11, 0, 180, 3, 32), (900, 800, 9, 0, 436, 4, 32), (901, 32, 9, 0, 436, 3, 32);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps, flags) SELECT i + 1, 1, 'request', 1, i * 50000000, 3000000, 2700000, 2700000, 300000, 200000, 402, 8 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 23, 0, 115000000, 115000000, 0), (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 33, 0, 165000000, 165000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 50000000, 5000000, 'python', 900, NULL FROM n;
