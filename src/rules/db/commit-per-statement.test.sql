-- case: hit ten writes with a COMMIT each
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 30000000, 14000000, 16000000, 0 FROM n WHERE i < 5;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'sqlite', 'sqlite', '/srv/a.db', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + q.i * 2000000 + 0, 100000, u.i + 1, 1, u.i * 90 + q.i * 3 + 0 + 2, 9, 9, 0, 1, 0, 80, 40, 4096 FROM n u, n q WHERE u.i < 5 AND q.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + q.i * 2000000 + 200000, 100000, u.i + 1, 1, u.i * 90 + q.i * 3 + 1 + 2, 8, 8, 0, 1, 0, 80, 40, 0 FROM n u, n q WHERE u.i < 5 AND q.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + q.i * 2000000 + 400000, 1400000, u.i + 1, 1, u.i * 90 + q.i * 3 + 2 + 2, 20, 20, 0, 1, 0, 80, 41, 4096 FROM n u, n q WHERE u.i < 5 AND q.i < 10;
-- expect: app.py:41 /srv/app.py:41 50.0% 13.500ms proven
-- says: 10 transactions of one write each in a request: each waits until it is safe.

-- case: hit ten writes that commit themselves
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 30000000, 14000000, 16000000, 0 FROM n WHERE i < 5;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'sqlite', 'sqlite', '/srv/a.db', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + q.i * 2000000 + 200000, 1600000, u.i + 1, 1, u.i * 90 + q.i * 3 + 0 + 2, 8, 8, 0, 1, 0, 80, 40, 0 FROM n u, n q WHERE u.i < 5 AND q.i < 10;
-- expect: app.py:40 /srv/app.py:40 53.3% 14.400ms proven
-- says: route: /orders

-- case: near-miss sqlite-busy-wait: the commits sleep until another's lock is free
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 30000000, 14000000, 16000000, 0 FROM n WHERE i < 5;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'sqlite', 'sqlite', '/srv/a.db', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + q.i * 2000000 + 0, 100000, u.i + 1, 1, u.i * 90 + q.i * 3 + 0 + 2, 9, 9, 0, 1, 0, 80, 40, 4096 FROM n u, n q WHERE u.i < 5 AND q.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + q.i * 2000000 + 200000, 100000, u.i + 1, 1, u.i * 90 + q.i * 3 + 1 + 2, 8, 8, 0, 1, 0, 80, 40, 0 FROM n u, n q WHERE u.i < 5 AND q.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + q.i * 2000000 + 400000, 1400000, u.i + 1, 1, u.i * 90 + q.i * 3 + 2 + 2, 20, 20, 0, 1, 0, 80, 41, 4096 FROM n u, n q WHERE u.i < 5 AND q.i < 10;
INSERT INTO usage_10s VALUES (0, 2, 'sleep', 41, NULL, NULL, 1, 0, 5, 50, 0, 60000000, 0, 1200000, 0, 0, 0);

-- case: near-miss n-plus-one-queries: ten transactions that only read
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 30000000, 14000000, 16000000, 0 FROM n WHERE i < 5;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'sqlite', 'sqlite', '/srv/a.db', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + q.i * 2000000 + 0, 100000, u.i + 1, 1, u.i * 90 + q.i * 3 + 0 + 2, 9, 9, 0, 1, 0, 80, 40, 4096 FROM n u, n q WHERE u.i < 5 AND q.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + q.i * 2000000 + 200000, 100000, u.i + 1, 1, u.i * 90 + q.i * 3 + 1 + 2, 4, 4, 0, 1, 0, 80, 40, 0 FROM n u, n q WHERE u.i < 5 AND q.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + q.i * 2000000 + 400000, 1400000, u.i + 1, 1, u.i * 90 + q.i * 3 + 2 + 2, 20, 20, 0, 1, 0, 80, 41, 4096 FROM n u, n q WHERE u.i < 5 AND q.i < 10;

-- case: miss twelve writes and one COMMIT
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 30000000, 14000000, 16000000, 0 FROM n WHERE i < 5;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'sqlite', 'sqlite', '/srv/a.db', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + 0, 100000, u.i + 1, 1, u.i * 40 + 0 + 2, 9, 9, 0, 1, 0, 80, 40, 4096 FROM n u WHERE u.i < 5;
INSERT INTO statement SELECT u.i * 1000000000 + q.i * 2000000 + 200000, 100000, u.i + 1, 1, u.i * 90 + q.i * 3 + 0 + 2, 8, 8, 0, 1, 0, 80, 40, 0 FROM n u, n q WHERE u.i < 5 AND q.i < 12;
INSERT INTO statement SELECT u.i * 1000000000 + 29000000, 900000, u.i + 1, 1, u.i * 40 + 0 + 2, 20, 20, 0, 1, 0, 80, 41, 4096 FROM n u WHERE u.i < 5;
-- says: ruled out: at most 1 transaction that write in a request from one line

-- case: hit seven writes that commit themselves
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 30000000, 14000000, 16000000, 0 FROM n WHERE i < 5;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'sqlite', 'sqlite', '/srv/a.db', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + q.i * 2000000 + 200000, 1600000, u.i + 1, 1, u.i * 90 + q.i * 3 + 0 + 2, 8, 8, 0, 1, 0, 80, 40, 0 FROM n u, n q WHERE u.i < 5 AND q.i < 7;
-- expect: app.py:40 /srv/app.py:40 37.3% 9.600ms proven

-- case: miss four writes that commit themselves
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 30000000, 14000000, 16000000, 0 FROM n WHERE i < 5;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'sqlite', 'sqlite', '/srv/a.db', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + q.i * 2000000 + 200000, 1600000, u.i + 1, 1, u.i * 90 + q.i * 3 + 0 + 2, 8, 8, 0, 1, 0, 80, 40, 0 FROM n u, n q WHERE u.i < 5 AND q.i < 4;

-- case: hit five writes that commit themselves
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 30000000, 14000000, 16000000, 0 FROM n WHERE i < 5;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'sqlite', 'sqlite', '/srv/a.db', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + q.i * 2000000 + 200000, 1600000, u.i + 1, 1, u.i * 90 + q.i * 3 + 0 + 2, 8, 8, 0, 1, 0, 80, 40, 0 FROM n u, n q WHERE u.i < 5 AND q.i < 5;
-- expect: app.py:40 /srv/app.py:40 26.7% 6.400ms proven
