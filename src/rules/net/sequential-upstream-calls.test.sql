-- case: hit four calls from one line, each after the answer of the one before
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns)
  SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 36000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, uses) VALUES (1, 1, 'socket', 'http', 'stock:80', 10);
INSERT INTO event SELECT u.i * 100000000 + q.i * 10000000 + 500000, 9000000, u.i + 1, 1, 'poll', 7, 1, NULL, 0, 1000, 0, 128, 0, 0, 1 FROM n u, n q WHERE u.i < 10 AND q.i < 4;
INSERT INTO usage_10s VALUES (0, 1, 'send', 7, 'http', NULL, 0, 0, 10, 40, 0, 1000000, 1000000, 30000, 4000, 0, 0);
-- expect: app.py:7 /srv/app.py:7 90.0% 28.500ms possible
-- says: 4 calls of another service wait for one another in a request to /.

-- case: near-miss sequential-awaits: the calls are made on an event loop, which waits for all of them
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns)
  SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 4000000, 36000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, uses) VALUES (1, 1, 'socket', 'http', 'stock:80', 10);
INSERT INTO event SELECT u.i * 100000000 + q.i * 10000000 + 500000, 60000, u.i + 1, 1, 'recv', 7, 1, NULL, 0, 1000, 0, 192, 0, 0, 1 FROM n u, n q WHERE u.i < 10 AND q.i < 4;
INSERT INTO usage_10s VALUES (0, 1, 'send', 7, 'http', NULL, 0, 1, 10, 40, 0, 1000000, 1000000, 30000, 4000, 0, 0);

-- case: near-miss slow-upstream: one call, whose long answer is read in six pieces
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns)
  SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 36000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, uses) VALUES (1, 1, 'socket', 'http', 'stock:80', 10);
INSERT INTO event SELECT u.i * 100000000 + q.i * 6000000 + 500000, 5000000, u.i + 1, 1, 'poll', 7, 1, NULL, 0, 1000, 0, 128, 0, 0, 1 FROM n u, n q WHERE u.i < 10 AND q.i < 6;
INSERT INTO usage_10s VALUES (0, 1, 'send', 7, 'http', NULL, 0, 0, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0);
-- says: ruled out: at most 1.0 calls of another service from one line of a request

-- case: miss four calls at the same time, each in a thread of its own
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, lock_ns)
  SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 12000000, 2000000, 10000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, uses) VALUES (1, 1, 'socket', 'http', 'stock:80', 10);
INSERT INTO event SELECT u.i * 100000000 + q.i * 100000 + 500000, 9000000, u.i + 1, 2 + q.i, 'poll', 7, 1, NULL, 0, 1000, 0, 128, 0, 0, 1 FROM n u, n q WHERE u.i < 10 AND q.i < 4;
INSERT INTO usage_10s VALUES (0, 1, 'send', 7, 'http', NULL, 0, 0, 10, 40, 0, 1000000, 1000000, 30000, 4000, 0, 0);
-- says not: ruled out: at most 1.0 calls of another service from one line of a request

-- case: miss two calls from one line, two from another, each
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns)
  SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 36000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, uses) VALUES (1, 1, 'socket', 'http', 'stock:80', 10);
INSERT INTO event SELECT u.i * 100000000 + q.i * 10000000 + 500000, 9000000, u.i + 1, 1, 'poll', 7 + q.i / 2, 1, NULL, 0, 1000, 0, 128, 0, 0, 1 FROM n u, n q WHERE u.i < 10 AND q.i < 4;
INSERT INTO usage_10s VALUES (0, 1, 'send', 7, 'http', NULL, 0, 0, 10, 20, 0, 1000000, 1000000, 30000, 4000, 0, 0), (0, 1, 'send', 8, 'http', NULL, 0, 0, 10, 20, 0, 1000000, 1000000, 30000, 4000, 0, 0);
-- says: ruled out: at most 2.0 calls of another service from one line of a request

-- case: miss statements of a database, one after the other
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns)
  SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 36000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 10);
INSERT INTO event SELECT u.i * 100000000 + q.i * 10000000 + 500000, 9000000, u.i + 1, 1, 'poll', 7, 1, NULL, 0, 1000, 0, 128, 0, 0, 1 FROM n u, n q WHERE u.i < 10 AND q.i < 4;
INSERT INTO usage_10s VALUES (0, 1, 'send', 7, 'postgresql', NULL, 0, 0, 10, 40, 0, 1000000, 1000000, 30000, 4000, 0, 0);

-- case: hit three lines of the handler call a helper, through one of their own
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (10, '/srv/client.py', 'fetch', 1, 'app', 1, x''), (12, '/srv/client.py', 'orders', 11, 'app', 1, x''), (13, '/srv/client.py', 'profile', 21, 'app', 1, x'');
INSERT INTO stack VALUES (811, 7, 12, 0, 12, 3, 811), (812, 811, 10, 0, 3, 4, 812), (821, 8, 13, 0, 22, 3, 821), (822, 821, 10, 0, 3, 4, 822), (831, 9, 13, 0, 22, 3, 831), (832, 831, 10, 0, 3, 4, 832);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns)
  SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 36000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, uses) VALUES (1, 1, 'socket', 'http', 'stock:80', 10);
INSERT INTO event SELECT u.i * 100000000 + q.i * 10000000 + 500000, 9000000, u.i + 1, 1, 'poll', 812 + 10 * q.i, 1, NULL, 0, 1000, 0, 128, 0, 0, 1 FROM n u, n q WHERE u.i < 10 AND q.i < 3;
INSERT INTO usage_10s SELECT 0, 1, 'send', column1, 'http', NULL, 0, 0, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0 FROM (VALUES (812), (822), (832));
-- expect: client.py:3 /srv/app.py:7 67.5% 19.000ms possible
-- says: at /srv/app.py:9
-- says: at /srv/client.py:3
-- says not: at /srv/client.py:12

-- case: hit three lines, one call each, and none needs what another gave: together they take as long as the longest
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/starlette/routing.py', 'Route.handle', 1, 'library', 1, x''), (10, 'tests/rules/source_calls.py', 'home', 4, 'app', 1, x''),
  (11, '/usr/lib/python3.12/asyncio/events.py', 'Handle._run', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (309, 0, 9, 0, 288, 1, 0), (310, 309, 10, 0, 5, 2, 310), (311, 309, 10, 0, 6, 2, 311), (312, 309, 10, 0, 7, 2, 312);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns)
  SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 36000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, uses) VALUES (1, 1, 'socket', 'http', 'stock:80', 10);
INSERT INTO event SELECT u.i * 100000000 + q.i * 10000000 + 500000, iif(q.i = 1, 15000000, 9000000), u.i + 1, 1, 'poll', 310 + q.i, 1, NULL, 0, 1000, 0, 128, 0, 0, 1 FROM n u, n q WHERE u.i < 10 AND q.i < 3;
INSERT INTO usage_10s VALUES (0, 1, 'send', 310, 'http', NULL, 0, 0, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0), (0, 1, 'send', 311, 'http', NULL, 0, 0, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0), (0, 1, 'send', 312, 'http', NULL, 0, 0, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0);
-- expect: source_calls.py:home tests/rules/source_calls.py:5 82.5% 18.000ms possible
-- says: 3 lines of home() each call another service, one after the other, and none needs what another gave.
-- says: claims call:tests/rules/source_calls.py:5: 110.000 ms

-- case: miss one line needs what another gave
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/starlette/routing.py', 'Route.handle', 1, 'library', 1, x''), (10, 'tests/rules/source_calls.py', 'needing', 11, 'app', 1, x''),
  (11, '/usr/lib/python3.12/asyncio/events.py', 'Handle._run', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (309, 0, 9, 0, 288, 1, 0), (310, 309, 10, 0, 12, 2, 310), (311, 309, 10, 0, 13, 2, 311), (312, 309, 10, 0, 14, 2, 312);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns)
  SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 36000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, uses) VALUES (1, 1, 'socket', 'http', 'stock:80', 10);
INSERT INTO event SELECT u.i * 100000000 + q.i * 10000000 + 500000, iif(q.i = 1, 15000000, 9000000), u.i + 1, 1, 'poll', 310 + q.i, 1, NULL, 0, 1000, 0, 128, 0, 0, 1 FROM n u, n q WHERE u.i < 10 AND q.i < 3;
INSERT INTO usage_10s VALUES (0, 1, 'send', 310, 'http', NULL, 0, 0, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0), (0, 1, 'send', 311, 'http', NULL, 0, 0, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0), (0, 1, 'send', 312, 'http', NULL, 0, 0, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0);

-- case: miss the application's threads make them
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/starlette/routing.py', 'Route.handle', 1, 'library', 1, x''), (10, 'tests/rules/source_calls.py', 'home', 4, 'app', 1, x''),
  (11, '/usr/lib/python3.12/concurrent/futures/thread.py', '_WorkItem.run', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (309, 0, 11, 0, 288, 1, 0), (310, 309, 10, 0, 5, 2, 310), (311, 309, 10, 0, 6, 2, 311), (312, 309, 10, 0, 7, 2, 312);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns)
  SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 36000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, uses) VALUES (1, 1, 'socket', 'http', 'stock:80', 10);
INSERT INTO event SELECT u.i * 100000000 + q.i * 10000000 + 500000, iif(q.i = 1, 15000000, 9000000), u.i + 1, 1, 'poll', 310 + q.i, 1, NULL, 0, 1000, 0, 128, 0, 0, 1 FROM n u, n q WHERE u.i < 10 AND q.i < 3;
INSERT INTO usage_10s VALUES (0, 1, 'send', 310, 'http', NULL, 0, 0, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0), (0, 1, 'send', 311, 'http', NULL, 0, 0, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0), (0, 1, 'send', 312, 'http', NULL, 0, 0, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0);

-- case: hit a function of the client calls its own in a loop: it is named, not who calls it
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (10, '/srv/client.py', 'fetch', 1, 'app', 1, x''), (11, '/srv/client.py', 'fetch_all', 10, 'app', 1, x''), (20, '/usr/lib/python3.12/http/client.py', 'HTTPConnection.send', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (811, 7, 11, 0, 12, 3, 811), (812, 811, 10, 0, 3, 4, 812), (813, 812, 20, 0, 1057, 5, 812);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns)
  SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 36000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, uses) VALUES (1, 1, 'socket', 'http', 'stock:80', 10);
INSERT INTO event SELECT u.i * 100000000 + q.column1 * 9500000 + 500000, 9000000, u.i + 1, 1, 'poll', q.column2, 1, NULL, 0, 1000, 0, 128, 0, 0, 1 FROM n u, (VALUES (0, 813), (1, 813), (2, 813), (3, 813)) q WHERE u.i < 10;
INSERT INTO usage_10s VALUES (0, 1, 'send', 813, 'http', NULL, 0, 0, 10, 40, 0, 1000000, 1000000, 30000, 4000, 0, 0);
-- expect: client.py:3 /srv/client.py:3 90.0% 27.750ms possible
-- says: at /srv/client.py:3 fetch
-- says: at /srv/client.py:12 fetch_all
-- says not: at /srv/app.py:

-- case: hit the loop stands in another file, by chance on a line of the same number
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (10, '/srv/client.py', 'fetch', 1, 'app', 1, x''), (20, '/usr/lib/python3.12/http/client.py', 'HTTPConnection.send', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (812, 7, 10, 0, 7, 3, 812), (813, 812, 20, 0, 1057, 4, 812);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns)
  SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 36000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, uses) VALUES (1, 1, 'socket', 'http', 'stock:80', 10);
INSERT INTO event SELECT u.i * 100000000 + q.column1 * 9500000 + 500000, 9000000, u.i + 1, 1, 'poll', q.column2, 1, NULL, 0, 1000, 0, 128, 0, 0, 1 FROM n u, (VALUES (0, 813), (1, 813), (2, 813), (3, 813)) q WHERE u.i < 10;
INSERT INTO usage_10s VALUES (0, 1, 'send', 813, 'http', NULL, 0, 0, 10, 40, 0, 1000000, 1000000, 30000, 4000, 0, 0);
-- expect: client.py:7 /srv/client.py:7 90.0% 27.750ms possible
-- says: at /srv/client.py:7 fetch
-- says: at /srv/app.py:7 handler

-- case: hit three lines call one helper each, all of which end in one that sends: the lines are named, the helpers not
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (10, '/srv/client.py', 'fetch', 1, 'app', 1, x''), (12, '/srv/client.py', 'orders', 11, 'app', 1, x''), (13, '/srv/client.py', 'profile', 21, 'app', 1, x''), (20, '/usr/lib/python3.12/http/client.py', 'HTTPConnection.send', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (811, 7, 12, 0, 12, 3, 811), (812, 811, 10, 0, 3, 4, 812), (813, 812, 20, 0, 1057, 5, 812), (821, 8, 13, 0, 22, 3, 821), (822, 821, 10, 0, 3, 4, 822), (823, 822, 20, 0, 1057, 5, 822), (831, 9, 13, 0, 22, 3, 831), (832, 831, 10, 0, 3, 4, 832), (833, 832, 20, 0, 1057, 5, 832);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns)
  SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 36000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, uses) VALUES (1, 1, 'socket', 'http', 'stock:80', 10);
INSERT INTO event SELECT u.i * 100000000 + q.column1 * 9500000 + 500000, 9000000, u.i + 1, 1, 'poll', q.column2, 1, NULL, 0, 1000, 0, 128, 0, 0, 1 FROM n u, (VALUES (0, 813), (1, 823), (2, 833)) q WHERE u.i < 10;
INSERT INTO usage_10s VALUES (0, 1, 'send', 813, 'http', NULL, 0, 0, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0), (0, 1, 'send', 823, 'http', NULL, 0, 0, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0), (0, 1, 'send', 833, 'http', NULL, 0, 0, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0);
-- expect: client.py:3 /srv/app.py:7 67.5% 18.500ms possible
-- says: at /srv/app.py:7 handler
-- says: at /srv/app.py:9 handler
-- says not: at /srv/client.py:12
-- says not: at /srv/client.py:22

-- case: hit beside such lines another calls a second service in a loop of its own: each has its own places
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (10, '/srv/client.py', 'fetch', 1, 'app', 1, x''), (12, '/srv/stock.py', 'stock_of', 1, 'app', 1, x''), (13, '/srv/stock.py', 'stock_all', 29, 'app', 1, x''), (20, '/usr/lib/python3.12/http/client.py', 'HTTPConnection.send', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (812, 7, 10, 0, 3, 3, 812), (813, 812, 20, 0, 1057, 4, 812), (822, 8, 10, 0, 3, 3, 822), (823, 822, 20, 0, 1057, 4, 822), (832, 9, 10, 0, 3, 3, 832), (833, 832, 20, 0, 1057, 4, 832), (841, 20, 13, 0, 30, 3, 841), (842, 841, 12, 0, 5, 4, 842), (843, 842, 20, 0, 1057, 5, 842);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns)
  SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 80000000, 4000000, 70000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, uses) VALUES (1, 1, 'socket', 'http', 'stock:80', 10);
INSERT INTO event SELECT u.i * 100000000 + q.column1 * 9500000 + 500000, 9000000, u.i + 1, 1, 'poll', q.column2, 1, NULL, 0, 1000, 0, 128, 0, 0, 1 FROM n u, (VALUES (0, 813), (1, 823), (2, 833), (3, 843), (4, 843), (5, 843)) q WHERE u.i < 10;
INSERT INTO usage_10s VALUES (0, 1, 'send', 813, 'http', NULL, 0, 0, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0), (0, 1, 'send', 823, 'http', NULL, 0, 0, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0), (0, 1, 'send', 833, 'http', NULL, 0, 0, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0), (0, 1, 'send', 843, 'http', NULL, 0, 0, 10, 30, 0, 1000000, 1000000, 30000, 4000, 0, 0);
-- expect: client.py:3 /srv/app.py:7 33.8% 18.500ms possible
-- expect: stock.py:5 /srv/stock.py:5 33.8% 18.500ms possible
-- says: at /srv/app.py:8 handler
-- says: at /srv/stock.py:30 stock_all
-- says not: at /srv/app.py:20

-- case: hit three lines of a function call one that stands in the same file
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (10, '/srv/client.py', 'fetch', 1, 'app', 1, x''), (11, '/srv/client.py', 'page', 20, 'app', 1, x''), (20, '/usr/lib/python3.12/http/client.py', 'HTTPConnection.send', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (811, 7, 11, 0, 21, 3, 811), (812, 811, 10, 0, 3, 4, 812), (813, 812, 20, 0, 1057, 5, 812), (821, 7, 11, 0, 22, 3, 821), (822, 821, 10, 0, 3, 4, 822), (823, 822, 20, 0, 1057, 5, 822), (831, 7, 11, 0, 23, 3, 831), (832, 831, 10, 0, 3, 4, 832), (833, 832, 20, 0, 1057, 5, 832);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns)
  SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 36000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, uses) VALUES (1, 1, 'socket', 'http', 'stock:80', 10);
INSERT INTO event SELECT u.i * 100000000 + q.column1 * 9500000 + 500000, 9000000, u.i + 1, 1, 'poll', q.column2, 1, NULL, 0, 1000, 0, 128, 0, 0, 1 FROM n u, (VALUES (0, 813), (1, 823), (2, 833)) q WHERE u.i < 10;
INSERT INTO usage_10s VALUES (0, 1, 'send', 813, 'http', NULL, 0, 0, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0), (0, 1, 'send', 823, 'http', NULL, 0, 0, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0), (0, 1, 'send', 833, 'http', NULL, 0, 0, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0);
-- expect: client.py:3 /srv/client.py:21 67.5% 18.500ms possible
-- says: at /srv/client.py:21 page
-- says: at /srv/client.py:23 page

-- case: hit three lines of a function call one of the same name in another file
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (10, '/srv/client.py', 'get', 1, 'app', 1, x''), (11, '/srv/views.py', 'get', 20, 'app', 1, x''), (20, '/usr/lib/python3.12/http/client.py', 'HTTPConnection.send', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (811, 7, 11, 0, 21, 3, 811), (812, 811, 10, 0, 3, 4, 812), (813, 812, 20, 0, 1057, 5, 812), (821, 7, 11, 0, 22, 3, 821), (822, 821, 10, 0, 3, 4, 822), (823, 822, 20, 0, 1057, 5, 822), (831, 7, 11, 0, 23, 3, 831), (832, 831, 10, 0, 3, 4, 832), (833, 832, 20, 0, 1057, 5, 832);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns)
  SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 36000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, uses) VALUES (1, 1, 'socket', 'http', 'stock:80', 10);
INSERT INTO event SELECT u.i * 100000000 + q.column1 * 9500000 + 500000, 9000000, u.i + 1, 1, 'poll', q.column2, 1, NULL, 0, 1000, 0, 128, 0, 0, 1 FROM n u, (VALUES (0, 813), (1, 823), (2, 833)) q WHERE u.i < 10;
INSERT INTO usage_10s VALUES (0, 1, 'send', 813, 'http', NULL, 0, 0, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0), (0, 1, 'send', 823, 'http', NULL, 0, 0, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0), (0, 1, 'send', 833, 'http', NULL, 0, 0, 10, 10, 0, 1000000, 1000000, 30000, 4000, 0, 0);
-- expect: client.py:3 /srv/views.py:21 67.5% 18.500ms possible
-- says: at /srv/views.py:21 get
-- says: at /srv/views.py:23 get

-- case: hit four calls over TLS, where what is said is not seen
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns)
  SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 36000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, tls, uses) VALUES (1, 1, 'socket', 'unknown', 'pay:443', 1, 10);
INSERT INTO event SELECT u.i * 100000000 + q.column1 * 9500000 + 500000, 9000000, u.i + 1, 1, 'poll', q.column2, 1, NULL, 0, 1000, 0, 128, 0, 0, 1 FROM n u, (VALUES (0, 7), (1, 7), (2, 7), (3, 7)) q WHERE u.i < 10;
INSERT INTO usage_10s VALUES (0, 1, 'send', 7, 'unknown', NULL, 0, 0, 10, 40, 0, 1000000, 1000000, 30000, 4000, 0, 0);
-- expect: app.py:7 /srv/app.py:7 90.0% 27.750ms possible

-- case: hit three calls over a connection that is kept; requests of another route agree on TLS keys each time
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns)
  SELECT i + 1, 1, 1, 'request', 1 + i % 2, i * 100000000, 40000000, 4000000, 30000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, tls, uses) VALUES (1, 1, 'socket', 'unknown', 'pay:443', 1, 10);
INSERT INTO handle(id, process_id, kind, peer_kind, peer, tls, opened_ns, open_dur_ns, open_unit_id, open_stack_id, closed_ns, close_unit_id, uses, tls_ns)
  SELECT 100 + i, 1, 'socket', 'unknown', 'mail:443', 1, i * 100000000 + 1000, 100000, i + 1, 1000, i * 100000000 + 9000000, i + 1, 1, 400000 FROM n WHERE i < 10 AND i % 2 = 1;
INSERT INTO event SELECT u.i * 100000000 + q.i * 9500000 + 500000, 9000000, u.i + 1, 1, 'poll', 7, 1, NULL, 0, 1000, 0, 128, 0, 0, 1 FROM n u, n q WHERE u.i < 10 AND u.i % 2 = 0 AND q.i < 3;
INSERT INTO usage_10s VALUES (0, 1, 'send', 7, 'unknown', NULL, 0, 0, 5, 15, 0, 1000000, 1000000, 30000, 4000, 0, 0), (0, 2, 'send', 9, 'unknown', NULL, 0, 0, 5, 15, 0, 1000000, 1000000, 30000, 4000, 0, 0);
-- expect: app.py:7 /srv/app.py:7 33.8% 9.250ms possible
-- says: route: /
