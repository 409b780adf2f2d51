-- case: hit rows are stepped over in a scan of the whole table for each that is given
INSERT INTO text VALUES (50, 'SELECT a FROM t WHERE b = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 5000000, 5000000, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'sqlite', 'sqlite', '/srv/app.db');
INSERT INTO statement SELECT i * 200000000 + 1000000, 5000000, i + 1, 1, i + 2, 50, 50, 0, 2, 0, 0, 41, 10001 << 16 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 200000000 + 7000000, 50000, i + 1, 1, i + 2, 5, 50, 0, 1, 0, 0, 42, 1 << 16 FROM n WHERE i < 40;
INSERT INTO usage_10s SELECT 0, 2, 'sqlite_step', 41, 'sqlite', 50, 0, 0, 40, 40, 0, 200000000, 200000000, 5000000, 0, 0, 0;
-- expect: SELECT a FROM t WHERE b = ? /srv/app.py:41 50.0% 4.950ms proven
-- says: to give 2: SELECT a FROM t WHERE b = ?
-- says not: is no column
-- says not: is made of it
-- says not: is not seen

-- case: hit what was kept waiting in one run, and rows that are written at start-up, say nothing of an index
INSERT INTO text VALUES (50, 'SELECT a FROM t WHERE b = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 5000000, 5000000, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'sqlite', 'sqlite', '/srv/app.db');
INSERT INTO statement SELECT i * 200000000 + 1000000, iif(i = 7, 85000000, 5000000), i + 1, 1, i + 2, 50, 50, 0, 2, 0, 0, 41, 10001 << 16 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 200000000 + 7000000, 500000, i + 1, 1, i + 2, 5, 50, 0, 1, 0, 0, 42, 1 << 16 FROM n WHERE i < 40;
INSERT INTO statement SELECT i, 2000, NULL, 1, i + 2, 8, 50, 0, 0, 0, 0, 41, 1 << 16 FROM n;
INSERT INTO usage_10s SELECT 0, 2, 'sqlite_step', 41, 'sqlite', 50, 0, 0, 40, 40, 0, 200000000, 200000000, 5000000, 0, 0, 0;
-- expect: SELECT a FROM t WHERE b = ? /srv/app.py:41 70.0% 4.500ms proven

-- case: hit a sum does not tell how many rows it needs: possible
INSERT INTO text VALUES (50, 'SELECT sum(a) FROM t WHERE b = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 5000000, 5000000, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'sqlite', 'sqlite', '/srv/app.db');
INSERT INTO statement SELECT i * 200000000 + 1000000, 5000000, i + 1, 1, i + 2, 50, 50, 0, 1, 0, 0, 41, 10001 << 16 FROM n WHERE i < 40;
INSERT INTO usage_10s SELECT 0, 2, 'sqlite_step', 41, 'sqlite', 50, 0, 0, 40, 40, 0, 200000000, 200000000, 5000000, 0, 0, 0;
-- expect: SELECT sum(a) FROM t WHERE b = ? /srv/app.py:41 50.0% 2.500ms possible
-- says: how many of the rows that it reads it needs is not seen

-- case: hit a server's plain question for few rows takes many round trips, each time: possible
INSERT INTO text VALUES (50, 'SELECT a FROM t WHERE b = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 2000000, 5200000, 2 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'socket', 'postgresql', '127.0.0.1:5432');
INSERT INTO statement SELECT i * 200000000 + 1000000, 5000000, i + 1, 1, 2 * i + 3, 50, 50, 0, 2, 0, 80, 41, 8192 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 200000000 + 7000000, 100000, i + 1, 1, 2 * i + 4, 9, 9, 0, 0, 0, 80, 41, 4096 FROM n WHERE i < 40;
-- expect: SELECT a FROM t WHERE b = ? /srv/app.py:41 47.5% 2.328ms possible
-- says: A query for 2 rows takes 5.00 ms each time, so an index may be missing: SELECT a FROM t WHERE b = ?
-- says: its server does not say how many rows it reads for them

-- case: near-miss unbounded-result: all rows that are read are given
INSERT INTO text VALUES (50, 'SELECT a FROM t WHERE b = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 5000000, 5000000, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'sqlite', 'sqlite', '/srv/app.db');
INSERT INTO statement SELECT i * 200000000 + 1000000, 5000000, i + 1, 1, i + 2, 50, 50, 0, 900, 0, 0, 41, 1001 << 16 FROM n WHERE i < 40;

-- case: near-miss sqlite-busy-wait: found by its key, it waits for another's lock
INSERT INTO text VALUES (50, 'SELECT a FROM t WHERE b = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 5000000, 5000000, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'sqlite', 'sqlite', '/srv/app.db');
INSERT INTO statement SELECT i * 200000000 + 1000000, 5000000, i + 1, 1, i + 2, 50, 50, 0, 1, 0, 0, 41, 1 << 16 FROM n WHERE i < 40;

-- case: near-miss row-lock-wait: quick runs of it show that its rows are found
INSERT INTO text VALUES (50, 'SELECT a FROM t WHERE b = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 2000000, 5200000, 2 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'socket', 'postgresql', '127.0.0.1:5432');
INSERT INTO statement SELECT i * 200000000 + 1000000, iif(i % 3, 5000000, 200000), i + 1, 1, 2 * i + 3, 50, 50, 0, 2, 0, 80, 41, 8192 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 200000000 + 7000000, 100000, i + 1, 1, 2 * i + 4, 9, 9, 0, 0, 0, 80, 41, 4096 FROM n WHERE i < 40;

-- case: miss a sum over the whole table has nothing to search for
INSERT INTO text VALUES (50, 'SELECT sum(a) FROM t');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 5000000, 5000000, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'sqlite', 'sqlite', '/srv/app.db');
INSERT INTO statement SELECT i * 200000000 + 1000000, 5000000, i + 1, 1, i + 2, 50, 50, 0, 1, 0, 0, 41, 10001 << 16 FROM n WHERE i < 40;

-- case: miss a server's question that joins two tables takes nineteen round trips for each
INSERT INTO text VALUES (50, 'SELECT a FROM t JOIN u ON u.i = t.i WHERE t.b = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 2000000, 5200000, 2 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'socket', 'postgresql', '127.0.0.1:5432');
INSERT INTO statement SELECT i * 200000000 + 1000000, 3800000, i + 1, 1, 2 * i + 3, 50, 50, 0, 2, 0, 80, 41, 8192 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 200000000 + 7000000, 100000, i + 1, 1, 2 * i + 4, 9, 9, 0, 0, 0, 80, 41, 4096 FROM n WHERE i < 40;

-- case: hit a server's question that joins two tables takes twenty round trips for each
INSERT INTO text VALUES (50, 'SELECT a FROM t JOIN u ON u.i = t.i WHERE t.b = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 2000000, 5200000, 2 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'socket', 'postgresql', '127.0.0.1:5432');
INSERT INTO statement SELECT i * 200000000 + 1000000, 4000000, i + 1, 1, 2 * i + 3, 50, 50, 0, 2, 0, 80, 41, 8192 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 200000000 + 7000000, 100000, i + 1, 1, 2 * i + 4, 9, 9, 0, 0, 0, 80, 41, 4096 FROM n WHERE i < 40;
-- expect: SELECT a FROM t JOIN u ON u.i = t.i WHERE t.b = ? /srv/app.py:41 38.0% 1.853ms possible

-- case: hit a server's question by what a function makes of a column: only an index on that would do
INSERT INTO text VALUES (50, 'SELECT a FROM t WHERE lower(b) = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 2000000, 5200000, 2 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'socket', 'postgresql', '127.0.0.1:5432');
INSERT INTO statement SELECT i * 200000000 + 1000000, 5000000, i + 1, 1, 2 * i + 3, 50, 50, 0, 1, 0, 80, 41, 8192 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 200000000 + 7000000, 100000, i + 1, 1, 2 * i + 4, 9, 9, 0, 0, 0, 80, 41, 4096 FROM n WHERE i < 40;
-- expect: SELECT a FROM t WHERE lower(b) = ? /srv/app.py:41 47.5% 2.328ms possible

-- case: hit a server's first few in the order of a column
INSERT INTO text VALUES (50, 'SELECT a FROM t ORDER BY b DESC LIMIT ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 2000000, 5200000, 2 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'socket', 'postgresql', '127.0.0.1:5432');
INSERT INTO statement SELECT i * 200000000 + 1000000, 5000000, i + 1, 1, 2 * i + 3, 50, 50, 0, 10, 0, 80, 41, 8192 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 200000000 + 7000000, 100000, i + 1, 1, 2 * i + 4, 9, 9, 0, 0, 0, 80, 41, 4096 FROM n WHERE i < 40;
-- expect: SELECT a FROM t ORDER BY b DESC LIMIT ? /srv/app.py:41 47.5% 2.328ms possible

-- case: miss a server counts rows, all of which it may need
INSERT INTO text VALUES (50, 'SELECT count(*) FROM t WHERE b = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 2000000, 5200000, 2 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'socket', 'postgresql', '127.0.0.1:5432');
INSERT INTO statement SELECT i * 200000000 + 1000000, 5000000, i + 1, 1, 2 * i + 3, 50, 50, 0, 1, 0, 80, 41, 8192 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 200000000 + 7000000, 100000, i + 1, 1, 2 * i + 4, 9, 9, 0, 0, 0, 80, 41, 4096 FROM n WHERE i < 40;

-- case: miss a server groups rows
INSERT INTO text VALUES (50, 'SELECT a FROM t WHERE b = ? GROUP BY a');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 2000000, 5200000, 2 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'socket', 'postgresql', '127.0.0.1:5432');
INSERT INTO statement SELECT i * 200000000 + 1000000, 5000000, i + 1, 1, 2 * i + 3, 50, 50, 0, 1, 0, 80, 41, 8192 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 200000000 + 7000000, 100000, i + 1, 1, 2 * i + 4, 9, 9, 0, 0, 0, 80, 41, 4096 FROM n WHERE i < 40;

-- case: miss a server looks into texts
INSERT INTO text VALUES (50, 'SELECT a FROM t WHERE b = ? AND c LIKE ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 2000000, 5200000, 2 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'socket', 'postgresql', '127.0.0.1:5432');
INSERT INTO statement SELECT i * 200000000 + 1000000, 5000000, i + 1, 1, 2 * i + 3, 50, 50, 0, 1, 0, 80, 41, 8192 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 200000000 + 7000000, 100000, i + 1, 1, 2 * i + 4, 9, 9, 0, 0, 0, 80, 41, 4096 FROM n WHERE i < 40;

-- case: miss a server asks a question for each row
INSERT INTO text VALUES (50, 'SELECT a FROM t WHERE b = (SELECT max(c) FROM u)');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 2000000, 5200000, 2 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'socket', 'postgresql', '127.0.0.1:5432');
INSERT INTO statement SELECT i * 200000000 + 1000000, 5000000, i + 1, 1, 2 * i + 3, 50, 50, 0, 1, 0, 80, 41, 8192 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 200000000 + 7000000, 100000, i + 1, 1, 2 * i + 4, 9, 9, 0, 0, 0, 80, 41, 4096 FROM n WHERE i < 40;

-- case: miss a server joins by a comma
INSERT INTO text VALUES (50, 'SELECT a FROM t, u WHERE u.i = t.i');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 2000000, 5200000, 2 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'socket', 'postgresql', '127.0.0.1:5432');
INSERT INTO statement SELECT i * 200000000 + 1000000, 5000000, i + 1, 1, 2 * i + 3, 50, 50, 0, 1, 0, 80, 41, 8192 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 200000000 + 7000000, 100000, i + 1, 1, 2 * i + 4, 9, 9, 0, 0, 0, 80, 41, 4096 FROM n WHERE i < 40;

-- case: miss a server's rows without double ones
INSERT INTO text VALUES (50, 'SELECT DISTINCT a FROM t WHERE b = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 2000000, 5200000, 2 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'socket', 'postgresql', '127.0.0.1:5432');
INSERT INTO statement SELECT i * 200000000 + 1000000, 5000000, i + 1, 1, 2 * i + 3, 50, 50, 0, 1, 0, 80, 41, 8192 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 200000000 + 7000000, 100000, i + 1, 1, 2 * i + 4, 9, 9, 0, 0, 0, 80, 41, 4096 FROM n WHERE i < 40;

-- case: miss a server locks what it gives
INSERT INTO text VALUES (50, 'SELECT a FROM t WHERE b = ? FOR UPDATE');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 2000000, 5200000, 2 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'socket', 'postgresql', '127.0.0.1:5432');
INSERT INTO statement SELECT i * 200000000 + 1000000, 5000000, i + 1, 1, 2 * i + 3, 50, 50, 0, 1, 0, 80, 41, 8192 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 200000000 + 7000000, 100000, i + 1, 1, 2 * i + 4, 9, 9, 0, 0, 0, 80, 41, 4096 FROM n WHERE i < 40;

-- case: miss a server gives one in a random order
INSERT INTO text VALUES (50, 'SELECT a FROM t ORDER BY random() LIMIT ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 2000000, 5200000, 2 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'socket', 'postgresql', '127.0.0.1:5432');
INSERT INTO statement SELECT i * 200000000 + 1000000, 5000000, i + 1, 1, 2 * i + 3, 50, 50, 0, 1, 0, 80, 41, 8192 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 200000000 + 7000000, 100000, i + 1, 1, 2 * i + 4, 9, 9, 0, 0, 0, 80, 41, 4096 FROM n WHERE i < 40;

-- case: hit twenty rows are read for each that is given
INSERT INTO text VALUES (50, 'SELECT a FROM t WHERE b = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 5000000, 5000000, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'sqlite', 'sqlite', '/srv/app.db');
INSERT INTO statement SELECT i * 200000000 + 1000000, 5000000, i + 1, 1, i + 2, 50, 50, 0, 10, 0, 0, 41, 201 << 16 FROM n WHERE i < 40;
-- expect: SELECT a FROM t WHERE b = ? /srv/app.py:41 50.0% 5.000ms proven

-- case: miss less than twenty rows are read for each that is given
INSERT INTO text VALUES (50, 'SELECT a FROM t WHERE b = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 5000000, 5000000, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'sqlite', 'sqlite', '/srv/app.db');
INSERT INTO statement SELECT i * 200000000 + 1000000, 5000000, i + 1, 1, i + 2, 50, 50, 0, 10, 0, 0, 41, 200 << 16 FROM n WHERE i < 40;

-- case: hit twenty rows, twenty round trips
INSERT INTO text VALUES (50, 'SELECT a FROM t WHERE b = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 2000000, 2200000, 2 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'socket', 'postgresql', '127.0.0.1:5432');
INSERT INTO statement SELECT i * 200000000 + 1000000, 2000000, i + 1, 1, 2 * i + 3, 50, 50, 0, 20, 0, 80, 41, 8192 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 200000000 + 7000000, 100000, i + 1, 1, 2 * i + 4, 9, 9, 0, 0, 0, 80, 41, 4096 FROM n WHERE i < 40;
-- expect: SELECT a FROM t WHERE b = ? /srv/app.py:41 19.0% 0.902ms possible

-- case: miss more than twenty rows of a server
INSERT INTO text VALUES (50, 'SELECT a FROM t WHERE b = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 2000000, 2200000, 2 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'socket', 'postgresql', '127.0.0.1:5432');
INSERT INTO statement SELECT i * 200000000 + 1000000, 2000000, i + 1, 1, 2 * i + 3, 50, 50, 0, 21, 0, 80, 41, 8192 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 200000000 + 7000000, 100000, i + 1, 1, 2 * i + 4, 9, 9, 0, 0, 0, 80, 41, 4096 FROM n WHERE i < 40;

-- case: miss less than twenty round trips
INSERT INTO text VALUES (50, 'SELECT a FROM t WHERE b = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 2000000, 2200000, 2 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'socket', 'postgresql', '127.0.0.1:5432');
INSERT INTO statement SELECT i * 200000000 + 1000000, 1990000, i + 1, 1, 2 * i + 3, 50, 50, 0, 20, 0, 80, 41, 8192 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 200000000 + 7000000, 100000, i + 1, 1, 2 * i + 4, 9, 9, 0, 0, 0, 80, 41, 4096 FROM n WHERE i < 40;

-- case: miss no index is in a random order
INSERT INTO text VALUES (50, 'SELECT a FROM t ORDER BY random() LIMIT ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 5000000, 5000000, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'sqlite', 'sqlite', '/srv/app.db');
INSERT INTO statement SELECT i * 200000000 + 1000000, 5000000, i + 1, 1, i + 2, 50, 50, 0, 1, 0, 0, 41, 10001 << 16 FROM n WHERE i < 40;
INSERT INTO usage_10s SELECT 0, 2, 'sqlite_step', 41, 'sqlite', 50, 0, 0, 40, 40, 0, 200000000, 200000000, 5000000, 0, 0, 0;

-- case: miss nor in that of a sum
INSERT INTO text VALUES (50, 'SELECT a FROM t ORDER BY a + b DESC LIMIT ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 5000000, 5000000, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'sqlite', 'sqlite', '/srv/app.db');
INSERT INTO statement SELECT i * 200000000 + 1000000, 5000000, i + 1, 1, i + 2, 50, 50, 0, 1, 0, 0, 41, 10001 << 16 FROM n WHERE i < 40;
INSERT INTO usage_10s SELECT 0, 2, 'sqlite_step', 41, 'sqlite', 50, 0, 0, 40, 40, 0, 200000000, 200000000, 5000000, 0, 0, 0;

-- case: miss the first groups of a whole table: no index is in the order of what is summed up
INSERT INTO text VALUES (50, 'SELECT shop, count(*) AS n FROM t GROUP BY shop ORDER BY n DESC LIMIT ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 5000000, 5000000, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'sqlite', 'sqlite', '/srv/app.db');
INSERT INTO statement SELECT i * 200000000 + 1000000, 5000000, i + 1, 1, i + 2, 50, 50, 0, 1, 0, 0, 41, 10001 << 16 FROM n WHERE i < 40;
INSERT INTO usage_10s SELECT 0, 2, 'sqlite_step', 41, 'sqlite', 50, 0, 0, 40, 40, 0, 200000000, 200000000, 5000000, 0, 0, 0;

-- case: hit the first by a column
INSERT INTO text VALUES (50, 'SELECT a FROM t ORDER BY b LIMIT ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 5000000, 5000000, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'sqlite', 'sqlite', '/srv/app.db');
INSERT INTO statement SELECT i * 200000000 + 1000000, 5000000, i + 1, 1, i + 2, 50, 50, 0, 1, 0, 0, 41, 10001 << 16 FROM n WHERE i < 40;
INSERT INTO usage_10s SELECT 0, 2, 'sqlite_step', 41, 'sqlite', 50, 0, 0, 40, 40, 0, 200000000, 200000000, 5000000, 0, 0, 0;
-- expect: SELECT a FROM t ORDER BY b LIMIT ? /srv/app.py:41 50.0% 5.000ms proven

-- case: hit a random one of those that an index finds: how many these are is not known
INSERT INTO text VALUES (50, 'SELECT a FROM t WHERE b = ? ORDER BY random() LIMIT ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 5000000, 5000000, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'sqlite', 'sqlite', '/srv/app.db');
INSERT INTO statement SELECT i * 200000000 + 1000000, 5000000, i + 1, 1, i + 2, 50, 50, 0, 1, 0, 0, 41, 10001 << 16 FROM n WHERE i < 40;
INSERT INTO usage_10s SELECT 0, 2, 'sqlite_step', 41, 'sqlite', 50, 0, 0, 40, 40, 0, 200000000, 200000000, 5000000, 0, 0, 0;
-- expect: SELECT a FROM t WHERE b = ? ORDER BY random() LIMIT ? /srv/app.py:41 50.0% 2.500ms possible

-- case: hit a server's question for one row
INSERT INTO text VALUES (50, 'SELECT a FROM t WHERE b = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 2000000, 5200000, 2 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'socket', 'postgresql', '127.0.0.1:5432');
INSERT INTO statement SELECT i * 200000000 + 1000000, 5000000, i + 1, 1, 2 * i + 3, 50, 50, 0, 1, 0, 80, 41, 8192 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 200000000 + 7000000, 100000, i + 1, 1, 2 * i + 4, 9, 9, 0, 0, 0, 80, 41, 4096 FROM n WHERE i < 40;
-- expect: SELECT a FROM t WHERE b = ? /srv/app.py:41 47.5% 2.328ms possible
-- says: A query for 1 row takes

-- case: hit what a column makes is compared: only an index on that would do
INSERT INTO text VALUES (50, 'SELECT a FROM t WHERE b % ? = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 5000000, 5000000, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'sqlite', 'sqlite', '/srv/app.db');
INSERT INTO statement SELECT i * 200000000 + 1000000, 5000000, i + 1, 1, i + 2, 50, 50, 0, 2, 0, 0, 41, 10001 << 16 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 200000000 + 7000000, 50000, i + 1, 1, i + 2, 5, 50, 0, 1, 0, 0, 42, 1 << 16 FROM n WHERE i < 40;
INSERT INTO usage_10s SELECT 0, 2, 'sqlite_step', 41, 'sqlite', 50, 0, 0, 40, 40, 0, 200000000, 200000000, 5000000, 0, 0, 0;
-- expect: SELECT a FROM t WHERE b % ? = ? /srv/app.py:41 50.0% 2.475ms possible

-- case: hit on two routes, a tenth of its time waiting
INSERT INTO text VALUES (50, 'SELECT a FROM t WHERE b = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 1 + i % 2, i * 200000000, 10000000, 1000000, 5000000, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'sqlite', 'sqlite', '/srv/app.db');
INSERT INTO statement SELECT i * 200000000 + 100000, 5000000, i + 1, 1, i + 2, 50, 50, 0, 2, 0, 0, 41, 10001 << 16 FROM n WHERE i < 40;
INSERT INTO usage_10s SELECT 0, 2, 'sqlite_step', 41, 'sqlite', 50, 0, 0, 40, 40, 0, 200000000, 170000000, 5000000, 0, 0, 0;
-- expect: SELECT a FROM t WHERE b = ? /srv/app.py:41 50.0% 5.000ms likely
-- says not: route:
-- says: not sqlite-busy-wait: 15 % of its time is waiting
-- says: of it waiting: 15 %

-- case: hit three tenths of its time are waiting
INSERT INTO text VALUES (50, 'SELECT a FROM t WHERE b = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 1000000, 5000000, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'sqlite', 'sqlite', '/srv/app.db');
INSERT INTO statement SELECT i * 200000000 + 100000, 5000000, i + 1, 1, i + 2, 50, 50, 0, 2, 0, 0, 41, 10001 << 16 FROM n WHERE i < 40;
INSERT INTO usage_10s SELECT 0, 2, 'sqlite_step', 41, 'sqlite', 50, 0, 0, 40, 40, 0, 200000000, 140000000, 5000000, 0, 0, 0;
-- expect: SELECT a FROM t WHERE b = ? /srv/app.py:41 50.0% 5.000ms likely
-- says not: not sqlite-busy-wait
-- says: route: /orders

-- case: hit a long text is cut
INSERT INTO text VALUES (50, 'SELECT column_00, column_01, column_02, column_03, column_04, column_05, column_06, column_07 FROM table_of_things WHERE b = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 1000000, 5000000, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'sqlite', 'sqlite', '/srv/app.db');
INSERT INTO statement SELECT i * 200000000 + 100000, 5000000, i + 1, 1, i + 2, 50, 50, 0, 2, 0, 0, 41, 10001 << 16 FROM n WHERE i < 40;
INSERT INTO usage_10s SELECT 0, 2, 'sqlite_step', 41, 'sqlite', 50, 0, 0, 40, 40, 0, 200000000, 200000000, 5000000, 0, 0, 0;
-- expect: SELECT column_00, column_01, column_02, column_03, column_04, column_05, column_06, column_07 FROM table_of_things WHERE b = ? /srv/app.py:41 50.0% 5.000ms likely
-- says: to give 2: SELECT column_00, column_01, column_02, column_03, column_04, column_05, column_06, column_07 FROM …

-- case: hit a shorter text is not
INSERT INTO text VALUES (50, 'SELECT column_a, column_b, column_c FROM table_of_things WHERE column_d = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 1000000, 5000000, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'sqlite', 'sqlite', '/srv/app.db');
INSERT INTO statement SELECT i * 200000000 + 100000, 5000000, i + 1, 1, i + 2, 50, 50, 0, 2, 0, 0, 41, 10001 << 16 FROM n WHERE i < 40;
INSERT INTO usage_10s SELECT 0, 2, 'sqlite_step', 41, 'sqlite', 50, 0, 0, 40, 40, 0, 200000000, 200000000, 5000000, 0, 0, 0;
-- expect: SELECT column_a, column_b, column_c FROM table_of_things WHERE column_d = ? /srv/app.py:41 50.0% 5.000ms likely
-- says: to give 2: SELECT column_a, column_b, column_c FROM table_of_things WHERE column_d = ?

-- case: miss fifteen rows are read in vain, for none
INSERT INTO text VALUES (50, 'SELECT a FROM t WHERE b = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 1000000, 5000000, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'sqlite', 'sqlite', '/srv/app.db');
INSERT INTO statement SELECT i * 200000000 + 100000, 5000000, i + 1, 1, i + 2, 50, 50, 0, 0, 0, 0, 41, 16 << 16 FROM n WHERE i < 40;
INSERT INTO usage_10s SELECT 0, 2, 'sqlite_step', 41, 'sqlite', 50, 0, 0, 40, 40, 0, 200000000, 200000000, 5000000, 0, 0, 0;

-- case: hit twenty-five rows are read for one
INSERT INTO text VALUES (50, 'SELECT a FROM t WHERE b = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 1000000, 5000000, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'sqlite', 'sqlite', '/srv/app.db');
INSERT INTO statement SELECT i * 200000000 + 100000, 5000000, i + 1, 1, i + 2, 50, 50, 0, 1, 0, 0, 41, 26 << 16 FROM n WHERE i < 40;
INSERT INTO usage_10s SELECT 0, 2, 'sqlite_step', 41, 'sqlite', 50, 0, 0, 40, 40, 0, 200000000, 200000000, 5000000, 0, 0, 0;
-- expect: SELECT a FROM t WHERE b = ? /srv/app.py:41 50.0% 5.000ms likely

-- case: hit a sum that takes a seventh of the time
INSERT INTO text VALUES (50, 'SELECT sum(a) FROM t WHERE b = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 35000000, 1000000, 5000000, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'sqlite', 'sqlite', '/srv/app.db');
INSERT INTO statement SELECT i * 200000000 + 100000, 5000000, i + 1, 1, i + 2, 50, 50, 0, 1, 0, 0, 41, 10001 << 16 FROM n WHERE i < 40;
INSERT INTO usage_10s SELECT 0, 2, 'sqlite_step', 41, 'sqlite', 50, 0, 0, 40, 40, 0, 200000000, 200000000, 5000000, 0, 0, 0;
-- expect: SELECT sum(a) FROM t WHERE b = ? /srv/app.py:41 14.3% 2.500ms possible

-- case: miss a sum that takes a fourteenth of the time
INSERT INTO text VALUES (50, 'SELECT sum(a) FROM t WHERE b = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 70000000, 1000000, 5000000, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'sqlite', 'sqlite', '/srv/app.db');
INSERT INTO statement SELECT i * 200000000 + 100000, 5000000, i + 1, 1, i + 2, 50, 50, 0, 1, 0, 0, 41, 10001 << 16 FROM n WHERE i < 40;
INSERT INTO usage_10s SELECT 0, 2, 'sqlite_step', 41, 'sqlite', 50, 0, 0, 40, 40, 0, 200000000, 200000000, 5000000, 0, 0, 0;

-- case: hit a server, and a twenty-fifth of the time is waiting for a pool
INSERT INTO text VALUES (50, 'SELECT a FROM t WHERE b = ?'), (51, 'SELECT z FROM y');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements, pool_ns) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 2000000, 5200000, 2, 400000 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'socket', 'postgresql', '127.0.0.1:5432'), (2, 1, 'socket', 'postgresql', '127.0.0.1:5432');
INSERT INTO statement SELECT i * 200000000 + 1000000, 5000000, i + 1, 1, 2 * i + 3, 50, 50, 0, 2, 0, 80, 41, 8192 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 200000000 + 7000000, 100000, i + 1, 1, 2 * i + 4, 9, 9, 0, 0, 0, 80, 41, 4096 FROM n WHERE i < 40;
-- expect: SELECT a FROM t WHERE b = ? /srv/app.py:41 47.5% 2.328ms possible

-- case: miss a server, and a fourteenth of the time is waiting for a pool
INSERT INTO text VALUES (50, 'SELECT a FROM t WHERE b = ?'), (51, 'SELECT z FROM y');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements, pool_ns) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 2000000, 5200000, 2, 700000 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'socket', 'postgresql', '127.0.0.1:5432'), (2, 1, 'socket', 'postgresql', '127.0.0.1:5432');
INSERT INTO statement SELECT i * 200000000 + 1000000, 5000000, i + 1, 1, 2 * i + 3, 50, 50, 0, 2, 0, 80, 41, 8192 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 200000000 + 7000000, 100000, i + 1, 1, 2 * i + 4, 9, 9, 0, 0, 0, 80, 41, 4096 FROM n WHERE i < 40;

-- case: hit a server, where two fifths of the runs meet another statement
INSERT INTO text VALUES (50, 'SELECT a FROM t WHERE b = ?'), (51, 'SELECT z FROM y');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements, pool_ns) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 2000000, 5200000, 2, 0 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'socket', 'postgresql', '127.0.0.1:5432'), (2, 1, 'socket', 'postgresql', '127.0.0.1:5432');
INSERT INTO statement SELECT i * 200000000 + 1000000, 5000000, i + 1, 1, 2 * i + 3, 50, 50, 0, 2, 0, 80, 41, 8192 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 200000000 + 7000000, 100000, i + 1, 1, 2 * i + 4, 9, 9, 0, 0, 0, 80, 41, 4096 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 200000000 + 3000000, 200000, i + 1, 2, i + 3, 51, 51, 0, 30, 0, 80, 43, 8192 FROM n WHERE i < 40 AND i % 5 < 2;
-- expect: SELECT a FROM t WHERE b = ? /srv/app.py:41 47.5% 2.328ms possible

-- case: miss a server, where three fifths of the runs meet another statement
INSERT INTO text VALUES (50, 'SELECT a FROM t WHERE b = ?'), (51, 'SELECT z FROM y');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements, pool_ns) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 2000000, 5200000, 2, 0 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'socket', 'postgresql', '127.0.0.1:5432'), (2, 1, 'socket', 'postgresql', '127.0.0.1:5432');
INSERT INTO statement SELECT i * 200000000 + 1000000, 5000000, i + 1, 1, 2 * i + 3, 50, 50, 0, 2, 0, 80, 41, 8192 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 200000000 + 7000000, 100000, i + 1, 1, 2 * i + 4, 9, 9, 0, 0, 0, 80, 41, 4096 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 200000000 + 3000000, 200000, i + 1, 2, i + 3, 51, 51, 0, 30, 0, 80, 43, 8192 FROM n WHERE i < 40 AND i % 5 < 3;

-- case: hit by what a function makes of a column: an index on the column would not be used
INSERT INTO text VALUES (50, 'SELECT a FROM t WHERE lower(b) = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 5000000, 5000000, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'sqlite', 'sqlite', '/srv/app.db');
INSERT INTO statement SELECT i * 200000000 + 1000000, 5000000, i + 1, 1, i + 2, 50, 50, 0, 2, 0, 0, 41, 10001 << 16 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 200000000 + 7000000, 50000, i + 1, 1, i + 2, 5, 50, 0, 1, 0, 0, 42, 1 << 16 FROM n WHERE i < 40;
INSERT INTO usage_10s SELECT 0, 2, 'sqlite_step', 41, 'sqlite', 50, 0, 0, 40, 40, 0, 200000000, 200000000, 5000000, 0, 0, 0;
-- expect: SELECT a FROM t WHERE lower(b) = ? /srv/app.py:41 50.0% 2.475ms possible
-- says: an index on a column is not used for what is made of it
-- says: CREATE INDEX … ON table (lower(b)) (its functions
-- says: it saves only if an index on lower(b) itself leaves few rows to read, and how many is not seen

-- case: hit more than a value, and no =
INSERT INTO text VALUES (50, 'SELECT a FROM t WHERE date(b) > ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 5000000, 5000000, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'sqlite', 'sqlite', '/srv/app.db');
INSERT INTO statement SELECT i * 200000000 + 1000000, 5000000, i + 1, 1, i + 2, 50, 50, 0, 2, 0, 0, 41, 10001 << 16 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 200000000 + 7000000, 50000, i + 1, 1, i + 2, 5, 50, 0, 1, 0, 0, 42, 1 << 16 FROM n WHERE i < 40;
INSERT INTO usage_10s SELECT 0, 2, 'sqlite_step', 41, 'sqlite', 50, 0, 0, 40, 40, 0, 200000000, 200000000, 5000000, 0, 0, 0;
-- expect: SELECT a FROM t WHERE date(b) > ? /srv/app.py:41 50.0% 2.475ms possible
-- says: ON table (date(b))

-- case: hit either of two columns
INSERT INTO text VALUES (50, 'SELECT a FROM t WHERE b = ? OR c = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 5000000, 5000000, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'sqlite', 'sqlite', '/srv/app.db');
INSERT INTO statement SELECT i * 200000000 + 1000000, 5000000, i + 1, 1, i + 2, 50, 50, 0, 2, 0, 0, 41, 10001 << 16 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 200000000 + 7000000, 50000, i + 1, 1, i + 2, 5, 50, 0, 1, 0, 0, 42, 1 << 16 FROM n WHERE i < 40;
INSERT INTO usage_10s SELECT 0, 2, 'sqlite_step', 41, 'sqlite', 50, 0, 0, 40, 40, 0, 200000000, 200000000, 5000000, 0, 0, 0;
-- expect: SELECT a FROM t WHERE b = ? OR c = ? /srv/app.py:41 50.0% 2.475ms possible
-- says: an OR is served only where each of its sides has an index
-- says: with OR the table is read unless each side has an index

-- case: hit a pattern: no index finds what begins with a wildcard
INSERT INTO text VALUES (50, 'SELECT a FROM t WHERE b LIKE ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 5000000, 5000000, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'sqlite', 'sqlite', '/srv/app.db');
INSERT INTO statement SELECT i * 200000000 + 1000000, 5000000, i + 1, 1, i + 2, 50, 50, 0, 2, 0, 0, 41, 10001 << 16 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 200000000 + 7000000, 50000, i + 1, 1, i + 2, 5, 50, 0, 1, 0, 0, 42, 1 << 16 FROM n WHERE i < 40;
INSERT INTO usage_10s SELECT 0, 2, 'sqlite_step', 41, 'sqlite', 50, 0, 0, 40, 40, 0, 200000000, 200000000, 5000000, 0, 0, 0;
-- expect: SELECT a FROM t WHERE b LIKE ? /srv/app.py:41 50.0% 2.475ms possible
-- says: for that use a full-text table (FTS5
-- says not: CREATE INDEX
-- says: only patterns that begin with letters are found by an index

-- case: hit all but some
INSERT INTO text VALUES (50, 'SELECT a FROM t WHERE b <> ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 5000000, 5000000, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'sqlite', 'sqlite', '/srv/app.db');
INSERT INTO statement SELECT i * 200000000 + 1000000, 5000000, i + 1, 1, i + 2, 50, 50, 0, 2, 0, 0, 41, 10001 << 16 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 200000000 + 7000000, 50000, i + 1, 1, i + 2, 5, 50, 0, 1, 0, 0, 42, 1 << 16 FROM n WHERE i < 40;
INSERT INTO usage_10s SELECT 0, 2, 'sqlite_step', 41, 'sqlite', 50, 0, 0, 40, 40, 0, 200000000, 200000000, 5000000, 0, 0, 0;
-- expect: SELECT a FROM t WHERE b <> ? /srv/app.py:41 50.0% 2.475ms possible
-- says: no index serves <> or NOT where most rows pass
-- says: what is not equal is found by no index, unless it is rare

-- case: hit a column and what is made of another: the rule's own advice, and of what it does not hold
INSERT INTO text VALUES (50, 'SELECT a FROM t WHERE b > ? AND lower(c) = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 5000000, 5000000, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'sqlite', 'sqlite', '/srv/app.db');
INSERT INTO statement SELECT i * 200000000 + 1000000, 5000000, i + 1, 1, i + 2, 50, 50, 0, 2, 0, 0, 41, 10001 << 16 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 200000000 + 7000000, 50000, i + 1, 1, i + 2, 5, 50, 0, 1, 0, 0, 42, 1 << 16 FROM n WHERE i < 40;
INSERT INTO usage_10s SELECT 0, 2, 'sqlite_step', 41, 'sqlite', 50, 0, 0, 40, 40, 0, 200000000, 200000000, 5000000, 0, 0, 0;
-- expect: SELECT a FROM t WHERE b > ? AND lower(c) = ? /srv/app.py:41 50.0% 2.475ms possible
-- says: lower(c) is no column: of it only an index on that expression finds rows
-- says not: ON table (lower(c))

-- case: hit of a join it is not seen which table is scanned
INSERT INTO text VALUES (50, 'SELECT a FROM t JOIN u ON u.i = t.i WHERE lower(b) = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 5000000, 5000000, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'sqlite', 'sqlite', '/srv/app.db');
INSERT INTO statement SELECT i * 200000000 + 1000000, 5000000, i + 1, 1, i + 2, 50, 50, 0, 2, 0, 0, 41, 10001 << 16 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 200000000 + 7000000, 50000, i + 1, 1, i + 2, 5, 50, 0, 1, 0, 0, 42, 1 << 16 FROM n WHERE i < 40;
INSERT INTO usage_10s SELECT 0, 2, 'sqlite_step', 41, 'sqlite', 50, 0, 0, 40, 40, 0, 200000000, 200000000, 5000000, 0, 0, 0;
-- expect: SELECT a FROM t JOIN u ON u.i = t.i WHERE lower(b) = ? /srv/app.py:41 50.0% 2.475ms possible
-- says: lower(b) is no column
-- says not: ON table (lower(b))

-- case: hit a server's question by what a cast makes of a column
INSERT INTO text VALUES (50, 'SELECT a FROM t WHERE b::date = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 2000000, 5200000, 2 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'socket', 'postgresql', '127.0.0.1:5432');
INSERT INTO statement SELECT i * 200000000 + 1000000, 5000000, i + 1, 1, 2 * i + 3, 50, 50, 0, 2, 0, 80, 41, 8192 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 200000000 + 7000000, 100000, i + 1, 1, 2 * i + 4, 9, 9, 0, 0, 0, 80, 41, 4096 FROM n WHERE i < 40;
-- expect: SELECT a FROM t WHERE b::date = ? /srv/app.py:41 47.5% 2.328ms possible
-- says: look at EXPLAIN (ANALYZE) of it: where that says Seq Scan over many rows, compare the column itself
-- says: ON table ((b::date)) (its functions IMMUTABLE

-- case: hit MySQL's question by what a function makes of a column
INSERT INTO text VALUES (50, 'SELECT a FROM t WHERE date(b) = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 2000000, 5200000, 2 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'socket', 'mysql', '127.0.0.1:3306');
INSERT INTO statement SELECT i * 200000000 + 1000000, 5000000, i + 1, 1, 2 * i + 3, 50, 50, 0, 2, 0, 80, 41, 8192 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 200000000 + 7000000, 100000, i + 1, 1, 2 * i + 4, 9, 9, 0, 0, 0, 80, 41, 4096 FROM n WHERE i < 40;
-- expect: SELECT a FROM t WHERE date(b) = ? /srv/app.py:41 47.5% 2.328ms possible
-- says: ON table ((date(b))) (MySQL from 8.0.13

-- case: hit no transactions tell a server's round trip, another question does
INSERT INTO text VALUES (50, 'SELECT a FROM t WHERE b = ?'), (51, 'SELECT a FROM t WHERE id = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 2000000, 5200000, 2 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'socket', 'postgresql', '127.0.0.1:5432');
INSERT INTO statement SELECT i * 200000000 + 1000000, 5000000, i + 1, 1, 2 * i + 3, 50, 50, 0, 2, 0, 80, 41, 0 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 200000000 + 7000000, 200000, i + 1, 1, 2 * i + 4, 51, 51, 0, 1, 0, 80, 42, 0 FROM n WHERE i < 40;
-- expect: SELECT a FROM t WHERE b = ? /srv/app.py:41 48.8% 2.340ms possible
-- says: it takes 5.00 ms in the middle and 5.00 ms where it is quick, the server's quickest answers

-- case: miss another question takes a tenth of it
INSERT INTO text VALUES (50, 'SELECT a FROM t WHERE b = ?'), (51, 'SELECT a FROM t WHERE id = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 2000000, 5200000, 2 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'socket', 'postgresql', '127.0.0.1:5432');
INSERT INTO statement SELECT i * 200000000 + 1000000, 5000000, i + 1, 1, 2 * i + 3, 50, 50, 0, 2, 0, 80, 41, 0 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 200000000 + 7000000, 500000, i + 1, 1, 2 * i + 4, 51, 51, 0, 1, 0, 80, 42, 0 FROM n WHERE i < 40;

-- case: miss four runs of another question are too few
INSERT INTO text VALUES (50, 'SELECT a FROM t WHERE b = ?'), (51, 'SELECT a FROM t WHERE id = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 2000000, 5200000, 2 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'socket', 'postgresql', '127.0.0.1:5432');
INSERT INTO statement SELECT i * 200000000 + 1000000, 5000000, i + 1, 1, 2 * i + 3, 50, 50, 0, 2, 0, 80, 41, 0 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 200000000 + 7000000, 200000, i + 1, 1, 2 * i + 4, 51, 51, 0, 1, 0, 80, 42, 0 FROM n WHERE i < 4;

-- case: hit rows of a WHERE are scanned, and none may be skipped: an index, whatever OFFSET is
INSERT INTO text VALUES (50, 'SELECT a FROM t WHERE b = ? ORDER BY id LIMIT ? OFFSET ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 5000000, 5000000, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'sqlite', 'sqlite', '/srv/app.db');
INSERT INTO statement SELECT i * 200000000 + 1000000, 5000000, i + 1, 1, i + 2, 50, 50, 0, 2, 0, 0, 41, 10001 << 16 FROM n WHERE i < 40;
INSERT INTO usage_10s SELECT 0, 2, 'sqlite_step', 41, 'sqlite', 50, 0, 0, 40, 40, 0, 200000000, 200000000, 5000000, 0, 0, 0;
-- expect: SELECT a FROM t WHERE b = ? ORDER BY id LIMIT ? OFFSET ? /srv/app.py:41 50.0% 2.500ms possible
-- says: A query reads about 10000 rows of a table from end to end to give 2
-- says not: in place of OFFSET

-- case: hit pages of a join in SQLite
INSERT INTO text VALUES (50, 'SELECT a FROM t JOIN u ON t.id = u.t ORDER BY b LIMIT ? OFFSET ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 5000000, 5000000, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'sqlite', 'sqlite', '/srv/app.db');
INSERT INTO statement SELECT i * 200000000 + 1000000, 5000000, i + 1, 1, i + 2, 50, 50, 0, 2, 0, 0, 41, 10001 << 16 FROM n WHERE i < 40;
INSERT INTO usage_10s SELECT 0, 2, 'sqlite_step', 41, 'sqlite', 50, 0, 0, 40, 40, 0, 200000000, 200000000, 5000000, 0, 0, 0;
-- expect: SELECT a FROM t JOIN u ON t.id = u.t ORDER BY b LIMIT ? OFFSET ? /srv/app.py:41 50.0% 2.500ms possible
-- says: A query skips rows by OFFSET, and each that is skipped is read (about 10000)

-- case: hit pages that are skipped take longer: OFFSET
INSERT INTO text VALUES (50, 'SELECT a FROM t ORDER BY b LIMIT ? OFFSET ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 2000000, 5200000, 2 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'socket', 'postgresql', '127.0.0.1:5432');
INSERT INTO statement SELECT i * 200000000 + 1000000, iif(i % 10, 5000000, 500000), i + 1, 1, 2 * i + 3, 50, 50, 0, 20, 0, 80, 41, 8192 FROM n WHERE i < 40;
-- expect: SELECT a FROM t ORDER BY b LIMIT ? OFFSET ? /srv/app.py:41 44.1% 2.138ms possible
-- says: A query skips rows by OFFSET, and each that is skipped is read, 5.00 ms each time: SELECT a FROM t ORDER BY b LIMIT ? OFFSET ?
-- says: ask for what follows the last row of the page before

-- case: miss pages take up to eight times as long as the first
INSERT INTO text VALUES (50, 'SELECT a FROM t ORDER BY b LIMIT ? OFFSET ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 2000000, 5200000, 2 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'socket', 'postgresql', '127.0.0.1:5432');
INSERT INTO statement SELECT i * 200000000 + 1000000, iif(i % 10, 3900000, 500000), i + 1, 1, 2 * i + 3, 50, 50, 0, 20, 0, 80, 41, 8192 FROM n WHERE i < 40;

-- case: hit a seventh of the runs is quick, as they stop at the first row
INSERT INTO text VALUES (50, 'SELECT a FROM t WHERE b = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 2000000, 5200000, 2 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'socket', 'postgresql', '127.0.0.1:5432');
INSERT INTO statement SELECT i * 200000000 + 1000000, iif(i % 7, 5000000, 400000), i + 1, 1, 2 * i + 3, 50, 50, 0, 2, 0, 80, 41, 8192 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 200000000 + 7000000, 100000, i + 1, 1, 2 * i + 4, 9, 9, 0, 0, 0, 80, 41, 4096 FROM n WHERE i < 40;
-- expect: SELECT a FROM t WHERE b = ? /srv/app.py:41 41.8% 2.328ms possible

-- case: miss a seventh of the runs is as quick as any: the others wait for something
INSERT INTO text VALUES (50, 'SELECT a FROM t WHERE b = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 2000000, 5200000, 2 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'socket', 'postgresql', '127.0.0.1:5432');
INSERT INTO statement SELECT i * 200000000 + 1000000, iif(i % 7, 5000000, 200000), i + 1, 1, 2 * i + 3, 50, 50, 0, 2, 0, 80, 41, 8192 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 200000000 + 7000000, 100000, i + 1, 1, 2 * i + 4, 9, 9, 0, 0, 0, 80, 41, 4096 FROM n WHERE i < 40;

-- case: hit pages of ninety rows that are skipped take longer
INSERT INTO text VALUES (50, 'SELECT a FROM t ORDER BY b LIMIT ? OFFSET ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 2000000, 5200000, 2 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'socket', 'postgresql', '127.0.0.1:5432');
INSERT INTO statement SELECT i * 200000000 + 1000000, iif(i % 10, 5000000, 500000), i + 1, 1, 2 * i + 3, 50, 50, 0, 90, 0, 80, 41, 8192 FROM n WHERE i < 40;
-- expect: SELECT a FROM t ORDER BY b LIMIT ? OFFSET ? /srv/app.py:41 44.1% 2.138ms possible

-- case: near-miss unbounded-result: pages of a hundred and fifty rows take their time
INSERT INTO text VALUES (50, 'SELECT a FROM t ORDER BY b LIMIT ? OFFSET ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 2000000, 5200000, 2 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'socket', 'postgresql', '127.0.0.1:5432');
INSERT INTO statement SELECT i * 200000000 + 1000000, iif(i % 10, 5000000, 500000), i + 1, 1, 2 * i + 3, 50, 50, 0, 150, 0, 80, 41, 8192 FROM n WHERE i < 40;

-- case: hit a text of eighty letters is said whole
INSERT INTO text VALUES (50, 'SELECT a, b, c, d, e, f, g, h, i, j, k, l FROM t WHERE name_of_it = ? AND kind = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 2000000, 5200000, 2 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'socket', 'postgresql', '127.0.0.1:5432');
INSERT INTO statement SELECT i * 200000000 + 1000000, 5000000, i + 1, 1, 2 * i + 3, 50, 50, 0, 2, 0, 80, 41, 8192 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 200000000 + 7000000, 100000, i + 1, 1, 2 * i + 4, 9, 9, 0, 0, 0, 80, 41, 4096 FROM n WHERE i < 40;
-- expect: SELECT a, b, c, d, e, f, g, h, i, j, k, l FROM t WHERE name_of_it = ? AND kind = ? /srv/app.py:41 47.5% 2.328ms possible
-- says not: …

-- case: hit another statement, which an index serves, waits for a lock: that is none of the scan
INSERT INTO text VALUES (50, 'SELECT a FROM t WHERE b = ?'), (51, 'SELECT a FROM u WHERE id = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 5000000, 5000000, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'sqlite', 'sqlite', '/srv/app.db');
INSERT INTO statement SELECT i * 200000000 + 1000000, 5000000, i + 1, 1, i + 2, 50, 50, 0, 2, 0, 0, 41, 10001 << 16 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 200000000 + 7000000, 1000000, i + 1, 1, i + 2, 51, 51, 0, 1, 0, 0, 42, 1 << 16 FROM n WHERE i < 40;
INSERT INTO usage_10s SELECT 0, 2, 'sqlite_step', 41, 'sqlite', 50, 0, 0, 40, 40, 0, 200000000, 200000000, 5000000, 0, 0, 0;
INSERT INTO usage_10s SELECT 0, 2, 'sqlite_step', 42, 'sqlite', 50, 0, 0, 40, 40, 0, 40000000, 4000000, 5000000, 0, 0, 0;
-- expect: SELECT a FROM t WHERE b = ? /srv/app.py:41 50.0% 4.000ms proven
-- says: of it waiting: 0 %
