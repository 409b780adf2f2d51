-- case: hit twenty round trips a request
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 4000000, 6000000, 0 FROM n WHERE i < 10;
INSERT INTO usage_10s VALUES (0, 2, 'send', 60, 'redis', NULL, 0, 0, 10, 200, 0, 20000000, 0, 100000, 0, 0, 0);
INSERT INTO usage_10s VALUES (0, 2, 'recv', 60, 'redis', NULL, 0, 0, 10, 200, 0, 40000000, 0, 200000, 0, 0, 0);
-- expect: app.py:60 /srv/app.py:60 60.0% 5.700ms likely

-- case: hit an asynchronous client: what the loop awaits is in no call
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps, db_await_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 4000000, 4000000, 6000000, 500000, 20, 5000000 FROM n WHERE i < 10;
INSERT INTO usage_10s VALUES (0, 2, 'send', 60, 'redis', NULL, 0, 1, 10, 200, 0, 20000000, 20000000, 100000, 0, 0, 0);
-- expect: app.py:60 /srv/app.py:60 20.0% >=1.900ms likely
-- says: route: /orders
-- says not: the client's own work: 0 ms per request

-- case: near-miss n-plus-one-queries: the same to a database
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 4000000, 6000000, 0 FROM n WHERE i < 10;
INSERT INTO usage_10s VALUES (0, 2, 'send', 60, 'postgresql', NULL, 0, 0, 10, 200, 0, 20000000, 0, 100000, 0, 0, 0);
INSERT INTO usage_10s VALUES (0, 2, 'recv', 60, 'postgresql', NULL, 0, 0, 10, 200, 0, 40000000, 0, 200000, 0, 0, 0);

-- case: miss three round trips, one of them a pipeline
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 4000000, 6000000, 0 FROM n WHERE i < 10;
INSERT INTO usage_10s VALUES (0, 2, 'send', 60, 'redis', NULL, 0, 0, 10, 30, 0, 20000000, 0, 666666, 0, 0, 0);
INSERT INTO usage_10s VALUES (0, 2, 'recv', 60, 'redis', NULL, 0, 0, 10, 60, 0, 40000000, 0, 666666, 0, 0, 0);

-- case: hit neighbours make a tenth of the trips long: those in the middle are what a pipeline saves
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 4000000, 6000000, 0 FROM n WHERE i < 10;
INSERT INTO usage_10s VALUES (0, 2, 'send', 60, 'redis', NULL, 0, 0, 10, 200, 0, 20000000, 0, 100000, 0, 0, 0);
INSERT INTO usage_10s VALUES (0, 2, 'recv', 60, 'redis', NULL, 0, 0, 10, 200, 0, 40000000, 0, 200000, 0, 0, 0);
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, uses) VALUES (1, 1, 'socket', 'redis', 'cache:6379', 10, 40);
INSERT INTO text VALUES (50, 'GET');
INSERT INTO statement SELECT u.i * 1000000000 + k.i * 300000, iif(k.i % 10 = 0, 2100000, 100000), u.i + 1, 1, u.i * 20 + k.i + 1, 50, k.i, 1, 0, 0, 5, 60, 32768 FROM n u, n k WHERE u.i < 10 AND k.i < 20;
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 160, 'python', NULL, NULL, 1, 20, 0, 20000000, 20000000, 0), (0, 1, 1, 2, 1, 12, 'python', NULL, NULL, 1, 20, 0, 20000000, 20000000, 0);
-- expect: app.py:60 /srv/app.py:60 80.0% 3.440ms likely
-- says: a trip in the middle: 0.1 ms
-- says: the client's own work: 2 ms per request
-- says: saving: 2.340 to 5.330 ms
