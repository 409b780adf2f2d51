-- case: hit the same key is set and missed again
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 8000000 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, uses) VALUES (1, 1, 'socket', 'redis', 'cache:6379', 10, 40);
INSERT INTO text VALUES (50, 'GET'), (51, 'SET');
INSERT INTO statement SELECT i * 100000000 + 1000000, 300000, i + 1, 1, i * 2 + 1, 50, 777 + i % 3, 1, 0, 0, 5, 7, 32768 FROM n WHERE i < 40
  UNION ALL SELECT i * 100000000 + 6000000, 300000, i + 1, 1, i * 2 + 2, 51, 777 + i % 3, 1, NULL, 0, 5, 8, 32768 FROM n WHERE i < 40;
-- expect: app.py:7 /srv/app.py:7 50.0% 4.750ms likely

-- case: hit no key comes twice: a cache that is none, or idempotency keys: possible
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 8000000 FROM n WHERE i < 60;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, uses) VALUES (1, 1, 'socket', 'redis', 'cache:6379', 10, 60);
INSERT INTO text VALUES (50, 'GET'), (51, 'SETEX');
INSERT INTO statement SELECT i * 100000000 + 1000000, 300000, i + 1, 1, i * 2 + 1, 50, 777 + i, 1, 0, 0, 5, 7, 32768 FROM n WHERE i < 60
  UNION ALL SELECT i * 100000000 + 6000000, 300000, i + 1, 1, i * 2 + 2, 51, 777 + i, 1, NULL, 0, 5, 8, 32768 FROM n WHERE i < 60;
-- expect: app.py:7 /srv/app.py:7 50.0% 2.500ms possible
-- says: The cache is asked in each request, each time for another key, and has it never: a cache that never hits, or keys that are meant to come once.
-- says: no key came twice, which is as it should be if the keys tell one request from another (idempotency, replay, a nonce)
-- says: saving: 0.000 to

-- case: near-miss cold-start: the cache fills, in the second half it has what is asked for
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 8000000 FROM n WHERE i < 60;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, uses) VALUES (1, 1, 'socket', 'redis', 'cache:6379', 10, 60);
INSERT INTO text VALUES (50, 'GET'), (51, 'SET');
INSERT INTO statement SELECT i * 100000000 + 1000000, 300000, i + 1, 1, i * 2 + 1, 50, 777 + i % 30, 1, i >= 30, 0, 5, 7, 32768 FROM n WHERE i < 60
  UNION ALL SELECT i * 100000000 + 6000000, 300000, i + 1, 1, i * 2 + 2, 51, 777 + i, 1, NULL, 0, 5, 8, 32768 FROM n WHERE i < 30;

-- case: miss many keys of which some come twice
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 8000000 FROM n WHERE i < 60;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, uses) VALUES (1, 1, 'socket', 'redis', 'cache:6379', 10, 60);
INSERT INTO text VALUES (50, 'GET'), (51, 'SET');
INSERT INTO statement SELECT i * 100000000 + 1000000, 300000, i + 1, 1, i * 2 + 1, 50, 777 + i % 58, 1, i >= 58, 0, 5, 7, 32768 FROM n WHERE i < 60
  UNION ALL SELECT i * 100000000 + 6000000, 300000, i + 1, 1, i * 2 + 2, 51, 777 + i, 1, NULL, 0, 5, 8, 32768 FROM n WHERE i < 58;

-- case: miss what is not there is not set: a question whether something is there
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 8000000 FROM n WHERE i < 60;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, uses) VALUES (1, 1, 'socket', 'redis', 'cache:6379', 10, 60);
INSERT INTO text VALUES (50, 'GET');
INSERT INTO statement SELECT i * 100000000 + 1000000, 300000, i + 1, 1, i * 2 + 1, 50, 777, 1, 0, 0, 5, 7, 32768 FROM n WHERE i < 60;
