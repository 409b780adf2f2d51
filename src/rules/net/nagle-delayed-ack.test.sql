-- case: hit a question is sent in two parts, and the second one waits
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 50000000, 5000000, 45000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, uses) VALUES (1, 1, 'socket', 'unknown', '10.0.0.5:7000', 10);
INSERT INTO event SELECT i * 100000000 + 1000000, 40000000, i + 1, 1, 'held', 7, 1, NULL, 48, NULL, 0, 1, 0, 0, 1 FROM n WHERE i < 10;
INSERT INTO event SELECT i * 100000000 + 1100000, 44000000, i + 1, 1, 'recv', 9, 1, NULL, 20, 1000, 0, 128, 0, 0, 1 FROM n WHERE i < 10;
-- expect: app.py:7 /srv/app.py:7 79.8% 38.703ms proven
-- says: A second small send to 10.0.0.5:7000 waits 39.9 ms until the other side acknowledges the first.
-- says: sends that were held: 1 per request
-- says: bytes in them: 48
-- says: waits of other lines and statements meanwhile: 39.9 ms per request
-- says: saving: 35.112 to 39.900 ms
-- says: route: /

-- case: hit the server sends its responses in two parts
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 50000000, 5000000, 45000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, uses) VALUES (1, 1, 'socket', 'client', 'client', 10);
INSERT INTO event SELECT i * 100000000 + 1000000, 40000000, NULL, 1, 'held', 1000, 1, NULL, 48, NULL, 0, 1, 0, 0, 1 FROM n WHERE i < 10;
-- expect: responses - 44.4% 38.800ms proven
-- says: The second part of a response waits 40.0 ms until the client acknowledges the first.
-- says: responses with a part that was held: 10 of 10

-- case: near-miss slow-upstream: nothing is held, the answer takes its time
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 50000000, 5000000, 45000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, uses) VALUES (1, 1, 'socket', 'unknown', '10.0.0.5:7000', 10);
INSERT INTO event SELECT i * 100000000 + 1100000, 44000000, i + 1, 1, 'recv', 9, 1, NULL, 20, 1000, 0, 128, 0, 0, 1 FROM n WHERE i < 10;

-- case: near-miss slow-upstream: held for a round trip of 25 ms
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 50000000, 5000000, 45000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, uses) VALUES (1, 1, 'socket', 'unknown', '10.0.0.5:7000', 10);
INSERT INTO event SELECT i * 100000000 + 1000000, 25000000, i + 1, 1, 'held', 7, 1, NULL, 48, NULL, 0, 1, 0, 0, 1 FROM n WHERE i < 10;
INSERT INTO event SELECT i * 100000000 + 1100000, 44000000, i + 1, 1, 'recv', 9, 1, NULL, 20, 1000, 0, 128, 0, 0, 1 FROM n WHERE i < 10;

-- case: miss two of ten responses
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 50000000, 5000000, 45000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, uses) VALUES (1, 1, 'socket', 'client', 'client', 10);
INSERT INTO event SELECT i * 100000000 + 1000000, 40000000, NULL, 1, 'held', 7, 1, NULL, 48, NULL, 0, 1, 0, 0, 1 FROM n WHERE i < 2;
-- says: ruled out: 2 responses waited with a part until the one before it was acknowledged

-- case: miss what a start-up sent
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 50000000, 5000000, 45000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, uses) VALUES (1, 1, 'socket', 'unknown', '10.0.0.5:7000', 10);
INSERT INTO event SELECT i * 100000000 + 1000000, 40000000, NULL, 1, 'held', 7, 1, NULL, 48, NULL, 0, 1, 0, 0, 1 FROM n WHERE i < 10;

-- case: hit what is waited for before, after, elsewhere and otherwise is not held
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 50000000, 5000000, 45000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, uses) VALUES (1, 1, 'socket', 'redis', '10.0.0.5:6379', 10), (2, 1, 'socket', 'redis', '10.0.0.6:6379', 10);
INSERT INTO event SELECT i * 100000000 + 1000000, 40000000, i + 1, 1, 'held', 7, 1, NULL, 48, NULL, 0, 1, 0, 0, 1 FROM n WHERE i < 10;
INSERT INTO event SELECT i * 100000000 + 500000, 500000, i + 1, 1, 'recv', 9, 1, NULL, 20, 1000, 0, 128, 0, 0, 1 FROM n WHERE i < 10;
INSERT INTO event SELECT i * 100000000 + 41000000, 500000, i + 1, 1, 'recv', 9, 1, NULL, 20, 1000, 0, 128, 0, 0, 1 FROM n WHERE i < 10;
INSERT INTO event SELECT i * 100000000 + 2000000, 1000000, i + 1, 1, 'recv', 9, 2, NULL, 20, 1000, 0, 128, 0, 0, 1 FROM n WHERE i < 10;
INSERT INTO event SELECT i * 100000000 + 2000000, 1000000, i + 1, 1, 'send', 9, 1, NULL, 20, 1000, 0, 128, 0, 0, 1 FROM n WHERE i < 10;
INSERT INTO event SELECT i * 100000000 + 2000000, 3000000, i + 1, 1, 'poll', 9, 1, NULL, 20, 1000, 0, 128, 0, 0, 1 FROM n WHERE i < 10;
INSERT INTO statement SELECT i * 100000000 + 900000, 41000000, i + 1, 1, i + 2, 10, 20, 0, 1, 0, 80, 12, 0 FROM n WHERE i < 10;
INSERT INTO statement SELECT i * 100000000 + 900000, 41000000, i + 1, 2, i + 2, 10, 21, 0, 1, 0, 80, 13, 0 FROM n WHERE i < 10;
INSERT INTO statement SELECT i * 100000000 + 900000, 41000000, i + 1, 2, i + 2, 10, 24, 0, 1, 0, 80, 15, 0 FROM n WHERE i < 10;
INSERT INTO statement SELECT i * 100000000 + 41000000, 1000000, i + 1, 1, i + 2, 10, 22, 0, 1, 0, 80, 14, 0 FROM n WHERE i < 10;
INSERT INTO statement SELECT i * 100000000, 1000000, i + 1, 1, i + 2, 10, 23, 0, 1, 0, 80, 14, 0 FROM n WHERE i < 10;
-- expect: app.py:7 /srv/app.py:7 80.0% 38.800ms proven
-- says: waits of other lines and statements meanwhile: 43 ms per request

-- case: hit three responses of ten
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 50000000, 5000000, 45000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, uses) VALUES (1, 1, 'socket', 'client', 'client', 10);
INSERT INTO event SELECT i * 100000000 + 1000000, 40000000, NULL, 1, 'held', 1000, 1, NULL, 48, NULL, 0, 1, 0, 0, 1 FROM n WHERE i < 3;
-- expect: responses - 19.4% 11.640ms proven

-- case: miss two notes, then the request computes: nobody waits for what is held
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 85000000, 80000000, 1000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, uses) VALUES (1, 1, 'socket', 'unknown', '10.0.0.5:7000', 10);
INSERT INTO event SELECT i * 100000000 + 300000, 600000, i + 1, 1, 'recv', 9, 1, NULL, 20, 1000, 0, 128, 0, 0, 1 FROM n WHERE i < 10;
INSERT INTO event SELECT i * 100000000 + 1000000, 43000000, i + 1, 1, 'held', 7, 1, NULL, 6, NULL, 0, 1, 0, 0, 1 FROM n WHERE i < 10;

-- case: miss an asynchronous request computes meanwhile, and awaits 2 ms
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 85000000, 80000000, 83000000, 2000000, 0 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, uses) VALUES (1, 1, 'socket', 'unknown', '10.0.0.5:7000', 10);
INSERT INTO event SELECT i * 100000000 + 1000000, 43000000, i + 1, 1, 'held', 7, 1, NULL, 6, NULL, 0, 1, 0, 0, 1 FROM n WHERE i < 10;

-- case: hit an asynchronous request awaits it
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 50000000, 8000000, 9000000, 41000000, 0 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, uses) VALUES (1, 1, 'socket', 'unknown', '10.0.0.5:7000', 10);
INSERT INTO event SELECT i * 100000000 + 1000000, 40000000, i + 1, 1, 'held', 7, 1, NULL, 6, NULL, 0, 1, 0, 0, 1 FROM n WHERE i < 10;
-- expect: app.py:7 /srv/app.py:7 80.0% 38.800ms proven
