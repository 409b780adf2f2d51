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
