-- case: hit one call takes nearly all of the time
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 36000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, uses) VALUES (1, 1, 'socket', 'http', 'stock:80', 10);
INSERT INTO event SELECT i * 100000000 + 500000, 36000000, i + 1, 1, 'poll', 7, 1, NULL, 0, 1000, 0, 128, 0, 0, 1 FROM n WHERE i < 10;
INSERT INTO usage_10s VALUES (0, 1, 'send', 7, 'http', NULL, 0, 0, 10, 10, 0, 300000, 300000, 30000, 4000, 0, 0);
-- expect: app.py:7 /srv/app.py:7 90.0% - likely

-- case: hit one call is awaited
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 4000000, 36000000, 1000000 FROM n WHERE i < 10;
INSERT INTO usage_10s VALUES (0, 1, 'send', 7, 'http', NULL, 0, 1, 10, 10, 0, 300000, 300000, 30000, 4000, 0, 0);
-- expect: app.py:7 /srv/app.py:7 87.5% - likely
-- says: route: /

-- case: near-miss no-upstream-keep-alive: most of the time goes into connecting
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 36000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, uses) SELECT i + 1, 1, 'socket', 'http', 'stock:80', 1 FROM n WHERE i < 10;
INSERT INTO event SELECT i * 100000000 + 500000, 30000000, i + 1, 1, 'connect', 7, i + 1, NULL, 0, 1000, 0, 128, 0, 0, 1 FROM n WHERE i < 10;
INSERT INTO event SELECT i * 100000000 + 30500000, 6000000, i + 1, 1, 'poll', 7, i + 1, NULL, 0, 1000, 0, 128, 0, 0, 1 FROM n WHERE i < 10;
INSERT INTO usage_10s VALUES (0, 1, 'send', 7, 'http', NULL, 0, 0, 10, 10, 0, 300000, 300000, 30000, 4000, 0, 0);

-- case: near-miss sequential-upstream-calls: four calls in turn
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 36000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, uses) VALUES (1, 1, 'socket', 'http', 'stock:80', 10);
INSERT INTO event SELECT u.i * 100000000 + q.i * 10000000 + 500000, 9000000, u.i + 1, 1, 'poll', 7, 1, NULL, 0, 1000, 0, 128, 0, 0, 1 FROM n u, n q WHERE u.i < 10 AND q.i < 4;
INSERT INTO usage_10s VALUES (0, 1, 'send', 7, 'http', NULL, 0, 0, 10, 40, 0, 300000, 300000, 30000, 4000, 0, 0);
-- says: ruled out: the line waits for 4.0 answers in turn

-- case: near-miss sequential-awaits: five calls in turn
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 4000000, 36000000, 1000000 FROM n WHERE i < 10;
INSERT INTO usage_10s VALUES (0, 1, 'send', 7, 'http', NULL, 0, 1, 10, 50, 0, 300000, 300000, 30000, 4000, 0, 0);

-- case: miss a call that is a third of the time
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 26000000, 14000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, uses) VALUES (1, 1, 'socket', 'http', 'stock:80', 10);
INSERT INTO event SELECT i * 100000000 + 500000, 14000000, i + 1, 1, 'poll', 7, 1, NULL, 0, 1000, 0, 128, 0, 0, 1 FROM n WHERE i < 10;
INSERT INTO usage_10s VALUES (0, 1, 'send', 7, 'http', NULL, 0, 0, 10, 10, 0, 300000, 300000, 30000, 4000, 0, 0);

-- case: hit seven of ten requests await a call
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 4000000, 36000000, 1000000 FROM n WHERE i < 10;
INSERT INTO usage_10s VALUES (0, 1, 'send', 7, 'http', NULL, 0, 1, 7, 7, 0, 300000, 300000, 30000, 4000, 0, 0);
-- expect: app.py:7 /srv/app.py:7 87.5% - likely

-- case: miss four of ten requests await a call
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 4000000, 36000000, 1000000 FROM n WHERE i < 10;
INSERT INTO usage_10s VALUES (0, 1, 'send', 7, 'http', NULL, 0, 1, 4, 4, 0, 300000, 300000, 30000, 4000, 0, 0);

-- case: hit two calls in turn
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 4000000, 36000000, 1000000 FROM n WHERE i < 10;
INSERT INTO usage_10s VALUES (0, 1, 'send', 7, 'http', NULL, 0, 1, 10, 20, 0, 300000, 300000, 30000, 4000, 0, 0);
-- expect: app.py:7 /srv/app.py:7 87.5% - likely

-- case: hit one call is awaited, and its answer is seen
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 4000000, 36000000, 0 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, uses) VALUES (1, 1, 'socket', 'http', 'stock:80', 10);
INSERT INTO event SELECT i * 100000000 + 500000, 30000000, i + 1, 1, 'exchange', 7, 1, NULL, 0, NULL, 200, 1, 0, i, 1 FROM n WHERE i < 10;
INSERT INTO usage_10s VALUES (0, 1, 'send', 7, 'http', NULL, 0, 1, 10, 10, 0, 300000, 300000, 30000, 4000, 0, 0);
-- expect: app.py:7 /srv/app.py:7 75.0% - likely
-- says: Another service (stock:80) takes 30.0 ms to answer: 75 % of a request.

-- case: hit the first of two calls is answered with an error, and made again
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 4000000, 36000000, 0 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, uses) VALUES (1, 1, 'socket', 'http', 'stock:80', 10);
INSERT INTO event SELECT i * 100000000 + 500000, 15000000, i + 1, 1, 'exchange', 7, 1, NULL, 0, NULL, 503, 33, 0, i, 1 FROM n WHERE i < 10
  UNION ALL SELECT i * 100000000 + 15500000, 15000000, i + 1, 1, 'exchange', 7, 1, NULL, 0, NULL, 200, 1, 0, i, 1 FROM n WHERE i < 10;
INSERT INTO usage_10s VALUES (0, 1, 'send', 7, 'http', NULL, 0, 1, 10, 20, 0, 300000, 300000, 30000, 4000, 0, 0);
-- expect: app.py:7 /srv/app.py:7 75.0% - likely
-- says: Another service (stock:80) takes 30.0 ms to answer 2 calls, 15.0 ms each: 75 % of a request.
-- says: answers that are an error: 50 %

-- case: hit no answer comes
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 4000000, 36000000, 0 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, uses) VALUES (1, 1, 'socket', 'http', 'stock:80', 10);
INSERT INTO event SELECT i * 100000000 + 500000, 30000000, i + 1, 1, 'exchange', 7, 1, NULL, 0, NULL, 0, 1, 0, i, 1 FROM n WHERE i < 10;
INSERT INTO usage_10s VALUES (0, 1, 'send', 7, 'http', NULL, 0, 1, 10, 10, 0, 300000, 300000, 30000, 4000, 0, 0);
-- expect: app.py:7 /srv/app.py:7 75.0% - likely
-- says: Another service (stock:80) gives no answer, and calls end after 30.0 ms: 75 % of a request.

-- case: miss a call is answered at once, and something else is awaited
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 4000000, 36000000, 0 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, uses) VALUES (1, 1, 'socket', 'http', 'stock:80', 10);
INSERT INTO event SELECT i * 100000000 + 500000, 4000000, i + 1, 1, 'exchange', 7, 1, NULL, 0, NULL, 200, 1, 0, i, 1 FROM n WHERE i < 10;
INSERT INTO usage_10s VALUES (0, 1, 'send', 7, 'http', NULL, 0, 1, 10, 10, 0, 300000, 300000, 30000, 4000, 0, 0);

-- case: hit three of ten have no answer
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 4000000, 36000000, 0 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, uses) VALUES (1, 1, 'socket', 'http', 'stock:80', 10);
INSERT INTO event SELECT i * 100000000 + 500000, 30000000, i + 1, 1, 'exchange', 7, 1, NULL, 0, NULL, iif(i < 3, 0, 200), 1, 0, i, 1 FROM n WHERE i < 10;
INSERT INTO usage_10s VALUES (0, 1, 'send', 7, 'http', NULL, 0, 1, 10, 10, 0, 300000, 300000, 30000, 4000, 0, 0);
-- expect: app.py:7 /srv/app.py:7 75.0% - likely
-- says: takes 30.0 ms to answer

-- case: hit six of ten have no answer
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 40000000, 4000000, 4000000, 36000000, 0 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, uses) VALUES (1, 1, 'socket', 'http', 'stock:80', 10);
INSERT INTO event SELECT i * 100000000 + 500000, 30000000, i + 1, 1, 'exchange', 7, 1, NULL, 0, NULL, iif(i < 6, 0, 200), 1, 0, i, 1 FROM n WHERE i < 10;
INSERT INTO usage_10s VALUES (0, 1, 'send', 7, 'http', NULL, 0, 1, 10, 10, 0, 300000, 300000, 30000, 4000, 0, 0);
-- expect: app.py:7 /srv/app.py:7 75.0% - likely
-- says: gives no answer, and calls end after 30.0 ms

-- case: miss a quick answer is most of a request that does little else
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 12000000, 2000000, 9900000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, uses) VALUES (1, 1, 'socket', 'http', 'stock:80', 10);
INSERT INTO event SELECT i * 100000000 + 500000, 9900000, i + 1, 1, 'poll', 7, 1, NULL, 0, 1000, 0, 128, 0, 0, 1 FROM n WHERE i < 10;
INSERT INTO usage_10s VALUES (0, 1, 'send', 7, 'http', NULL, 0, 0, 10, 10, 0, 300000, 300000, 30000, 4000, 0, 0);
-- says: ruled out: an answer takes 9.90 ms, in the mean: it is most of a request only because that does little else

-- case: miss two quick answers take 18 ms
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 20000000, 2000000, 18000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, uses) VALUES (1, 1, 'socket', 'http', 'stock:80', 10);
INSERT INTO event SELECT u.i * 100000000 + q.i * 9000000 + 500000, 9000000, u.i + 1, 1, 'poll', 7, 1, NULL, 0, 1000, 0, 128, 0, 0, 1 FROM n u, n q WHERE u.i < 10 AND q.i < 2;
INSERT INTO usage_10s VALUES (0, 1, 'send', 7, 'http', NULL, 0, 0, 10, 20, 0, 300000, 300000, 30000, 4000, 0, 0);
-- says: ruled out: an answer takes 9.00 ms, in the mean

-- case: hit an answer takes 11 ms
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 13000000, 2000000, 11000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, uses) VALUES (1, 1, 'socket', 'http', 'stock:80', 10);
INSERT INTO event SELECT i * 100000000 + 500000, 11000000, i + 1, 1, 'poll', 7, 1, NULL, 0, 1000, 0, 128, 0, 0, 1 FROM n WHERE i < 10;
INSERT INTO usage_10s VALUES (0, 1, 'send', 7, 'http', NULL, 0, 0, 10, 10, 0, 300000, 300000, 30000, 4000, 0, 0);
-- expect: app.py:7 /srv/app.py:7 84.6% - likely

-- case: hit one of ten answers takes 200 ms, the others 1
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns) SELECT i + 1, 1, 1, 'request', 1, i * 1000000000, iif(i % 10 = 0, 200000000, 1000000) + 2000000, 2000000, iif(i % 10 = 0, 200000000, 1000000) FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, uses) VALUES (1, 1, 'socket', 'http', 'stock:80', 10);
INSERT INTO event SELECT i * 1000000000 + 500000, iif(i % 10 = 0, 200000000, 1000000), i + 1, 1, 'poll', 7, 1, NULL, 0, 1000, 0, 128, 0, 0, 1 FROM n WHERE i < 40;
INSERT INTO usage_10s VALUES (0, 1, 'send', 7, 'http', NULL, 0, 0, 40, 40, 0, 300000, 300000, 30000, 4000, 0, 0);
-- expect: app.py:7 /srv/app.py:7 91.3% - likely
-- says: it is waited for: 1 ms per request, in the middle

-- case: miss seven of ten requests wait for an answer of 9 ms
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 12000000, 2000000, 9000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, uses) VALUES (1, 1, 'socket', 'http', 'stock:80', 10);
INSERT INTO event SELECT i * 100000000 + 500000, 9000000, i + 1, 1, 'poll', 7, 1, NULL, 0, 1000, 0, 128, 0, 0, 1 FROM n WHERE i < 7;
INSERT INTO usage_10s VALUES (0, 1, 'send', 7, 'http', NULL, 0, 0, 7, 7, 0, 300000, 300000, 30000, 4000, 0, 0);
-- says: ruled out: an answer takes 9.00 ms, in the mean
