-- case: hit another service is asked while a transaction is open, and others wait for a connection
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns, net_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 30000000, 4000000, 2000000, 16000000, 8000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + 0, 100000, u.i + 1, 1, u.i * 40 + 0 + 2, 9, 9, 0, 1, 0, 80, 30, 4096 FROM n u WHERE u.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + 200000, 400000, u.i + 1, 1, u.i * 40 + 1 + 2, 4, 4, 0, 1, 0, 80, 31, 0 FROM n u WHERE u.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + 9000000, 1000000, u.i + 1, 1, u.i * 40 + 2 + 2, 20, 20, 0, 1, 0, 80, 32, 4096 FROM n u WHERE u.i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (2, 1, 'socket', 'http', 'rates:80', 5, 3, 0, 30);
INSERT INTO event SELECT u.i * 1000000000 + 800000, 8000000, u.i + 1, 1, 'recv', 34, 2, NULL, 0, 0, 0, 0, 0, 0, 1 FROM n u WHERE u.i < 10;
INSERT INTO usage_10s VALUES (0, 2, 'lock', 120, NULL, NULL, 0, 0, 10, 10, 0, 160000000, 0, 16000000, 0, 0, 0);
-- expect: postgresql /srv/app.py:34 42.7% 12.800ms proven
-- says: route: /orders

-- case: near-miss db-pool-exhausted: the statements themselves take the time
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 30000000, 4000000, 10000000, 16000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + 0, 100000, u.i + 1, 1, u.i * 40 + 0 + 2, 9, 9, 0, 1, 0, 80, 30, 4096 FROM n u WHERE u.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + 200000, 8700000, u.i + 1, 1, u.i * 40 + 1 + 2, 4, 4, 0, 1, 0, 80, 31, 0 FROM n u WHERE u.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + 9000000, 1000000, u.i + 1, 1, u.i * 40 + 2 + 2, 20, 20, 0, 1, 0, 80, 32, 4096 FROM n u WHERE u.i < 10;
INSERT INTO usage_10s VALUES (0, 2, 'lock', 120, NULL, NULL, 0, 0, 10, 10, 0, 160000000, 0, 16000000, 0, 0, 0);

-- case: miss nobody waits for a connection
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns, net_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 30000000, 4000000, 2000000, 0, 24000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + 0, 100000, u.i + 1, 1, u.i * 40 + 0 + 2, 9, 9, 0, 1, 0, 80, 30, 4096 FROM n u WHERE u.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + 200000, 400000, u.i + 1, 1, u.i * 40 + 1 + 2, 4, 4, 0, 1, 0, 80, 31, 0 FROM n u WHERE u.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + 9000000, 1000000, u.i + 1, 1, u.i * 40 + 2 + 2, 20, 20, 0, 1, 0, 80, 32, 4096 FROM n u WHERE u.i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (2, 1, 'socket', 'http', 'rates:80', 5, 3, 0, 30);
INSERT INTO event SELECT u.i * 1000000000 + 800000, 8000000, u.i + 1, 1, 'recv', 34, 2, NULL, 0, 0, 0, 0, 0, 0, 1 FROM n u WHERE u.i < 10;
-- says: ruled out: transactions stay open while the request waits for something else (8.00 ms), but nobody waits for a connection

-- case: miss two of the requests waited for a connection
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns, net_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 30000000, 4000000, 2000000, 16000000, 8000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + 0, 100000, u.i + 1, 1, u.i * 40 + 0 + 2, 9, 9, 0, 1, 0, 80, 30, 4096 FROM n u WHERE u.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + 200000, 400000, u.i + 1, 1, u.i * 40 + 1 + 2, 4, 4, 0, 1, 0, 80, 31, 0 FROM n u WHERE u.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + 9000000, 1000000, u.i + 1, 1, u.i * 40 + 2 + 2, 20, 20, 0, 1, 0, 80, 32, 4096 FROM n u WHERE u.i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (2, 1, 'socket', 'http', 'rates:80', 5, 3, 0, 30);
INSERT INTO event SELECT u.i * 1000000000 + 800000, 8000000, u.i + 1, 1, 'recv', 34, 2, NULL, 0, 0, 0, 0, 0, 0, 1 FROM n u WHERE u.i < 10;
INSERT INTO usage_10s VALUES (0, 2, 'lock', 120, NULL, NULL, 0, 0, 2, 2, 0, 160000000, 0, 16000000, 0, 0, 0);

-- case: hit five of the requests waited for a connection
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns, net_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 30000000, 4000000, 2000000, 16000000, 8000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + 0, 100000, u.i + 1, 1, u.i * 40 + 0 + 2, 9, 9, 0, 1, 0, 80, 30, 4096 FROM n u WHERE u.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + 200000, 400000, u.i + 1, 1, u.i * 40 + 1 + 2, 4, 4, 0, 1, 0, 80, 31, 0 FROM n u WHERE u.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + 9000000, 1000000, u.i + 1, 1, u.i * 40 + 2 + 2, 20, 20, 0, 1, 0, 80, 32, 4096 FROM n u WHERE u.i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (2, 1, 'socket', 'http', 'rates:80', 5, 3, 0, 30);
INSERT INTO event SELECT u.i * 1000000000 + 800000, 8000000, u.i + 1, 1, 'recv', 34, 2, NULL, 0, 0, 0, 0, 0, 0, 1 FROM n u WHERE u.i < 10;
INSERT INTO usage_10s VALUES (0, 2, 'lock', 120, NULL, NULL, 0, 0, 5, 5, 0, 160000000, 0, 16000000, 0, 0, 0);
-- expect: postgresql /srv/app.py:34 42.7% 12.800ms proven

-- case: hit on an event loop, without a transaction: two statements on one connection, and a wait between them
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns, running_ns, suspended_ns, ready_ns)
  SELECT i + 1, 1, 1, 'request', 2, i * 1000000000, 30000000, 4000000, 0, 16000000, 4000000, 26000000, 0 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + 0, 500000, u.i + 1, 1, u.i * 40 + 0 + 2, 4, 4, 0, 1, 0, 80, 30, 0 FROM n u WHERE u.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + 9000000, 500000, u.i + 1, 1, u.i * 40 + 2 + 2, 5, 5, 0, 1, 0, 80, 32, 0 FROM n u WHERE u.i < 10;
INSERT INTO usage_10s VALUES (0, 2, 'lock', 120, NULL, NULL, 0, 0, 10, 10, 0, 160000000, 0, 16000000, 0, 0, 0);
-- expect: postgresql /srv/app.py:20 47.7% 14.316ms proven
-- says: because: 10 requests held a connection while waiting elsewhere; 10 waited for a connection

-- case: hit on an event loop, in a transaction: its statements on one connection, and a wait between them
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns, running_ns, suspended_ns, ready_ns)
  SELECT i + 1, 1, 1, 'request', 2, i * 1000000000, 30000000, 4000000, 0, 16000000, 4000000, 26000000, 0 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + 0, 500000, u.i + 1, 1, u.i * 40 + 0 + 2, 9, 9, 0, 1, 0, 80, 30, 4096 FROM n u WHERE u.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + 9000000, 500000, u.i + 1, 1, u.i * 40 + 2 + 2, 5, 5, 0, 1, 0, 80, 32, 0 FROM n u WHERE u.i < 10;
INSERT INTO usage_10s VALUES (0, 2, 'lock', 120, NULL, NULL, 0, 0, 10, 10, 0, 160000000, 0, 16000000, 0, 0, 0);
-- expect: postgresql /srv/app.py:20 47.7% 14.316ms proven
-- says: because: 10 requests held a connection while waiting elsewhere; 10 waited for a connection

-- case: miss the connection served another between the two: it was given back
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns, running_ns, suspended_ns, ready_ns)
  SELECT i + 1, 1, 1, 'request', 2, i * 1000000000, 30000000, 4000000, 0, 16000000, 4000000, 26000000, 0 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + 0, 500000, u.i + 1, 1, u.i * 40 + 0 + 2, 4, 4, 0, 1, 0, 80, 30, 0 FROM n u WHERE u.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + 4000000, 500000, (u.i + 1) % 10 + 1, 1, u.i * 40 + 1 + 2, 4, 4, 0, 1, 0, 80, 30, 0 FROM n u WHERE u.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + 9000000, 500000, u.i + 1, 1, u.i * 40 + 2 + 2, 5, 5, 0, 1, 0, 80, 32, 0 FROM n u WHERE u.i < 10;
INSERT INTO usage_10s VALUES (0, 2, 'lock', 120, NULL, NULL, 0, 0, 10, 10, 0, 160000000, 0, 16000000, 0, 0, 0);

-- case: hit what waits is called by the function that asks the database, in a module of its own
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns, net_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 30000000, 4000000, 2000000, 16000000, 8000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + 0, 100000, u.i + 1, 1, u.i * 40 + 0 + 2, 9, 9, 0, 1, 0, 80, 30, 4096 FROM n u WHERE u.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + 200000, 400000, u.i + 1, 1, u.i * 40 + 1 + 2, 4, 4, 0, 1, 0, 80, 31, 0 FROM n u WHERE u.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + 9000000, 1000000, u.i + 1, 1, u.i * 40 + 2 + 2, 20, 20, 0, 1, 0, 80, 32, 4096 FROM n u WHERE u.i < 10;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/rates.py', 'rate', 1, 'app', 1, x''), (10, '/venv/lib/python3.12/site-packages/urllib3/connectionpool.py', 'urlopen', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 34, 9, 0, 8, 3, 900), (901, 900, 10, 0, 300, 4, 900);
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (2, 1, 'socket', 'http', 'rates:80', 5, 3, 0, 30);
INSERT INTO event SELECT u.i * 1000000000 + 800000, 8000000, u.i + 1, 1, 'recv', 901, 2, NULL, 0, 0, 0, 0, 0, 0, 1 FROM n u WHERE u.i < 10;
INSERT INTO usage_10s VALUES (0, 2, 'lock', 120, NULL, NULL, 0, 0, 10, 10, 0, 160000000, 0, 16000000, 0, 0, 0);
-- expect: postgresql /srv/rates.py:8 42.7% 12.800ms proven
-- says: at /srv/app.py:34 handler
