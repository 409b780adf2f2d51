-- case: hit one request in four makes a connection that the pool gives up again
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 4000000, 6000000, 0 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, ready_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_unit_id, create_span_ns, close_span_ns, statements, uses)
  SELECT i + 10, 1, 'socket', 'postgresql', 'db:5432', i * 1000000000 + 100, 20000, 3000000, i + 1, 120, i * 1000000000 + 9000000, 40000, i + 1, 3000000, 40000, 3, 1 FROM n WHERE i < 40 AND i % 4 = 3;
INSERT INTO statement SELECT u.i * 1000000000 + 4000000, 200000, u.i + 1, iif(u.i % 4 = 3, u.i + 10, 1), u.i * 40 + 0 + 2, 4, 4, 0, 1, 0, 80, 31, 0 FROM n u WHERE u.i < 40;
-- expect: postgresql /srv/app.py:20 7.6% 0.760ms proven
-- says: route: /orders
-- says: The pool gives connections (PostgreSQL) up and makes new ones: one in every 4.0 requests.

-- case: near-miss db-connection-per-request: each request makes one
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 4000000, 6000000, 0 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, ready_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_unit_id, create_span_ns, close_span_ns, statements, uses)
  SELECT i + 10, 1, 'socket', 'postgresql', 'db:5432', i * 1000000000 + 100, 20000, 3000000, i + 1, 120, i * 1000000000 + 9000000, 40000, i + 1, 3000000, 40000, 3, 1 FROM n WHERE i < 40 AND 1;
INSERT INTO statement SELECT u.i * 1000000000 + 4000000, 200000, u.i + 1, u.i + 10, u.i * 40 + 0 + 2, 4, 4, 0, 1, 0, 80, 31, 0 FROM n u WHERE u.i < 40;

-- case: miss a pool that fills itself
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 4000000, 6000000, 0 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, ready_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_unit_id, create_span_ns, close_span_ns, statements, uses)
  SELECT i + 10, 1, 'socket', 'postgresql', 'db:5432', i * 1000000000 + 100, 20000, 3000000, i + 1, 120, NULL, 40000, i + 1, 3000000, 40000, 3, 20 FROM n WHERE i < 40 AND i < 8;
INSERT INTO statement SELECT u.i * 1000000000 + 4000000, 200000, u.i + 1, iif(u.i < 8, u.i + 10, 1), u.i * 40 + 0 + 2, 4, 4, 0, 1, 0, 80, 31, 0 FROM n u WHERE u.i < 40;

-- case: miss connections that no pool makes
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 4000000, 6000000, 0 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, ready_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_unit_id, create_span_ns, close_span_ns, statements, uses)
  SELECT i + 10, 1, 'socket', 'postgresql', 'db:5432', i * 1000000000 + 100, 20000, 3000000, i + 1, 20, i * 1000000000 + 9000000, 40000, i + 1, 3000000, 40000, 3, 1 FROM n WHERE i < 40 AND i % 4 = 3;
INSERT INTO statement SELECT u.i * 1000000000 + 4000000, 200000, u.i + 1, iif(u.i % 4 = 3, u.i + 10, 1), u.i * 40 + 0 + 2, 4, 4, 0, 1, 0, 80, 31, 0 FROM n u WHERE u.i < 40;

-- case: hit seven of forty
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 4000000, 6000000, 0 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, ready_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_unit_id, create_span_ns, close_span_ns, statements, uses)
  SELECT i + 10, 1, 'socket', 'postgresql', 'db:5432', i * 1000000000 + 100, 20000, 3000000, i + 1, 120, i * 1000000000 + 9000000, 40000, i + 1, 3000000, 40000, 3, 1 FROM n WHERE i < 40 AND i % 6 = 3;
INSERT INTO statement SELECT u.i * 1000000000 + 4000000, 200000, u.i + 1, iif(u.i % 6 = 3, u.i + 10, 1), u.i * 40 + 0 + 2, 4, 4, 0, 1, 0, 80, 31, 0 FROM n u WHERE u.i < 40;
-- expect: postgresql /srv/app.py:20 5.3% 0.532ms proven
-- says: The pool gives connections (PostgreSQL) up and makes new ones: one in every 5.7 requests.

-- case: miss four of forty
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 4000000, 6000000, 0 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, ready_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_unit_id, create_span_ns, close_span_ns, statements, uses)
  SELECT i + 10, 1, 'socket', 'postgresql', 'db:5432', i * 1000000000 + 100, 20000, 3000000, i + 1, 120, i * 1000000000 + 9000000, 40000, i + 1, 3000000, 40000, 3, 1 FROM n WHERE i < 40 AND i % 10 = 3;
INSERT INTO statement SELECT u.i * 1000000000 + 4000000, 200000, u.i + 1, iif(u.i % 10 = 3, u.i + 10, 1), u.i * 40 + 0 + 2, 4, 4, 0, 1, 0, 80, 31, 0 FROM n u WHERE u.i < 40;

-- case: hit five made at first, three later
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 4000000, 6000000, 0 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, ready_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_unit_id, create_span_ns, close_span_ns, statements, uses)
  SELECT i + 10, 1, 'socket', 'postgresql', 'db:5432', i * 1000000000 + 100, 20000, 3000000, i + 1, 120, i * 1000000000 + 9000000, 40000, i + 1, 3000000, 40000, 3, 1 FROM n WHERE (i < 5 OR i IN (25, 30, 35));
INSERT INTO statement SELECT u.i * 1000000000 + 4000000, 200000, u.i + 1, iif((u.i < 5 OR u.i IN (25, 30, 35)), u.i + 10, 1), u.i * 40 + 0 + 2, 4, 4, 0, 1, 0, 80, 31, 0 FROM n u WHERE u.i < 40;
-- expect: postgresql /srv/app.py:20 6.1% 0.608ms proven

-- case: miss seven made at first, one later
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 4000000, 6000000, 0 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, ready_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_unit_id, create_span_ns, close_span_ns, statements, uses)
  SELECT i + 10, 1, 'socket', 'postgresql', 'db:5432', i * 1000000000 + 100, 20000, 3000000, i + 1, 120, i * 1000000000 + 9000000, 40000, i + 1, 3000000, 40000, 3, 1 FROM n WHERE (i < 7 OR i = 30);
INSERT INTO statement SELECT u.i * 1000000000 + 4000000, 200000, u.i + 1, iif((u.i < 7 OR u.i = 30), u.i + 10, 1), u.i * 40 + 0 + 2, 4, 4, 0, 1, 0, 80, 31, 0 FROM n u WHERE u.i < 40;

-- case: hit two thirds of those made are given up
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 4000000, 6000000, 0 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, ready_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_unit_id, create_span_ns, close_span_ns, statements, uses)
  SELECT i + 10, 1, 'socket', 'postgresql', 'db:5432', i * 1000000000 + 100, 20000, 3000000, i + 1, 120, iif(i % 3, i * 1000000000 + 9000000, NULL), 40000, i + 1, 3000000, 40000, 3, iif(i % 3, 1, 20) FROM n WHERE i < 40 AND i % 4 = 3;
INSERT INTO statement SELECT u.i * 1000000000 + 4000000, 200000, u.i + 1, iif(u.i % 4 = 3, u.i + 10, 1), u.i * 40 + 0 + 2, 4, 4, 0, 1, 0, 80, 31, 0 FROM n u WHERE u.i < 40;
-- expect: postgresql /srv/app.py:20 7.6% 0.760ms proven

-- case: miss two fifths of those made are given up
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 4000000, 6000000, 0 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, ready_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_unit_id, create_span_ns, close_span_ns, statements, uses)
  SELECT i + 10, 1, 'socket', 'postgresql', 'db:5432', i * 1000000000 + 100, 20000, 3000000, i + 1, 120, iif(i % 5 < 2, i * 1000000000 + 9000000, NULL), 40000, i + 1, 3000000, 40000, 3, 1 FROM n WHERE i < 40 AND i % 2;
INSERT INTO statement SELECT u.i * 1000000000 + 4000000, 200000, u.i + 1, iif(u.i % 2, u.i + 10, 1), u.i * 40 + 0 + 2, 4, 4, 0, 1, 0, 80, 31, 0 FROM n u WHERE u.i < 40;

-- case: hit two in three requests
INSERT INTO text VALUES (20, 'COMMIT'), (21, 'update stock set n = n - ? where id = ?');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, pool_ns)
  SELECT i + 1, 1, 'request', 2, i * 1000000000, 10000000, 4000000, 6000000, 0 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 30);
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, ready_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_unit_id, create_span_ns, close_span_ns, statements, uses)
  SELECT i + 10, 1, 'socket', 'postgresql', 'db:5432', i * 1000000000 + 100, 20000, 3000000, i + 1, 120, i * 1000000000 + 9000000, 40000, i + 1, 3000000, 40000, 3, 1 FROM n WHERE i < 40 AND i % 3;
INSERT INTO statement SELECT u.i * 1000000000 + 4000000, 200000, u.i + 1, iif(u.i % 3, u.i + 10, 1), u.i * 40 + 0 + 2, 4, 4, 0, 1, 0, 80, 31, 0 FROM n u WHERE u.i < 40;
-- expect: postgresql /srv/app.py:20 19.8% 1.976ms proven
