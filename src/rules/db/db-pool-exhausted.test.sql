-- case: hit ten requests wait in the pool's code, its connections are busy
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 30000000, 4000000, 10000000, 16000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + 0, 100000, u.i + 1, 1, u.i * 40 + 0 + 2, 9, 9, 0, 1, 0, 80, 30, 4096 FROM n u WHERE u.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + 200000, 8700000, u.i + 1, 1, u.i * 40 + 1 + 2, 4, 4, 0, 1, 0, 80, 31, 0 FROM n u WHERE u.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + 9000000, 1000000, u.i + 1, 1, u.i * 40 + 2 + 2, 20, 20, 0, 1, 0, 80, 32, 4096 FROM n u WHERE u.i < 10;
INSERT INTO usage_10s VALUES (0, 2, 'lock', 120, NULL, NULL, 0, 0, 10, 10, 0, 160000000, 0, 16000000, 0, 0, 0);
-- expect: postgresql /srv/app.py:20 53.3% 16.000ms proven
-- says: route: /orders

-- case: near-miss db-connection-held-idle: the connections are lent and nothing is asked of them
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 30000000, 4000000, 2000000, 16000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + 0, 100000, u.i + 1, 1, u.i * 40 + 0 + 2, 9, 9, 0, 1, 0, 80, 30, 4096 FROM n u WHERE u.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + 200000, 400000, u.i + 1, 1, u.i * 40 + 1 + 2, 4, 4, 0, 1, 0, 80, 31, 0 FROM n u WHERE u.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + 9000000, 1000000, u.i + 1, 1, u.i * 40 + 2 + 2, 20, 20, 0, 1, 0, 80, 32, 4096 FROM n u WHERE u.i < 10;
INSERT INTO usage_10s VALUES (0, 2, 'lock', 120, NULL, NULL, 0, 0, 10, 10, 0, 160000000, 0, 16000000, 0, 0, 0);

-- case: near-miss db-connection-leak: they never come back
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 30000000, 4000000, 10000000, 16000000 FROM n WHERE i < 40;
INSERT INTO statement SELECT u.i * 1000000000 + 0, 100000, u.i + 1, u.i + 10, u.i * 40 + 0 + 2, 9, 9, 0, 1, 0, 80, 30, 4096 FROM n u WHERE u.i < 40;
INSERT INTO statement SELECT u.i * 1000000000 + 200000, 8700000, u.i + 1, u.i + 10, u.i * 40 + 1 + 2, 4, 4, 0, 1, 0, 80, 31, 0 FROM n u WHERE u.i < 40;
INSERT INTO statement SELECT u.i * 1000000000 + 9000000, 1000000, u.i + 1, u.i + 10, u.i * 40 + 2 + 2, 20, 20, 0, 1, 0, 80, 32, 4096 FROM n u WHERE u.i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_unit_id, open_stack_id, statements, uses)
  SELECT i + 10, 1, 'socket', 'postgresql', 'db:5432', i * 1000000000 + 5, i + 1, 30, 3, 1 FROM n WHERE i < 39;
INSERT INTO usage_10s VALUES (0, 2, 'lock', 120, NULL, NULL, 0, 0, 40, 40, 0, 640000000, 0, 16000000, 0, 0, 0);
-- says: ruled out: waits are for connections that never come back: db-connection-leak

-- case: miss a lock of the application
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns, lock_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 30000000, 4000000, 10000000, 0, 16000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + 0, 100000, u.i + 1, 1, u.i * 40 + 0 + 2, 9, 9, 0, 1, 0, 80, 30, 4096 FROM n u WHERE u.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + 200000, 8700000, u.i + 1, 1, u.i * 40 + 1 + 2, 4, 4, 0, 1, 0, 80, 31, 0 FROM n u WHERE u.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + 9000000, 1000000, u.i + 1, 1, u.i * 40 + 2 + 2, 20, 20, 0, 1, 0, 80, 32, 4096 FROM n u WHERE u.i < 10;
INSERT INTO usage_10s VALUES (0, 2, 'lock', 20, NULL, NULL, 0, 0, 10, 10, 0, 160000000, 0, 16000000, 0, 0, 0);
-- says: ruled out: no request waited for a connection of a pool

-- case: miss the pool's own threads wait at the start, in the run that becomes a server
INSERT INTO text VALUES (22, 'uvicorn');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 3000000, 1000000, 1000000 FROM n WHERE i < 40;
INSERT INTO usage_10s VALUES (0, 22, 'lock', 120, NULL, NULL, 0, 0, 1, 4, 0, 770000000, 0, 300000000, 0, 0, 0);

-- case: near-miss n-plus-one-queries: the connections run one statement five times each
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 30000000, 4000000, 10000000, 16000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + q.i * 1100000, 1000000, u.i + 1, 1, u.i * 40 + q.i + 3, 4, 4, 0, 1, 0, 80, 31, 0 FROM n u, n q WHERE u.i < 10 AND q.i < 5;
INSERT INTO statement SELECT u.i * 1000000000 + 9000000, 4000000, u.i + 1, 1, u.i * 40 + 30, 5, 5, 0, 1, 0, 80, 32, 0 FROM n u WHERE u.i < 10;
INSERT INTO usage_10s VALUES (0, 2, 'lock', 120, NULL, NULL, 0, 0, 10, 10, 0, 160000000, 0, 16000000, 0, 0, 0);
-- says: ruled out: waits are for connections that run one statement again and again: n-plus-one-queries, 56 % of what statements take

-- case: hit they run it four times each
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 30000000, 4000000, 10000000, 16000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + q.i * 1100000, 1000000, u.i + 1, 1, u.i * 40 + q.i + 3, 4, 4, 0, 1, 0, 80, 31, 0 FROM n u, n q WHERE u.i < 10 AND q.i < 4;
INSERT INTO statement SELECT u.i * 1000000000 + 9000000, 2000000, u.i + 1, 1, u.i * 40 + 30, 5, 5, 0, 1, 0, 80, 32, 0 FROM n u WHERE u.i < 10;
INSERT INTO usage_10s VALUES (0, 2, 'lock', 120, NULL, NULL, 0, 0, 10, 10, 0, 160000000, 0, 16000000, 0, 0, 0);
-- expect: pool /srv/app.py:20 53.3% 16.000ms likely
-- says: not n-plus-one-queries: reads that a line repeats are 0 % of what statements take

-- case: hit they run it five times, in two fifths of the time
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 30000000, 4000000, 10000000, 16000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + q.i * 1100000, 1000000, u.i + 1, 1, u.i * 40 + q.i + 3, 4, 4, 0, 1, 0, 80, 31, 0 FROM n u, n q WHERE u.i < 10 AND q.i < 5;
INSERT INTO statement SELECT u.i * 1000000000 + 9000000, 7500000, u.i + 1, 1, u.i * 40 + 30, 5, 5, 0, 1, 0, 80, 32, 0 FROM n u WHERE u.i < 10;
INSERT INTO usage_10s VALUES (0, 2, 'lock', 120, NULL, NULL, 0, 0, 10, 10, 0, 160000000, 0, 16000000, 0, 0, 0);
-- expect: pool /srv/app.py:20 53.3% 16.000ms likely
-- says: not n-plus-one-queries: reads that a line repeats are 40 % of what statements take

-- case: hit threads that have connections wait for a CPU in a quarter of the rest of the time
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns, runqueue_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 30000000, 4000000, 6500000, 16000000, 3500000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + 0, 100000, u.i + 1, 1, u.i * 40 + 0 + 2, 9, 9, 0, 1, 0, 80, 30, 4096 FROM n u WHERE u.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + 200000, 8700000, u.i + 1, 1, u.i * 40 + 1 + 2, 4, 4, 0, 1, 0, 80, 31, 0 FROM n u WHERE u.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + 9000000, 1000000, u.i + 1, 1, u.i * 40 + 2 + 2, 20, 20, 0, 1, 0, 80, 32, 4096 FROM n u WHERE u.i < 10;
INSERT INTO usage_10s VALUES (0, 2, 'lock', 120, NULL, NULL, 0, 0, 10, 10, 0, 160000000, 0, 16000000, 0, 0, 0);
-- expect: postgresql /srv/app.py:20 53.3% 16.000ms likely

-- case: near-miss noisy-neighbour: threads that have connections wait for a CPU in most of it
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns, runqueue_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 30000000, 4000000, 2000000, 16000000, 8000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + 0, 100000, u.i + 1, 1, u.i * 40 + 0 + 2, 9, 9, 0, 1, 0, 80, 30, 4096 FROM n u WHERE u.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + 200000, 8700000, u.i + 1, 1, u.i * 40 + 1 + 2, 4, 4, 0, 1, 0, 80, 31, 0 FROM n u WHERE u.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + 9000000, 1000000, u.i + 1, 1, u.i * 40 + 2 + 2, 20, 20, 0, 1, 0, 80, 32, 4096 FROM n u WHERE u.i < 10;
INSERT INTO usage_10s VALUES (0, 2, 'lock', 120, NULL, NULL, 0, 0, 10, 10, 0, 160000000, 0, 16000000, 0, 0, 0);
-- says: ruled out: waits are for connections whose holders wait for a CPU or the GIL: 57 % of the rest of requests' time

-- case: hit they wait for a CPU in a seventh of it
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns, runqueue_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 30000000, 4000000, 7900000, 16000000, 2100000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + 0, 100000, u.i + 1, 1, u.i * 40 + 0 + 2, 9, 9, 0, 1, 0, 80, 30, 4096 FROM n u WHERE u.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + 200000, 8700000, u.i + 1, 1, u.i * 40 + 1 + 2, 4, 4, 0, 1, 0, 80, 31, 0 FROM n u WHERE u.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + 9000000, 1000000, u.i + 1, 1, u.i * 40 + 2 + 2, 20, 20, 0, 1, 0, 80, 32, 4096 FROM n u WHERE u.i < 10;
INSERT INTO usage_10s VALUES (0, 2, 'lock', 120, NULL, NULL, 0, 0, 10, 10, 0, 160000000, 0, 16000000, 0, 0, 0);
-- expect: postgresql /srv/app.py:20 53.3% 16.000ms proven
-- says: not noisy-neighbour: 15 % of the rest of requests' time is waiting for a CPU or the GIL

-- case: near-miss db-connection-held-idle: the connections are lent, nothing is asked, and a third of it is waiting for a CPU
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns, runqueue_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 30000000, 4000000, 2000000, 16000000, 5000000 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + 0, 100000, u.i + 1, 1, u.i * 40 + 0 + 2, 9, 9, 0, 1, 0, 80, 30, 4096 FROM n u WHERE u.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + 200000, 400000, u.i + 1, 1, u.i * 40 + 1 + 2, 4, 4, 0, 1, 0, 80, 31, 0 FROM n u WHERE u.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + 9000000, 1000000, u.i + 1, 1, u.i * 40 + 2 + 2, 20, 20, 0, 1, 0, 80, 32, 4096 FROM n u WHERE u.i < 10;
INSERT INTO usage_10s VALUES (0, 2, 'lock', 120, NULL, NULL, 0, 0, 10, 10, 0, 160000000, 0, 16000000, 0, 0, 0);
-- says: ruled out: waits are for connections that were held and not used

-- case: near-miss db-connection-held-idle: a task keeps its connection while it awaits something else, without a transaction
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns, running_ns, suspended_ns, ready_ns)
  SELECT i + 1, 1, 1, 'request', 2, i * 1000000000, 30000000, 4000000, 0, 16000000, 4000000, 26000000, 0 FROM n WHERE i < 10;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO statement SELECT u.i * 1000000000 + 0, 500000, u.i + 1, 1, u.i * 40 + 0 + 2, 4, 4, 0, 1, 0, 80, 30, 0 FROM n u WHERE u.i < 10;
INSERT INTO statement SELECT u.i * 1000000000 + 9000000, 500000, u.i + 1, 1, u.i * 40 + 2 + 2, 5, 5, 0, 1, 0, 80, 32, 0 FROM n u WHERE u.i < 10;
INSERT INTO usage_10s VALUES (0, 2, 'lock', 120, NULL, NULL, 0, 0, 10, 10, 0, 160000000, 0, 16000000, 0, 0, 0);
