-- case: hit the same key is set and missed again
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 8000000 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, uses) VALUES (1, 1, 'socket', 'redis', 'cache:6379', 10, 40);
INSERT INTO text VALUES (50, 'GET'), (51, 'SET');
INSERT INTO statement SELECT i * 100000000 + 1000000, 300000, i + 1, 1, i * 2 + 1, 50, 777 + i % 3, 1, 0, 0, 5, 7, 32768 FROM n WHERE i < 40
  UNION ALL SELECT i * 100000000 + 6000000, 300000, i + 1, 1, i * 2 + 2, 51, 777 + i % 3, 1, NULL, 0, 5, 8, 32768 FROM n WHERE i < 40;
-- expect: app.py:7 /srv/app.py:7 50.0% 4.750ms likely
-- says: route: /
-- says: in the second half: 0 of 20
-- says: questions about a key that was asked for before: 37 of 40
-- says not: may be meant to

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
-- says: keys that come once may be meant to (idempotency, replay): then there is nothing to hit

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

-- case: hit on two routes
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns) SELECT i + 1, 1, 'request', 1 + i % 2, i * 100000000, 10000000, 2000000, 8000000 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, uses) VALUES (1, 1, 'socket', 'redis', 'cache:6379', 10, 40);
INSERT INTO text VALUES (50, 'GET'), (51, 'SET');
INSERT INTO statement SELECT i * 100000000 + 1000000, 300000, i + 1, 1, i * 4 + 1, 50, 777 + i % 3, 1, 0, 0, 5, 7, 32768 FROM n WHERE i < 40
  UNION ALL SELECT i * 100000000 + 6000000, 300000, i + 1, 1, i * 4 + 2, 51, 777 + i % 3, 1, NULL, 0, 5, 8, 32768 FROM n WHERE i < 40 AND 1;
-- expect: app.py:7 /srv/app.py:7 50.0% 4.750ms likely
-- says not: route:

-- case: hit ten questions, five of them in the second half
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 8000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, uses) VALUES (1, 1, 'socket', 'redis', 'cache:6379', 10, 10);
INSERT INTO text VALUES (50, 'GET'), (51, 'SET');
INSERT INTO statement SELECT i * 100000000 + 1000000, 300000, i + 1, 1, i * 4 + 1, 50, 777 + i % 3, 1, 0, 0, 5, 7, 32768 FROM n WHERE i < 10
  UNION ALL SELECT i * 100000000 + 6000000, 300000, i + 1, 1, i * 4 + 2, 51, 777 + i % 3, 1, NULL, 0, 5, 8, 32768 FROM n WHERE i < 10 AND 1;
-- expect: app.py:7 /srv/app.py:7 50.0% 4.750ms likely
-- says: in the second half: 0 of 5

-- case: miss eight questions are too few to tell
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 8000000 FROM n WHERE i < 8;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, uses) VALUES (1, 1, 'socket', 'redis', 'cache:6379', 10, 8);
INSERT INTO text VALUES (50, 'GET'), (51, 'SET');
INSERT INTO statement SELECT i * 100000000 + 1000000, 300000, i + 1, 1, i * 4 + 1, 50, 777 + i % 3, 1, 0, 0, 5, 7, 32768 FROM n WHERE i < 8
  UNION ALL SELECT i * 100000000 + 6000000, 300000, i + 1, 1, i * 4 + 2, 51, 777 + i % 3, 1, NULL, 0, 5, 8, 32768 FROM n WHERE i < 8 AND 1;

-- case: hit one of thirteen is found, all through
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 8000000 FROM n WHERE i < 52;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, uses) VALUES (1, 1, 'socket', 'redis', 'cache:6379', 10, 52);
INSERT INTO text VALUES (50, 'GET'), (51, 'SET');
INSERT INTO statement SELECT i * 100000000 + 1000000, 300000, i + 1, 1, i * 4 + 1, 50, 777 + i % 3, 1, i % 13 = 12, 0, 5, 7, 32768 FROM n WHERE i < 52
  UNION ALL SELECT i * 100000000 + 6000000, 300000, i + 1, 1, i * 4 + 2, 51, 777 + i % 3, 1, NULL, 0, 5, 8, 32768 FROM n WHERE i < 52 AND i % 13 < 12;
-- expect: app.py:7 /srv/app.py:7 50.0% 4.750ms likely

-- case: miss an eighth is found, all through
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 8000000 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, uses) VALUES (1, 1, 'socket', 'redis', 'cache:6379', 10, 40);
INSERT INTO text VALUES (50, 'GET'), (51, 'SET');
INSERT INTO statement SELECT i * 100000000 + 1000000, 300000, i + 1, 1, i * 4 + 1, 50, 777 + i % 3, 1, i % 8 = 7, 0, 5, 7, 32768 FROM n WHERE i < 40
  UNION ALL SELECT i * 100000000 + 6000000, 300000, i + 1, 1, i * 4 + 2, 51, 777 + i % 3, 1, NULL, 0, 5, 8, 32768 FROM n WHERE i < 40 AND i % 8 < 7;
-- says: ruled out: 5 of 40 values asked for were found, in the second half 3 of 20

-- case: miss an eighth is found, in the second half; it was less at first
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 8000000 FROM n WHERE i < 60;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, uses) VALUES (1, 1, 'socket', 'redis', 'cache:6379', 10, 60);
INSERT INTO text VALUES (50, 'GET'), (51, 'SET');
INSERT INTO statement SELECT i * 100000000 + 1000000, 300000, i + 1, 1, i * 4 + 1, 50, 777 + i % 3, 1, i > 30 AND i % 8 = 7, 0, 5, 7, 32768 FROM n WHERE i < 60
  UNION ALL SELECT i * 100000000 + 6000000, 300000, i + 1, 1, i * 4 + 2, 51, 777 + i % 3, 1, NULL, 0, 5, 8, 32768 FROM n WHERE i < 60 AND NOT (i > 30 AND i % 8 = 7);

-- case: miss a sixth is found at first, nothing later
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 8000000 FROM n WHERE i < 60;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, uses) VALUES (1, 1, 'socket', 'redis', 'cache:6379', 10, 60);
INSERT INTO text VALUES (50, 'GET'), (51, 'SET');
INSERT INTO statement SELECT i * 100000000 + 1000000, 300000, i + 1, 1, i * 4 + 1, 50, 777 + i % 3, 1, i < 30 AND i % 3 = 2, 0, 5, 7, 32768 FROM n WHERE i < 60
  UNION ALL SELECT i * 100000000 + 6000000, 300000, i + 1, 1, i * 4 + 2, 51, 777 + i % 3, 1, NULL, 0, 5, 8, 32768 FROM n WHERE i < 60 AND NOT (i < 30 AND i % 3 = 2);

-- case: hit nine of ten misses are set
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 8000000 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, uses) VALUES (1, 1, 'socket', 'redis', 'cache:6379', 10, 40);
INSERT INTO text VALUES (50, 'GET'), (51, 'SET');
INSERT INTO statement SELECT i * 100000000 + 1000000, 300000, i + 1, 1, i * 4 + 1, 50, 777 + i % 3, 1, 0, 0, 5, 7, 32768 FROM n WHERE i < 40
  UNION ALL SELECT i * 100000000 + 6000000, 300000, i + 1, 1, i * 4 + 2, 51, 777 + i % 3, 1, NULL, 0, 5, 8, 32768 FROM n WHERE i < 40 AND i % 10 < 9;
-- expect: app.py:7 /srv/app.py:7 50.0% 4.750ms likely

-- case: miss seven of ten misses are set
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 8000000 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, uses) VALUES (1, 1, 'socket', 'redis', 'cache:6379', 10, 40);
INSERT INTO text VALUES (50, 'GET'), (51, 'SET');
INSERT INTO statement SELECT i * 100000000 + 1000000, 300000, i + 1, 1, i * 4 + 1, 50, 777 + i % 3, 1, 0, 0, 5, 7, 32768 FROM n WHERE i < 40
  UNION ALL SELECT i * 100000000 + 6000000, 300000, i + 1, 1, i * 4 + 2, 51, 777 + i % 3, 1, NULL, 0, 5, 8, 32768 FROM n WHERE i < 40 AND i % 10 < 7;

-- case: hit half of the questions are about a key that was asked for before
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 8000000 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, uses) VALUES (1, 1, 'socket', 'redis', 'cache:6379', 10, 40);
INSERT INTO text VALUES (50, 'GET'), (51, 'SET');
INSERT INTO statement SELECT i * 100000000 + 1000000, 300000, i + 1, 1, i * 4 + 1, 50, 777 + i % 20, 1, 0, 0, 5, 7, 32768 FROM n WHERE i < 40
  UNION ALL SELECT i * 100000000 + 6000000, 300000, i + 1, 1, i * 4 + 2, 51, 777 + i % 20, 1, NULL, 0, 5, 8, 32768 FROM n WHERE i < 40 AND 1;
-- expect: app.py:7 /srv/app.py:7 50.0% 4.750ms likely

-- case: miss two fifths of the questions are about a key that was asked for before
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 8000000 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, uses) VALUES (1, 1, 'socket', 'redis', 'cache:6379', 10, 40);
INSERT INTO text VALUES (50, 'GET'), (51, 'SET');
INSERT INTO statement SELECT i * 100000000 + 1000000, 300000, i + 1, 1, i * 4 + 1, 50, 777 + i % 24, 1, 0, 0, 5, 7, 32768 FROM n WHERE i < 40
  UNION ALL SELECT i * 100000000 + 6000000, 300000, i + 1, 1, i * 4 + 2, 51, 777 + i % 24, 1, NULL, 0, 5, 8, 32768 FROM n WHERE i < 40 AND 1;

-- case: hit fifty keys, none of which comes twice
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 8000000 FROM n WHERE i < 50;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, uses) VALUES (1, 1, 'socket', 'redis', 'cache:6379', 10, 50);
INSERT INTO text VALUES (50, 'GET'), (51, 'SET');
INSERT INTO statement SELECT i * 100000000 + 1000000, 300000, i + 1, 1, i * 4 + 1, 50, 777 + i, 1, 0, 0, 5, 7, 32768 FROM n WHERE i < 50
  UNION ALL SELECT i * 100000000 + 6000000, 300000, i + 1, 1, i * 4 + 2, 51, 777 + i, 1, NULL, 0, 5, 8, 32768 FROM n WHERE i < 50 AND 1;
-- expect: app.py:7 /srv/app.py:7 50.0% 2.500ms possible
-- says: keys that were asked for twice: 0 of 50

-- case: miss forty-nine keys, none of which comes twice
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 8000000 FROM n WHERE i < 49;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, uses) VALUES (1, 1, 'socket', 'redis', 'cache:6379', 10, 49);
INSERT INTO text VALUES (50, 'GET'), (51, 'SET');
INSERT INTO statement SELECT i * 100000000 + 1000000, 300000, i + 1, 1, i * 4 + 1, 50, 777 + i, 1, 0, 0, 5, 7, 32768 FROM n WHERE i < 49
  UNION ALL SELECT i * 100000000 + 6000000, 300000, i + 1, 1, i * 4 + 2, 51, 777 + i, 1, NULL, 0, 5, 8, 32768 FROM n WHERE i < 49 AND 1;

-- case: hit a request asks twice
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 8000000 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, uses) VALUES (1, 1, 'socket', 'redis', 'cache:6379', 10, 40);
INSERT INTO text VALUES (50, 'GET'), (51, 'SET');
INSERT INTO statement SELECT i * 100000000 + 1000000, 300000, i + 1, 1, i * 4 + 1, 50, 777 + i % 3, 1, 0, 0, 5, 7, 32768 FROM n WHERE i < 40
  UNION ALL SELECT i * 100000000 + 6000000, 300000, i + 1, 1, i * 4 + 2, 51, 777 + i % 3, 1, NULL, 0, 5, 8, 32768 FROM n WHERE i < 40 AND 1;
INSERT INTO statement SELECT i * 100000000 + 6500000, 300000, i + 1, 1, i * 4 + 3, 50, 800 + i % 3, 1, 0, 0, 5, 7, 32768 FROM n WHERE i < 40
  UNION ALL SELECT i * 100000000 + 7500000, 300000, i + 1, 1, i * 4 + 4, 51, 800 + i % 3, 1, NULL, 0, 5, 8, 32768 FROM n WHERE i < 40;
-- expect: app.py:7 /srv/app.py:7 60.0% 5.700ms likely
-- says: The cache is asked 2.0 times in a request and has it never

-- case: hit sixty keys, six of which come again, and are not found
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 8000000 FROM n WHERE i < 60;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, uses) VALUES (1, 1, 'socket', 'redis', 'cache:6379', 10, 60);
INSERT INTO text VALUES (50, 'GET'), (51, 'SET');
INSERT INTO statement SELECT i * 100000000 + 1000000, 300000, i + 1, 1, i * 4 + 1, 50, 777 + i % 54, 1, 0, 0, 5, 7, 32768 FROM n WHERE i < 60
  UNION ALL SELECT i * 100000000 + 6000000, 300000, i + 1, 1, i * 4 + 2, 51, 777 + i % 54, 1, NULL, 0, 5, 8, 32768 FROM n WHERE i < 60 AND 1;
-- expect: app.py:7 /srv/app.py:7 50.0% 2.500ms possible
-- says: 6 of 60 keys came again, and were not found, which is as it should be
