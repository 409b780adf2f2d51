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
