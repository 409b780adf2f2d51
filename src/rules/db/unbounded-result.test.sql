-- case: hit ten thousand rows in each request
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 4000000, 6000000, 0 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + 0, 6000000, u.i + 1, 1, u.i * 40 + 0 + 2, 10, 10, 0, 10000, 0, 80, 50, 0 FROM n u WHERE u.i < 10;
-- expect: select c from v /srv/app.py:50 60.0% >=5.940ms likely
-- says: route: /orders
-- says: A query without a limit gives 10000 rows in a request, more than it sends.
-- says: saving: 2.970 to 10.000 ms

-- case: near-miss n-plus-one-queries: eight of them in one request
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 30000000, 14000000, 16000000, 0 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + q.i * 2000000 + 0, 1900000, u.i + 1, 1, u.i * 90 + q.i * 3 + 0 + 2, 10, 10, 0, 1200, 0, 80, 50, 0 FROM n u, n q WHERE u.i < 10 AND q.i < 8;

-- case: miss a thousand and a half with a limit
INSERT INTO text VALUES (23, 'select c from v order by c limit ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 4000000, 6000000, 0 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + 0, 6000000, u.i + 1, 1, u.i * 40 + 0 + 2, 23, 23, 0, 1500, 0, 80, 50, 0 FROM n u WHERE u.i < 10;

-- case: miss nine hundred rows
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 4000000, 6000000, 0 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + 0, 6000000, u.i + 1, 1, u.i * 40 + 0 + 2, 10, 10, 0, 900, 0, 80, 50, 0 FROM n u WHERE u.i < 10;

-- case: hit a query that begins with WITH
INSERT INTO text VALUES (23, 'with x as (select c from v) select c from x');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 4000000, 6000000, 0 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + q.i * 2000000, 6000000, u.i + 1, 1, u.i * 40 + q.i + 2, 23, 23, 0, 10000, 0, 80, 50, 0 FROM n u, n q WHERE u.i < 10 AND q.i < 1;
-- expect: with x as (select c from v) select c from x /srv/app.py:50 60.0% >=5.940ms likely

-- case: hit fifteen hundred rows
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 4000000, 6000000, 0 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + q.i * 2000000, 6000000, u.i + 1, 1, u.i * 40 + q.i + 2, 10, 10, 0, 1500, 0, 80, 50, 0 FROM n u, n q WHERE u.i < 10 AND q.i < 1;
-- expect: select c from v /srv/app.py:50 60.0% >=5.600ms likely

-- case: hit three runs of it
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 4000000, 6000000, 0 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + q.i * 2000000, 2000000, u.i + 1, 1, u.i * 40 + q.i + 2, 10, 10 + q.i, 0, 10000, 0, 80, 50, 0 FROM n u, n q WHERE u.i < 10 AND q.i < 3;
-- expect: select c from v /srv/app.py:50 60.0% >=5.940ms likely

-- case: hit it sends five bytes a row: all that it reads
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns, bytes_out)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 4000000, 6000000, 0, 50000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + q.i * 2000000, 6000000, u.i + 1, 1, u.i * 40 + q.i + 2, 10, 10, 0, 10000, 0, 80, 50, 0 FROM n u, n q WHERE u.i < 10 AND q.i < 1;
-- expect: select c from v /srv/app.py:50 60.0% >=5.940ms likely
-- says not: more than it sends
-- says: sent to the client: 48.83 KiB

-- case: hit it sends three bytes a row
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns, bytes_out)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 4000000, 6000000, 0, 30000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + q.i * 2000000, 6000000, u.i + 1, 1, u.i * 40 + q.i + 2, 10, 10, 0, 10000, 0, 80, 50, 0 FROM n u, n q WHERE u.i < 10 AND q.i < 1;
-- expect: select c from v /srv/app.py:50 60.0% >=5.940ms likely
-- says: more than it sends

-- case: hit fetching them was sampled
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 4000000, 6000000, 0 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + q.i * 2000000, 6000000, u.i + 1, 1, u.i * 40 + q.i + 2, 10, 10, 0, 10000, 0, 80, 50, 0 FROM n u, n q WHERE u.i < 10 AND q.i < 1;
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 150, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0), (0, 1, 1, 2, 1, 60, 'python', NULL, NULL, 1, 4, 0, 20000000, 20000000, 0);
-- expect: select c from v /srv/app.py:50 60.0% 5.940ms likely
-- says: with fetching them:

-- case: hit four samples of fetching are too few to tell
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 4000000, 6000000, 0 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + q.i * 2000000, 6000000, u.i + 1, 1, u.i * 40 + q.i + 2, 10, 10, 0, 10000, 0, 80, 50, 0 FROM n u, n q WHERE u.i < 10 AND q.i < 1;
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 150, 'python', NULL, NULL, 1, 4, 0, 20000000, 20000000, 0), (0, 1, 1, 2, 1, 60, 'python', NULL, NULL, 1, 4, 0, 20000000, 20000000, 0);
-- expect: select c from v /srv/app.py:50 60.0% >=5.940ms likely
-- says not: with fetching them

-- case: hit six samples of it
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 4000000, 6000000, 0 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + q.i * 2000000, 6000000, u.i + 1, 1, u.i * 40 + q.i + 2, 10, 10, 0, 10000, 0, 80, 50, 0 FROM n u, n q WHERE u.i < 10 AND q.i < 1;
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 150, 'python', NULL, NULL, 1, 6, 0, 30000000, 30000000, 0), (0, 1, 1, 2, 1, 60, 'python', NULL, NULL, 1, 4, 0, 20000000, 20000000, 0);
-- expect: select c from v /srv/app.py:50 60.0% 5.940ms likely
-- says: with fetching them:
