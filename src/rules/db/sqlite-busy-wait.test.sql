-- case: hit calls of SQLite sleep for a lock
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 30000000, 4000000, 26000000, 0 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'sqlite', 'sqlite', '/srv/a.db', 5, 3, 60, 30);
INSERT INTO usage_10s VALUES (0, 2, 'sleep', 70, NULL, NULL, 1, 0, 10, 40, 0, 200000000, 0, 5000000, 0, 0, 0);
INSERT INTO usage_10s VALUES (0, 2, 'sqlite_step', 70, 'sqlite', NULL, 0, 0, 10, 10, 0, 210000000, 0, 21000000, 0, 0, 0);
INSERT INTO statement SELECT u.i * 1000000000 + 0, 100000, u.i + 1, 1, u.i * 40 + 0 + 2, 9, 9, 0, 1, 0, 80, 70, 4096 FROM n u WHERE u.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + 200000, 20000000, u.i + 1, 1, u.i * 40 + 1 + 2, 8, 8, 0, 1, 0, 80, 70, 0 FROM n u WHERE u.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + 25000000, 500000, u.i + 1, 1, u.i * 40 + 2 + 2, 20, 20, 0, 1, 0, 80, 72, 4096 FROM n u WHERE u.i < 10;
-- expect: sqlite /srv/app.py:70 66.7% 18.113ms proven

-- case: hit three requests waited: too few to be proven
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 30000000, 4000000, 26000000, 0 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'sqlite', 'sqlite', '/srv/a.db', 5, 3, 60, 30);
INSERT INTO usage_10s VALUES (0, 2, 'sleep', 70, NULL, NULL, 1, 0, 3, 12, 0, 60000000, 0, 5000000, 0, 0, 0);
INSERT INTO usage_10s VALUES (0, 2, 'sqlite_step', 70, 'sqlite', NULL, 0, 0, 10, 10, 0, 210000000, 0, 21000000, 0, 0, 0);
INSERT INTO statement SELECT u.i * 1000000000 + 0, 100000, u.i + 1, 1, u.i * 40 + 0 + 2, 9, 9, 0, 1, 0, 80, 70, 4096 FROM n u WHERE u.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + 200000, 20000000, u.i + 1, 1, u.i * 40 + 1 + 2, 8, 8, 0, 1, 0, 80, 70, 0 FROM n u WHERE u.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + 25000000, 500000, u.i + 1, 1, u.i * 40 + 2 + 2, 20, 20, 0, 1, 0, 80, 72, 4096 FROM n u WHERE u.i < 10;
-- expect: sqlite /srv/app.py:70 20.0% 5.434ms likely
-- says: the transactions that hold the lock longest end at app.py:72

-- case: hit the holder's own statements take the time
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 30000000, 4000000, 26000000, 0 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'sqlite', 'sqlite', '/srv/a.db', 5, 3, 60, 30);
INSERT INTO usage_10s VALUES (0, 2, 'sleep', 70, NULL, NULL, 1, 0, 10, 40, 0, 200000000, 0, 5000000, 0, 0, 0);
INSERT INTO usage_10s VALUES (0, 2, 'sqlite_step', 70, 'sqlite', NULL, 0, 0, 10, 10, 0, 210000000, 0, 21000000, 0, 0, 0);
INSERT INTO statement SELECT u.i * 1000000000 + 0, 100000, u.i + 1, 1, u.i * 40 + 0 + 2, 9, 9, 0, 1, 0, 80, 70, 4096 FROM n u WHERE u.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + 200000, 20000000, u.i + 1, 1, u.i * 40 + 1 + 2, 8, 8, 0, 1, 0, 80, 70, 0 FROM n u WHERE u.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + 20300000, 20000000, u.i + 1, 1, u.i * 40 + 2 + 2, 20, 20, 0, 1, 0, 80, 72, 4096 FROM n u WHERE u.i < 10;
-- expect: sqlite /srv/app.py:70 66.7% 6.000ms proven
-- says: route: /orders
-- says: Requests wait for SQLite's lock: one writes at a time, for as long as its statements take.
-- says: not commit-per-statement: writing to the disk (fsync) takes 0 ms a request, the sleeps 20.0 ms

-- case: near-miss commit-per-statement: the time is fsync's
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 30000000, 4000000, 26000000, 0 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'sqlite', 'sqlite', '/srv/a.db', 5, 3, 60, 30);
INSERT INTO usage_10s VALUES (0, 2, 'fsync', 70, NULL, NULL, 1, 0, 10, 40, 0, 200000000, 0, 5000000, 0, 0, 0);
INSERT INTO usage_10s VALUES (0, 2, 'sqlite_step', 70, 'sqlite', NULL, 0, 0, 10, 10, 0, 210000000, 0, 21000000, 0, 0, 0);
INSERT INTO statement SELECT u.i * 1000000000 + 0, 100000, u.i + 1, 1, u.i * 40 + 0 + 2, 9, 9, 0, 1, 0, 80, 70, 4096 FROM n u WHERE u.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + 200000, 500000, u.i + 1, 1, u.i * 40 + 1 + 2, 8, 8, 0, 1, 0, 80, 70, 0 FROM n u WHERE u.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + 5000000, 20000000, u.i + 1, 1, u.i * 40 + 2 + 2, 20, 20, 0, 1, 0, 80, 70, 4096 FROM n u WHERE u.i < 10;

-- case: near-miss row-lock-wait: a server's lock
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 30000000, 4000000, 26000000, 0 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO usage_10s VALUES (0, 2, 'recv', 70, 'postgresql', NULL, 0, 0, 10, 10, 0, 200000000, 0, 20000000, 0, 0, 0);
INSERT INTO statement SELECT u.i * 1000000000 + 0, 100000, u.i + 1, 1, u.i * 40 + 0 + 2, 9, 9, 0, 1, 0, 80, 70, 4096 FROM n u WHERE u.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + 200000, 20000000, u.i + 1, 1, u.i * 40 + 1 + 2, 21, 21, 0, 1, 0, 80, 70, 0 FROM n u WHERE u.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + 25000000, 500000, u.i + 1, 1, u.i * 40 + 2 + 2, 20, 20, 0, 1, 0, 80, 72, 4096 FROM n u WHERE u.i < 10;

-- case: miss the application sleeps
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns, sleep_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 30000000, 4000000, 6000000, 0, 20000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'sqlite', 'sqlite', '/srv/a.db', 5, 3, 60, 30);
INSERT INTO usage_10s VALUES (0, 2, 'sleep', 70, NULL, NULL, 0, 0, 10, 40, 0, 200000000, 0, 5000000, 0, 0, 0);
INSERT INTO statement SELECT u.i * 1000000000 + 0, 100000, u.i + 1, 1, u.i * 40 + 0 + 2, 9, 9, 0, 1, 0, 80, 70, 4096 FROM n u WHERE u.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + 200000, 500000, u.i + 1, 1, u.i * 40 + 1 + 2, 8, 8, 0, 1, 0, 80, 70, 0 FROM n u WHERE u.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + 5000000, 500000, u.i + 1, 1, u.i * 40 + 2 + 2, 20, 20, 0, 1, 0, 80, 72, 4096 FROM n u WHERE u.i < 10;
-- says: ruled out: no call of SQLite slept for another's lock

-- case: hit eight requests waited: not proven
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 30000000, 4000000, 26000000, 0 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'sqlite', 'sqlite', '/srv/a.db', 5, 3, 60, 30);
INSERT INTO usage_10s VALUES (0, 2, 'sleep', 70, NULL, NULL, 1, 0, 8, 40, 0, 200000000, 0, 5000000, 0, 0, 0);
INSERT INTO usage_10s VALUES (0, 2, 'sqlite_step', 70, 'sqlite', NULL, 0, 0, 10, 10, 0, 210000000, 0, 21000000, 0, 0, 0);
INSERT INTO statement SELECT u.i * 1000000000 + 0, 100000, u.i + 1, 1, u.i * 40 + 0 + 2, 9, 9, 0, 1, 0, 80, 70, 4096 FROM n u WHERE u.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + 200000, 20000000, u.i + 1, 1, u.i * 40 + 1 + 2, 8, 8, 0, 1, 0, 80, 70, 0 FROM n u WHERE u.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + 20300000, 20000000, u.i + 1, 1, u.i * 40 + 2 + 2, 20, 20, 0, 1, 0, 80, 72, 4096 FROM n u WHERE u.i < 10;
-- expect: sqlite /srv/app.py:70 66.7% 6.000ms likely
