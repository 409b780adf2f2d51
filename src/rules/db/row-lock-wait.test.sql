-- case: hit writes end when another's transaction ends
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) SELECT i + 1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30 FROM n WHERE i < 2;
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns)
  SELECT i + 1, 1, 'request', 2, i / 2 * 1000000000 + i % 2 * 1000000, 30000000, 4000000, 26000000 FROM n WHERE i < 20;
INSERT INTO statement SELECT u.i / 2 * 1000000000 + u.i % 2 * 1000000, 100000, u.i + 1, u.i % 2 + 1, u.i * 9 + 2, 9, 9, 0, 0, 0, 80, 95, 4096 FROM n u WHERE u.i < 20;
INSERT INTO statement SELECT u.i / 2 * 1000000000 + u.i % 2 * 1000000 + 200000, iif(u.i % 2, 19500000, 300000), u.i + 1, u.i % 2 + 1, u.i * 9 + 3, 21, 21, 0, 1, 0, 80, 96, 0 FROM n u WHERE u.i < 20;
INSERT INTO statement SELECT u.i / 2 * 1000000000 + iif(u.i % 2, 28000000, 20000000), 500000, u.i + 1, u.i % 2 + 1, u.i * 9 + 4, 20, 20, 0, 0, 0, 80, 97, 4096 FROM n u WHERE u.i < 20;
-- expect: stock at app.py:96 /srv/app.py:96 32.0% 7.680ms proven
-- says: route: /orders
-- says: statements that waited: 10 of 10 slow ones

-- case: near-miss missing-index: long writes that end on their own
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) SELECT i + 1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30 FROM n WHERE i < 2;
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns)
  SELECT i + 1, 1, 'request', 2, i / 2 * 1000000000 + i % 2 * 1000000, 30000000, 4000000, 26000000 FROM n WHERE i < 20;
INSERT INTO statement SELECT u.i / 2 * 1000000000 + u.i % 2 * 1000000, 100000, u.i + 1, u.i % 2 + 1, u.i * 9 + 2, 9, 9, 0, 0, 0, 80, 95, 4096 FROM n u WHERE u.i < 20;
INSERT INTO statement SELECT u.i / 2 * 1000000000 + u.i % 2 * 1000000 + 200000, iif(u.i % 2, 19500000, 300000), u.i + 1, u.i % 2 + 1, u.i * 9 + 3, 21, 21, 0, 1, 0, 80, 96, 0 FROM n u WHERE u.i < 20;
INSERT INTO statement SELECT u.i / 2 * 1000000000 + iif(u.i % 2, 28000000, 3000000), 500000, u.i + 1, u.i % 2 + 1, u.i * 9 + 4, 20, 20, 0, 0, 0, 80, 97, 4096 FROM n u WHERE u.i < 20;

-- case: near-miss sqlite-busy-wait: a lock of SQLite
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) SELECT i + 1, 1, 'sqlite', 'sqlite', '/srv/a.db', 5, 3, 60, 30 FROM n WHERE i < 2;
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns)
  SELECT i + 1, 1, 'request', 2, i / 2 * 1000000000 + i % 2 * 1000000, 30000000, 4000000, 26000000 FROM n WHERE i < 20;
INSERT INTO statement SELECT u.i / 2 * 1000000000 + u.i % 2 * 1000000, 100000, u.i + 1, u.i % 2 + 1, u.i * 9 + 2, 9, 9, 0, 0, 0, 80, 95, 4096 FROM n u WHERE u.i < 20;
INSERT INTO statement SELECT u.i / 2 * 1000000000 + u.i % 2 * 1000000 + 200000, iif(u.i % 2, 19500000, 300000), u.i + 1, u.i % 2 + 1, u.i * 9 + 3, 21, 21, 0, 1, 0, 80, 96, 0 FROM n u WHERE u.i < 20;
INSERT INTO statement SELECT u.i / 2 * 1000000000 + iif(u.i % 2, 28000000, 20000000), 500000, u.i + 1, u.i % 2 + 1, u.i * 9 + 4, 20, 20, 0, 0, 0, 80, 97, 4096 FROM n u WHERE u.i < 20;

-- case: miss writes to different tables
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) SELECT i + 1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30 FROM n WHERE i < 2;
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns)
  SELECT i + 1, 1, 'request', 2, i / 2 * 1000000000 + i % 2 * 1000000, 30000000, 4000000, 26000000 FROM n WHERE i < 20;
INSERT INTO statement SELECT u.i / 2 * 1000000000 + u.i % 2 * 1000000, 100000, u.i + 1, u.i % 2 + 1, u.i * 9 + 2, 9, 9, 0, 0, 0, 80, 95, 4096 FROM n u WHERE u.i < 20;
INSERT INTO statement SELECT u.i / 2 * 1000000000 + u.i % 2 * 1000000 + 200000, iif(u.i % 2, 19500000, 300000), u.i + 1, u.i % 2 + 1, u.i * 9 + 3, iif(u.i % 2, 21, 8), 21, 0, 1, 0, 80, 96, 0 FROM n u WHERE u.i < 20;
INSERT INTO statement SELECT u.i / 2 * 1000000000 + iif(u.i % 2, 28000000, 20000000), 500000, u.i + 1, u.i % 2 + 1, u.i * 9 + 4, 20, 20, 0, 0, 0, 80, 97, 4096 FROM n u WHERE u.i < 20;
-- says: ruled out: no write ended with the transaction of another connection
