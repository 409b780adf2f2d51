-- case: hit five calls from one line in the request's own task
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/starlette/routing.py', 'Route.handle', 1, 'library', 1, x'');
INSERT INTO stack VALUES (309, 0, 9, 0, 288, 1, 0), (310, 309, 2, 0, 7, 2, 310);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns)
  SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 4000000, 36000000, 1000000 FROM n WHERE i < 10;
INSERT INTO usage_10s VALUES (0, 1, 'send', 310, 'http', NULL, 0, 1, 10, 50, 0, 1000000, 1000000, 30000, 4000, 0, 0),
  (0, 1, 'recv', 1000, 'http', NULL, 0, 1, 10, 50, 0, 1000000, 1000000, 30000, 4000, 0, 0);
-- expect: app.py:7 /srv/app.py:7 87.5% 28.000ms possible
-- says: route: /
-- says not: at /venv/lib/python3.12/site-packages/starlette/routing.py:288 Route.handle

-- case: hit uvloop, whose reads are nobody's: three lines await a helper that sends in two parts
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/starlette/routing.py', 'Route.handle', 1, 'library', 1, x''),
  (10, '/srv/client.py', 'fetch', 1, 'app', 1, x''), (11, '/venv/lib/python3.12/site-packages/httpcore/_async/http11.py', 'send', 1, 'library', 1, x'');
INSERT INTO stack VALUES (809, 0, 9, 0, 288, 1, 0), (810, 809, 2, 0, 7, 2, 810), (811, 810, 10, 0, 3, 3, 811), (812, 811, 11, 0, 50, 4, 811), (813, 811, 11, 0, 60, 4, 811),
  (820, 809, 2, 0, 8, 2, 820), (821, 820, 10, 0, 3, 3, 821), (822, 821, 11, 0, 50, 4, 821), (823, 821, 11, 0, 60, 4, 821),
  (830, 809, 2, 0, 9, 2, 830), (831, 830, 10, 0, 3, 3, 831), (832, 831, 11, 0, 50, 4, 831), (833, 831, 11, 0, 60, 4, 831);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns)
  SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 4000000, 36000000, 1000000 FROM n WHERE i < 10;
INSERT INTO usage_10s SELECT 0, 1, 'send', 812 + column1, 'http', NULL, 0, 1, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0 FROM (VALUES (0), (1), (10), (11), (20), (21));
-- expect: client.py:3 /srv/app.py:7 87.5% 23.333ms possible

-- case: near-miss sequential-upstream-calls: the thread itself waits, no loop is there
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns)
  SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 36000000 FROM n WHERE i < 10;
INSERT INTO usage_10s VALUES (0, 1, 'send', 7, 'http', NULL, 0, 0, 10, 50, 0, 1000000, 1000000, 30000, 4000, 0, 0),
  (0, 1, 'recv', 7, 'http', NULL, 0, 0, 10, 50, 0, 1000000, 1000000, 30000, 4000, 0, 0);

-- case: near-miss slow-upstream: one call, sent in four parts
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns)
  SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 4000000, 36000000, 1000000 FROM n WHERE i < 10;
INSERT INTO usage_10s VALUES (0, 1, 'send', 7, 'http', NULL, 0, 1, 10, 40, 0, 1000000, 1000000, 30000, 4000, 0, 0),
  (0, 1, 'recv', 1000, 'http', NULL, 0, 1, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0);

-- case: miss uvloop, and one call that is sent in four parts
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/starlette/routing.py', 'Route.handle', 1, 'library', 1, x''),
  (11, '/venv/lib/python3.12/site-packages/httpcore/_async/http11.py', 'send', 1, 'library', 1, x'');
INSERT INTO stack VALUES (809, 0, 9, 0, 288, 1, 0), (810, 809, 2, 0, 7, 2, 810), (811, 810, 11, 0, 50, 3, 810), (812, 810, 11, 0, 60, 3, 810), (813, 810, 11, 0, 70, 3, 810), (814, 810, 11, 0, 80, 3, 810);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns)
  SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 4000000, 36000000, 1000000 FROM n WHERE i < 10;
INSERT INTO usage_10s SELECT 0, 1, 'send', column1, 'http', NULL, 0, 1, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0 FROM (VALUES (811), (812), (813), (814));

-- case: miss five calls, each in a task of its own
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/asyncio/events.py', 'Handle._run', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (309, 0, 9, 0, 88, 1, 0), (311, 309, 2, 0, 7, 2, 311);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns)
  SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 12000000, 4000000, 4000000, 8000000, 1000000 FROM n WHERE i < 10;
INSERT INTO usage_10s VALUES (0, 1, 'send', 311, 'http', NULL, 0, 1, 10, 50, 0, 1000000, 1000000, 30000, 4000, 0, 0),
  (0, 1, 'recv', 1000, 'http', NULL, 0, 1, 10, 50, 0, 1000000, 1000000, 30000, 4000, 0, 0);

-- case: miss five calls, each in a task of its own, of an application that starts its server itself
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/asyncio/events.py', 'Handle._run', 1, 'stdlib', 1, x''), (10, '/srv/main.py', '<module>', 1, 'app', 1, x''), (13, '<frozen runpy>', '_run_code', 1, 'stdlib', 1, x''), (11, '/venv/lib/python3.12/site-packages/aiohttp/web.py', 'run_app', 1, 'library', 1, x'');
INSERT INTO stack VALUES (306, 0, 13, 0, 88, 1, 0), (307, 306, 10, 0, 90, 2, 307), (308, 307, 11, 0, 500, 3, 307), (309, 308, 9, 0, 88, 4, 307), (311, 309, 2, 0, 7, 5, 311);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns)
  SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 12000000, 4000000, 4000000, 8000000, 1000000 FROM n WHERE i < 10;
INSERT INTO usage_10s VALUES (0, 1, 'send', 311, 'http', NULL, 0, 1, 10, 50, 0, 1000000, 1000000, 30000, 4000, 0, 0),
  (0, 1, 'recv', 1000, 'http', NULL, 0, 1, 10, 50, 0, 1000000, 1000000, 30000, 4000, 0, 0);

-- case: miss the same with uvloop, whose frames are not seen
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (10, '/srv/main.py', '<module>', 1, 'app', 1, x''), (13, '<frozen runpy>', '_run_code', 1, 'stdlib', 1, x''), (11, '/venv/lib/python3.12/site-packages/aiohttp/web.py', 'run_app', 1, 'library', 1, x'');
INSERT INTO stack VALUES (306, 0, 13, 0, 88, 1, 0), (307, 306, 10, 0, 90, 2, 307), (308, 307, 11, 0, 500, 3, 307), (311, 308, 2, 0, 7, 4, 311);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns)
  SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 12000000, 4000000, 4000000, 8000000, 1000000 FROM n WHERE i < 10;
INSERT INTO usage_10s VALUES (0, 1, 'send', 311, 'http', NULL, 0, 1, 10, 50, 0, 1000000, 1000000, 30000, 4000, 0, 0),
  (0, 1, 'recv', 1000, 'http', NULL, 0, 1, 10, 50, 0, 1000000, 1000000, 30000, 4000, 0, 0);

-- case: hit five calls in the request's own task, of an application that starts its server itself
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/asyncio/events.py', 'Handle._run', 1, 'stdlib', 1, x''), (10, '/srv/main.py', '<module>', 1, 'app', 1, x''), (11, '/venv/lib/python3.12/site-packages/aiohttp/web.py', 'run_app', 1, 'library', 1, x''),
  (12, '/venv/lib/python3.12/site-packages/aiohttp/web_protocol.py', 'RequestHandler.start', 1, 'library', 1, x'');
INSERT INTO stack VALUES (306, 0, 10, 0, 90, 1, 306), (307, 306, 11, 0, 500, 2, 306), (308, 307, 9, 0, 88, 3, 306), (309, 308, 12, 0, 500, 4, 306), (311, 309, 2, 0, 7, 5, 311);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns)
  SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 4000000, 36000000, 1000000 FROM n WHERE i < 10;
INSERT INTO usage_10s VALUES (0, 1, 'send', 311, 'http', NULL, 0, 1, 10, 50, 0, 1000000, 1000000, 30000, 4000, 0, 0),
  (0, 1, 'recv', 1000, 'http', NULL, 0, 1, 10, 50, 0, 1000000, 1000000, 30000, 4000, 0, 0);
-- expect: app.py:7 /srv/app.py:7 87.5% 28.000ms possible
-- says not: /srv/main.py

-- case: miss two calls from one line
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns)
  SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 4000000, 36000000, 1000000 FROM n WHERE i < 10;
INSERT INTO usage_10s VALUES (0, 1, 'send', 7, 'http', NULL, 0, 1, 10, 20, 0, 1000000, 1000000, 30000, 4000, 0, 0),
  (0, 1, 'recv', 1000, 'http', NULL, 0, 1, 10, 20, 0, 1000000, 1000000, 30000, 4000, 0, 0);
-- says: ruled out: at most 2.0 calls of another service from one line in a request's own task

-- case: miss one call over a connection that agrees on TLS keys: three sends
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/starlette/routing.py', 'Route.handle', 1, 'library', 1, x'');
INSERT INTO stack VALUES (309, 0, 9, 0, 288, 1, 0), (310, 309, 2, 0, 7, 2, 310);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns)
  SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 4000000, 36000000, 1000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, tls, opened_ns, open_dur_ns, open_unit_id, open_stack_id, closed_ns, close_unit_id, uses, tls_ns)
  SELECT i + 1, 1, 'socket', 'unknown', 'pay:443', 1, i * 100000000 + 1000, 600000, i + 1, 1000, i * 100000000 + 9000000, i + 1, 1, 2000000 FROM n WHERE i < 10;
INSERT INTO usage_10s VALUES (0, 1, 'send', 310, 'unknown', NULL, 0, 1, 10, 30, 0, 1000000, 1000000, 30000, 4000, 0, 0),
  (0, 1, 'recv', 1000, 'unknown', NULL, 0, 1, 10, 50, 0, 1000000, 1000000, 30000, 4000, 0, 0);
-- says not: ruled out

-- case: hit three lines of the handler await three helpers, which share one that sends
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/starlette/routing.py', 'Route.handle', 1, 'library', 1, x''),
  (10, '/srv/client.py', 'fetch', 1, 'app', 1, x''), (11, '/venv/lib/python3.12/site-packages/httpcore/_async/http11.py', 'send', 1, 'library', 1, x''),
  (12, '/srv/client.py', 'orders', 11, 'app', 1, x''), (13, '/srv/client.py', 'profile', 21, 'app', 1, x''), (14, '/srv/client.py', 'coupons', 31, 'app', 1, x'');
INSERT INTO stack VALUES (809, 0, 9, 0, 288, 1, 0), (810, 809, 2, 0, 7, 2, 810), (811, 810, 12, 0, 12, 3, 811), (812, 811, 10, 0, 3, 4, 812), (813, 812, 11, 0, 50, 5, 812),
  (820, 809, 2, 0, 8, 2, 820), (821, 820, 13, 0, 22, 3, 821), (822, 821, 10, 0, 3, 4, 822), (823, 822, 11, 0, 50, 5, 822),
  (830, 809, 2, 0, 9, 2, 830), (831, 830, 14, 0, 32, 3, 831), (832, 831, 10, 0, 3, 4, 832), (833, 832, 11, 0, 50, 5, 832);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns)
  SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 4000000, 36000000, 1000000 FROM n WHERE i < 10;
INSERT INTO usage_10s SELECT 0, 1, 'send', column1, 'http', NULL, 0, 1, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0 FROM (VALUES (813), (823), (833));
-- expect: client.py:3 /srv/app.py:7 87.5% 23.333ms possible
-- says: at /srv/app.py:9
-- says: at /srv/client.py:3
-- says not: at /srv/client.py:12
-- says not: at /srv/client.py:32 coupons

-- case: hit three lines, one call each, and none needs what another gave
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/starlette/routing.py', 'Route.handle', 1, 'library', 1, x''), (10, 'tests/rules/source_calls.py', 'home', 4, 'app', 1, x''),
  (11, '/usr/lib/python3.12/asyncio/events.py', 'Handle._run', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (309, 0, 9, 0, 288, 1, 0), (310, 309, 10, 0, 5, 2, 310), (311, 309, 10, 0, 6, 2, 311), (312, 309, 10, 0, 7, 2, 312);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns)
  SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 4000000, 36000000, 1000000 FROM n WHERE i < 10;
INSERT INTO usage_10s VALUES (0, 1, 'send', 310, 'http', NULL, 0, 1, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0), (0, 1, 'send', 311, 'http', NULL, 0, 1, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0), (0, 1, 'send', 312, 'http', NULL, 0, 1, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0);
-- expect: source_calls.py:home tests/rules/source_calls.py:5 87.5% 23.333ms possible
-- says: 3 lines of home() each call another service, one after the other, and none needs what another gave.
-- says: at tests/rules/source_calls.py:7 home
-- says: lines 5,6,7 each wait for an answer

-- case: hit one of the calls goes out in nine of ten requests
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/starlette/routing.py', 'Route.handle', 1, 'library', 1, x''), (10, 'tests/rules/source_calls.py', 'home', 4, 'app', 1, x''),
  (11, '/usr/lib/python3.12/asyncio/events.py', 'Handle._run', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (309, 0, 9, 0, 288, 1, 0), (310, 309, 10, 0, 5, 2, 310), (311, 309, 10, 0, 6, 2, 311), (312, 309, 10, 0, 7, 2, 312);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns)
  SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 4000000, 36000000, 1000000 FROM n WHERE i < 10;
INSERT INTO usage_10s VALUES (0, 1, 'send', 310, 'http', NULL, 0, 1, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0), (0, 1, 'send', 311, 'http', NULL, 0, 1, 9, 9, 0, 1000000, 1000000, 30000, 4000, 0, 0), (0, 1, 'send', 312, 'http', NULL, 0, 1, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0);
-- expect: source_calls.py:home tests/rules/source_calls.py:5 87.5% 23.333ms possible

-- case: miss one of the calls goes out in eight of ten requests: the others decide
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/starlette/routing.py', 'Route.handle', 1, 'library', 1, x''), (10, 'tests/rules/source_calls.py', 'home', 4, 'app', 1, x''),
  (11, '/usr/lib/python3.12/asyncio/events.py', 'Handle._run', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (309, 0, 9, 0, 288, 1, 0), (310, 309, 10, 0, 5, 2, 310), (311, 309, 10, 0, 6, 2, 311), (312, 309, 10, 0, 7, 2, 312);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns)
  SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 4000000, 36000000, 1000000 FROM n WHERE i < 10;
INSERT INTO usage_10s VALUES (0, 1, 'send', 310, 'http', NULL, 0, 1, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0), (0, 1, 'send', 311, 'http', NULL, 0, 1, 8, 8, 0, 1000000, 1000000, 30000, 4000, 0, 0), (0, 1, 'send', 312, 'http', NULL, 0, 1, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0);

-- case: miss one line needs what another gave
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/starlette/routing.py', 'Route.handle', 1, 'library', 1, x''), (10, 'tests/rules/source_calls.py', 'needing', 11, 'app', 1, x''),
  (11, '/usr/lib/python3.12/asyncio/events.py', 'Handle._run', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (309, 0, 9, 0, 288, 1, 0), (310, 309, 10, 0, 12, 2, 310), (311, 309, 10, 0, 13, 2, 311), (312, 309, 10, 0, 14, 2, 312);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns)
  SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 4000000, 36000000, 1000000 FROM n WHERE i < 10;
INSERT INTO usage_10s VALUES (0, 1, 'send', 310, 'http', NULL, 0, 1, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0), (0, 1, 'send', 311, 'http', NULL, 0, 1, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0), (0, 1, 'send', 312, 'http', NULL, 0, 1, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0);

-- case: miss they are tasks of their own
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/starlette/routing.py', 'Route.handle', 1, 'library', 1, x''), (10, 'tests/rules/source_calls.py', 'home', 4, 'app', 1, x''),
  (11, '/usr/lib/python3.12/asyncio/events.py', 'Handle._run', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (309, 0, 11, 0, 288, 1, 0), (310, 309, 10, 0, 5, 2, 310), (311, 309, 10, 0, 6, 2, 311), (312, 309, 10, 0, 7, 2, 312);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns)
  SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 4000000, 36000000, 1000000 FROM n WHERE i < 10;
INSERT INTO usage_10s VALUES (0, 1, 'send', 310, 'http', NULL, 0, 1, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0), (0, 1, 'send', 311, 'http', NULL, 0, 1, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0), (0, 1, 'send', 312, 'http', NULL, 0, 1, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0);

-- case: miss two lines
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/starlette/routing.py', 'Route.handle', 1, 'library', 1, x''), (10, 'tests/rules/source_calls.py', 'home', 4, 'app', 1, x''),
  (11, '/usr/lib/python3.12/asyncio/events.py', 'Handle._run', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (309, 0, 9, 0, 288, 1, 0), (310, 309, 10, 0, 5, 2, 310), (311, 309, 10, 0, 6, 2, 311);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns)
  SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 4000000, 36000000, 1000000 FROM n WHERE i < 10;
INSERT INTO usage_10s VALUES (0, 1, 'send', 310, 'http', NULL, 0, 1, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0), (0, 1, 'send', 311, 'http', NULL, 0, 1, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0);

-- case: near-miss sequential-upstream-calls: three lines in a thread
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/starlette/routing.py', 'Route.handle', 1, 'library', 1, x''), (10, 'tests/rules/source_calls.py', 'home', 4, 'app', 1, x''),
  (11, '/usr/lib/python3.12/asyncio/events.py', 'Handle._run', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (309, 0, 9, 0, 288, 1, 0), (310, 309, 10, 0, 5, 2, 310), (311, 309, 10, 0, 6, 2, 311), (312, 309, 10, 0, 7, 2, 312);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns)
  SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 36000000 FROM n WHERE i < 10;
INSERT INTO usage_10s VALUES (0, 1, 'send', 310, 'http', NULL, 0, 0, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0), (0, 1, 'send', 311, 'http', NULL, 0, 0, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0), (0, 1, 'send', 312, 'http', NULL, 0, 0, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0);

-- case: hit three lines of a function await one that stands in the same file
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/starlette/routing.py', 'Route.handle', 1, 'library', 1, x''), (10, '/srv/client.py', 'fetch', 1, 'app', 1, x''), (11, '/srv/client.py', 'page', 20, 'app', 1, x''), (20, '/venv/lib/python3.12/site-packages/httpcore/_async/http11.py', 'send', 1, 'library', 1, x'');
INSERT INTO stack VALUES (809, 0, 9, 0, 288, 1, 0), (811, 809, 11, 0, 21, 2, 811), (812, 811, 10, 0, 3, 3, 812), (813, 812, 20, 0, 50, 4, 812), (821, 809, 11, 0, 22, 2, 821), (822, 821, 10, 0, 3, 3, 822), (823, 822, 20, 0, 50, 4, 822), (831, 809, 11, 0, 23, 2, 831), (832, 831, 10, 0, 3, 3, 832), (833, 832, 20, 0, 50, 4, 832);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns)
  SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 4000000, 36000000, 1000000 FROM n WHERE i < 10;
INSERT INTO usage_10s VALUES (0, 1, 'send', 813, 'http', NULL, 0, 1, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0), (0, 1, 'send', 823, 'http', NULL, 0, 1, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0), (0, 1, 'send', 833, 'http', NULL, 0, 1, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0), (0, 1, 'recv', 1000, 'http', NULL, 0, 1, 10, 30, 0, 1000000, 1000000, 30000, 4000, 0, 0);
-- expect: client.py:3 /srv/client.py:21 87.5% 23.333ms possible
-- says: at /srv/client.py:21 page
-- says: at /srv/client.py:23 page

-- case: hit three lines of a function await one of the same name in another file
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/starlette/routing.py', 'Route.handle', 1, 'library', 1, x''), (10, '/srv/client.py', 'get', 1, 'app', 1, x''), (11, '/srv/views.py', 'get', 20, 'app', 1, x''), (20, '/venv/lib/python3.12/site-packages/httpcore/_async/http11.py', 'send', 1, 'library', 1, x'');
INSERT INTO stack VALUES (809, 0, 9, 0, 288, 1, 0), (811, 809, 11, 0, 21, 2, 811), (812, 811, 10, 0, 3, 3, 812), (813, 812, 20, 0, 50, 4, 812), (821, 809, 11, 0, 22, 2, 821), (822, 821, 10, 0, 3, 3, 822), (823, 822, 20, 0, 50, 4, 822), (831, 809, 11, 0, 23, 2, 831), (832, 831, 10, 0, 3, 3, 832), (833, 832, 20, 0, 50, 4, 832);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns)
  SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 4000000, 36000000, 1000000 FROM n WHERE i < 10;
INSERT INTO usage_10s VALUES (0, 1, 'send', 813, 'http', NULL, 0, 1, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0), (0, 1, 'send', 823, 'http', NULL, 0, 1, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0), (0, 1, 'send', 833, 'http', NULL, 0, 1, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0), (0, 1, 'recv', 1000, 'http', NULL, 0, 1, 10, 30, 0, 1000000, 1000000, 30000, 4000, 0, 0);
-- expect: client.py:3 /srv/views.py:21 87.5% 23.333ms possible
-- says: at /srv/views.py:21 get
-- says: at /srv/views.py:23 get

-- case: hit one function awaits its neighbour in a loop: it is named, not who awaits it
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/starlette/routing.py', 'Route.handle', 1, 'library', 1, x''), (10, '/srv/client.py', 'fetch', 1, 'app', 1, x''), (11, '/srv/client.py', 'fetch_all', 10, 'app', 1, x''), (20, '/venv/lib/python3.12/site-packages/httpcore/_async/http11.py', 'send', 1, 'library', 1, x'');
INSERT INTO stack VALUES (809, 0, 9, 0, 288, 1, 0), (810, 809, 2, 0, 7, 2, 810), (811, 810, 11, 0, 12, 3, 811), (812, 811, 10, 0, 3, 4, 812), (813, 812, 20, 0, 50, 5, 812);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns)
  SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 4000000, 36000000, 1000000 FROM n WHERE i < 10;
INSERT INTO usage_10s VALUES (0, 1, 'send', 813, 'http', NULL, 0, 1, 10, 50, 0, 1000000, 1000000, 30000, 4000, 0, 0), (0, 1, 'recv', 1000, 'http', NULL, 0, 1, 10, 50, 0, 1000000, 1000000, 30000, 4000, 0, 0);
-- expect: client.py:3 /srv/client.py:3 87.5% 28.000ms possible
-- says: at /srv/client.py:3 fetch
-- says: at /srv/client.py:12 fetch_all
-- says not: at /srv/app.py:

-- case: hit one function awaits one of the same name in a loop
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/starlette/routing.py', 'Route.handle', 1, 'library', 1, x''), (10, '/srv/client.py', 'get', 1, 'app', 1, x''), (11, '/srv/views.py', 'get', 20, 'app', 1, x''), (20, '/venv/lib/python3.12/site-packages/httpcore/_async/http11.py', 'send', 1, 'library', 1, x'');
INSERT INTO stack VALUES (809, 0, 9, 0, 288, 1, 0), (811, 809, 11, 0, 22, 2, 811), (812, 811, 10, 0, 3, 3, 812), (813, 812, 20, 0, 50, 4, 812);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns)
  SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 4000000, 36000000, 1000000 FROM n WHERE i < 10;
INSERT INTO usage_10s VALUES (0, 1, 'send', 813, 'http', NULL, 0, 1, 10, 50, 0, 1000000, 1000000, 30000, 4000, 0, 0), (0, 1, 'recv', 1000, 'http', NULL, 0, 1, 10, 50, 0, 1000000, 1000000, 30000, 4000, 0, 0);
-- expect: client.py:3 /srv/client.py:3 87.5% 28.000ms possible
-- says: at /srv/views.py:22 get

-- case: hit beside three such lines another awaits a second service in a loop of its own
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/starlette/routing.py', 'Route.handle', 1, 'library', 1, x''), (10, '/srv/client.py', 'fetch', 1, 'app', 1, x''), (12, '/srv/stock.py', 'stock_of', 1, 'app', 1, x''), (13, '/srv/stock.py', 'stock_all', 29, 'app', 1, x''), (20, '/venv/lib/python3.12/site-packages/httpcore/_async/http11.py', 'send', 1, 'library', 1, x'');
INSERT INTO stack VALUES (809, 0, 9, 0, 288, 1, 0), (811, 809, 2, 0, 7, 2, 811), (812, 811, 10, 0, 3, 3, 812), (813, 812, 20, 0, 50, 4, 812), (821, 809, 2, 0, 8, 2, 821), (822, 821, 10, 0, 3, 3, 822), (823, 822, 20, 0, 50, 4, 822), (831, 809, 2, 0, 9, 2, 831), (832, 831, 10, 0, 3, 3, 832), (833, 832, 20, 0, 50, 4, 832), (840, 809, 2, 0, 20, 2, 840), (841, 840, 13, 0, 30, 3, 841), (842, 841, 12, 0, 5, 4, 842), (843, 842, 20, 0, 50, 5, 842);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns)
  SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 4000000, 36000000, 1000000 FROM n WHERE i < 10;
INSERT INTO usage_10s VALUES (0, 1, 'send', 813, 'http', NULL, 0, 1, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0), (0, 1, 'send', 823, 'http', NULL, 0, 1, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0), (0, 1, 'send', 833, 'http', NULL, 0, 1, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0), (0, 1, 'send', 843, 'http', NULL, 0, 1, 10, 40, 0, 1000000, 1000000, 30000, 4000, 0, 0), (0, 1, 'recv', 1000, 'http', NULL, 0, 1, 10, 70, 0, 1000000, 1000000, 30000, 4000, 0, 0);
-- expect: stock.py:5 /srv/stock.py:5 50.0% 15.000ms possible
-- expect: client.py:3 /srv/app.py:7 37.5% 10.000ms possible
-- says: at /srv/app.py:8 handler
-- says: at /srv/stock.py:30 stock_all
-- says not: at /srv/app.py:20
