-- case: hit the same table is read eight times in each request
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements)
  SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 4000000, 5000000, 8 FROM n WHERE i < 5;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 40, 5);
INSERT INTO statement SELECT u.i * 100000000 + q.i * 400000, 200000, u.i + 1, 1, u.i * 8 + q.i + 2, 10, 9, 0, 3, 0, 80, 88, 0
  FROM n u, n q WHERE u.i < 5 AND q.i < 8;
-- expect: select c from v /srv/app.py:88 28.0% 2.800ms proven
-- says not: it is asked first at app.py:88

-- case: hit most runs were kept waiting: the saving is the quick ones', and its lower end is below it
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements)
  SELECT i + 1, 1, 'request', 2, i * 100000000, 30000000, 4000000, 5000000, 8 FROM n WHERE i < 5;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 40, 5);
INSERT INTO statement SELECT u.i * 100000000 + q.i * 2100000, iif(q.i < 4, 200000, 2000000), u.i + 1, 1, u.i * 8 + q.i + 2, 10, 9, 0, 3, 0, 80, 88, 0
  FROM n u, n q WHERE u.i < 5 AND q.i < 8;
-- expect: select c from v /srv/app.py:88 55.0% 2.100ms likely
-- says: saving: 1.575 to

-- case: hit two lines ask for the same row, its value in the text
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements)
  SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 4000000, 5000000, 2 FROM n WHERE i < 5;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 10, 5);
INSERT INTO statement SELECT u.i * 100000000 + q.i * 4000000, 1000000, u.i + 1, 1, u.i * 2 + q.i + 2, 4, 50, 1, 1, 0, 80, 60 + q.i, 8192
  FROM n u, n q WHERE u.i < 5 AND q.i < 2;
-- expect: select a from t where id = ? /srv/app.py:61 10.0% >=1.000ms proven
-- says: The same query, with the same values, runs 2 times in a request to /orders.
-- says: it is asked first at app.py:60
-- says: asked again at this many lines: 1 

-- case: hit a line asks eight times, with two bound values
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements)
  SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 4000000, 5000000, 8 FROM n WHERE i < 5;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 40, 5);
INSERT INTO statement SELECT u.i * 100000000 + q.i * 400000, 200000, u.i + 1, 1, u.i * 8 + q.i + 2, 4, 9, 0, 1, 0, 80, 88, 8192
  FROM n u, n q WHERE u.i < 5 AND q.i < 8;
INSERT INTO statement_values SELECT start_ns, 1, -1 - (start_ns / 400000) % 2 FROM statement;
-- expect: select a from t where id = ? /srv/app.py:88 12.0% >=1.200ms proven

-- case: near-miss n-plus-one-queries: eight rows, each with its own bound value, the list walked twice
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements)
  SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 4000000, 5000000, 16 FROM n WHERE i < 5;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 80, 5);
INSERT INTO statement SELECT u.i * 100000000 + q.i * 400000, 200000, u.i + 1, 1, u.i * 16 + q.i + 2, 4, 9, 0, 1, 0, 80, 88, 8192
  FROM n u, n q WHERE u.i < 5 AND q.i < 16;
INSERT INTO statement_values SELECT start_ns, 1, (start_ns / 400000) % 8 FROM statement;

-- case: near-miss n-plus-one-queries: eight rows, each with its own value in the text
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements)
  SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 4000000, 5000000, 16 FROM n WHERE i < 5;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 80, 5);
INSERT INTO statement SELECT u.i * 100000000 + q.i * 400000, 200000, u.i + 1, 1, u.i * 16 + q.i + 2, 4, 50 + q.i % 8, 1, 1, 0, 80, 88, 8192
  FROM n u, n q WHERE u.i < 5 AND q.i < 16;

-- case: miss what is bound is not known
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements)
  SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 4000000, 5000000, 4 FROM n WHERE i < 5;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 20, 5);
INSERT INTO statement SELECT u.i * 100000000 + q.i * 400000, 1000000, u.i + 1, 1, u.i * 4 + q.i + 2, 4, 9, 0, 1, 0, 80, 88, 0
  FROM n u, n q WHERE u.i < 5 AND q.i < 4;

-- case: miss read again after a write, which may have changed it
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements)
  SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 4000000, 5000000, 3 FROM n WHERE i < 5;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 15, 5);
INSERT INTO statement SELECT u.i * 100000000 + q.i * 1000000, 900000, u.i + 1, 1, u.i * 3 + q.i + 2, iif(q.i = 1, 8, 10), iif(q.i = 1, 8, 9), 0, 3, 0, 80, 88, 0
  FROM n u, n q WHERE u.i < 5 AND q.i < 3;

-- case: miss looked at again after a pause, until it changes
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, sleep_ns, statements)
  SELECT i + 1, 1, 'request', 2, i * 100000000, 60000000, 4000000, 5000000, 20000000, 3 FROM n WHERE i < 5;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 15, 5);
INSERT INTO statement SELECT u.i * 100000000 + q.i * 20000000, 5000000, u.i + 1, 1, u.i * 3 + q.i + 2, 10, 9, 0, 3, 0, 80, 88, 0
  FROM n u, n q WHERE u.i < 5 AND q.i < 3;
INSERT INTO event SELECT u.i * 100000000 + q.i * 20000000 + 6000000, 10000000, u.i + 1, 1, 'sleep', 89, NULL, NULL, 0, 0, 0, 0, 0, 0, 1
  FROM n u, n q WHERE u.i < 5 AND q.i < 2;
-- says: ruled out: no query whose values are known was asked twice in a request (15 reads)

-- case: miss another answer each time: SELECT id FROM t ORDER BY rand() LIMIT all
INSERT INTO text VALUES (60, 'SELECT id FROM t ORDER BY rand() LIMIT all');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements)
  SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 4000000, 5000000, 8 FROM n WHERE i < 5;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'mysql', 'db:3306', 5, 3, 40, 5);
INSERT INTO statement SELECT u.i * 100000000 + q.i * 400000, 200000, u.i + 1, 1, u.i * 8 + q.i + 2, 60, 9, 0, 3, 0, 80, 88, 0
  FROM n u, n q WHERE u.i < 5 AND q.i < 8;

-- case: miss another answer each time: SELECT uuid()
INSERT INTO text VALUES (60, 'SELECT uuid()');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements)
  SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 4000000, 5000000, 8 FROM n WHERE i < 5;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'mysql', 'db:3306', 5, 3, 40, 5);
INSERT INTO statement SELECT u.i * 100000000 + q.i * 400000, 200000, u.i + 1, 1, u.i * 8 + q.i + 2, 60, 9, 0, 3, 0, 80, 88, 0
  FROM n u, n q WHERE u.i < 5 AND q.i < 8;

-- case: miss another answer each time: SELECT gen_random_uuid()
INSERT INTO text VALUES (60, 'SELECT gen_random_uuid()');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements)
  SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 4000000, 5000000, 8 FROM n WHERE i < 5;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'mysql', 'db:3306', 5, 3, 40, 5);
INSERT INTO statement SELECT u.i * 100000000 + q.i * 400000, 200000, u.i + 1, 1, u.i * 8 + q.i + 2, 60, 9, 0, 3, 0, 80, 88, 0
  FROM n u, n q WHERE u.i < 5 AND q.i < 8;

-- case: miss another answer each time: SELECT get_lock(name, age) FROM t
INSERT INTO text VALUES (60, 'SELECT get_lock(name, age) FROM t');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements)
  SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 4000000, 5000000, 8 FROM n WHERE i < 5;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'mysql', 'db:3306', 5, 3, 40, 5);
INSERT INTO statement SELECT u.i * 100000000 + q.i * 400000, 200000, u.i + 1, 1, u.i * 8 + q.i + 2, 60, 9, 0, 3, 0, 80, 88, 0
  FROM n u, n q WHERE u.i < 5 AND q.i < 8;

-- case: miss another answer each time: SELECT sleep(a) FROM t
INSERT INTO text VALUES (60, 'SELECT sleep(a) FROM t');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements)
  SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 4000000, 5000000, 8 FROM n WHERE i < 5;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'mysql', 'db:3306', 5, 3, 40, 5);
INSERT INTO statement SELECT u.i * 100000000 + q.i * 400000, 200000, u.i + 1, 1, u.i * 8 + q.i + 2, 60, 9, 0, 3, 0, 80, 88, 0
  FROM n u, n q WHERE u.i < 5 AND q.i < 8;

-- case: miss another answer each time: SELECT a FROM t WHERE b < current_timestamp
INSERT INTO text VALUES (60, 'SELECT a FROM t WHERE b < current_timestamp');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements)
  SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 4000000, 5000000, 8 FROM n WHERE i < 5;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'mysql', 'db:3306', 5, 3, 40, 5);
INSERT INTO statement SELECT u.i * 100000000 + q.i * 400000, 200000, u.i + 1, 1, u.i * 8 + q.i + 2, 60, 9, 0, 3, 0, 80, 88, 0
  FROM n u, n q WHERE u.i < 5 AND q.i < 8;
