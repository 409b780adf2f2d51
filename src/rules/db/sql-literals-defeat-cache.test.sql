-- case: hit forty texts of one statement on a kept SQLite connection
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, db_cpu_ns, statements)
  SELECT i + 1, 1, 'request', 1, i * 10000000, 1000000, 900000, 100000, 100000, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'sqlite', 'sqlite', 'app.db', 5, 3, 40, 40);
INSERT INTO statement SELECT i * 10000000 + 300000, 90000, i + 1, 1, i + 2, 4, 1000 + i, 1, 1, 50000, 0, 116, 0 FROM n WHERE i < 40;
-- expect: select a from t where id = ? /srv/app.py:16 5.0% >=0.050ms proven

-- case: hit on PostgreSQL the cost cannot be seen
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements)
  SELECT i + 1, 1, 'request', 1, i * 10000000, 1000000, 600000, 300000, 1 FROM n WHERE i < 9;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 9, 9);
INSERT INTO statement SELECT i * 10000000 + 300000, 300000, i + 1, 1, i + 2, 4, 1000 + i, 1, 1, 0, 90, 116, 8192 FROM n WHERE i < 9;
-- expect: select a from t where id = ? /srv/app.py:16 0.0% - possible
-- says: because: 9 texts in 9 runs of one statement at this line; what it costs cannot be told apart here

-- case: hit on fresh SQLite connections without a warm prepare the cost is the connection's
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, db_cpu_ns, statements)
  SELECT i + 1, 1, 'request', 1, i * 10000000, 1000000, 900000, 100000, 100000, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) SELECT i + 1, 1, 'sqlite', 'sqlite', 'app.db', 5, 3, 1, 1 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 10000000 + 300000, 90000, i + 1, i + 1, 1, 4, 1000 + i, 1, 1, 50000, 0, 116, 0 FROM n WHERE i < 40;
-- expect: select a from t where id = ? /srv/app.py:16 0.0% - possible

-- case: near-miss query-built-per-request: many texts, each with a fingerprint of its own
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, db_cpu_ns, statements)
  SELECT i + 1, 1, 'request', 1, i * 10000000, 1000000, 900000, 100000, 100000, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'sqlite', 'sqlite', 'app.db', 5, 3, 40, 40);
INSERT INTO text SELECT 500 + i, 'select c' || i || ' from t where id = ?' FROM n;
INSERT INTO statement SELECT i * 10000000 + 300000, 90000, i + 1, 1, i + 2, 500 + i, 1000 + i, 1, 1, 50000, 0, 116, 0 FROM n WHERE i < 40;

-- case: miss one text with a constant in it, prepared on each fresh connection
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, db_cpu_ns, statements)
  SELECT i + 1, 1, 'request', 1, i * 10000000, 1000000, 900000, 100000, 100000, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'sqlite', 'sqlite', 'app.db', 5, 3, 40, 40);
INSERT INTO statement SELECT i * 10000000 + 300000, 90000, i + 1, 1, i + 2, 4, 1000, 1, 1, 50000, 0, 116, 0 FROM n WHERE i < 40;

-- case: miss two pages of a list: few texts, many runs
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, db_cpu_ns, statements)
  SELECT i + 1, 1, 'request', 1, i * 10000000, 1000000, 900000, 100000, 100000, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'sqlite', 'sqlite', 'app.db', 5, 3, 40, 40);
INSERT INTO statement SELECT i * 10000000 + 300000, 90000, i + 1, 1, i + 2, 4, 1000 + i % 4, 1, 1, 50000, 0, 116, 0 FROM n WHERE i < 40;

-- case: hit the library compiles each text anew, in less than 50 µs
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements)
  SELECT i + 1, 1, 'request', 1, i * 10000000, 1000000, 600000, 300000, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 40, 40);
INSERT INTO statement SELECT i * 10000000 + 300000, 300000, i + 1, 1, i + 2, 4, 1000 + i, 1, 1, 0, 90, 116, 8192 FROM n WHERE i < 40;
INSERT INTO text VALUES (900, 'sqlalchemy.compile'), (901, 'sqlalchemy.compile.result');
INSERT INTO usage_10s VALUES (0, 1, 'span', 116, NULL, 900, 0, 0, 40, 40, 0, 40 * 45000, 0, 45000, 0, 0, 0);
INSERT INTO usage_10s VALUES (0, 1, 'span', 116, NULL, 901, 0, 0, 40, 40, 0, 40 * 40000, 0, 40000, 0, 0, 0);
-- expect: select a from t where id = ? /srv/app.py:16 8.5% >=0.085ms proven

-- case: hit the library compiles each text anew; preempted ones do not count
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements)
  SELECT i + 1, 1, 'request', 1, i * 10000000, 1000000, 600000, 300000, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 40, 40);
INSERT INTO statement SELECT i * 10000000 + 300000, 300000, i + 1, 1, i + 2, 4, 1000 + i, 1, 1, 0, 90, 116, 8192 FROM n WHERE i < 40;
INSERT INTO text VALUES (900, 'sqlalchemy.compile'), (901, 'sqlalchemy.compile.result');
INSERT INTO usage_10s VALUES (0, 1, 'span', 116, NULL, 900, 0, 0, 40, 40, 0, 36 * 60000 + 4 * 5000000, 0, 5000000, 0, 0, 0);
INSERT INTO event SELECT i * 10000000 + 1000, iif(i % 10, 60000, 5000000), i + 1, 1, 'span', 116, NULL, 900, 0, NULL, 0, 0, 0, 0, 1 FROM n WHERE i < 40;
INSERT INTO usage_10s VALUES (0, 1, 'span', 116, NULL, 901, 0, 0, 40, 40, 0, 40 * 40000, 0, 40000, 0, 0, 0);
-- expect: select a from t where id = ? /srv/app.py:16 10.0% >=0.100ms proven

-- case: miss psycopg2 has written bound values into the text itself, and nobody saw the application's
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements)
  SELECT i + 1, 1, 'request', 1, i * 10000000, 1000000, 600000, 300000, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 40, 40);
INSERT INTO statement SELECT i * 10000000 + 300000, 300000, i + 1, 1, i + 2, 4, 1000 + i, 1, 1, 0, 90, 116, 0 FROM n WHERE i < 40;

-- case: miss bound values: the application's own text is the same each time
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements)
  SELECT i + 1, 1, 'request', 1, i * 10000000, 1000000, 600000, 300000, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 40, 40);
INSERT INTO statement SELECT i * 10000000 + 300000, 300000, i + 1, 1, i + 2, 4, 1000, 0, 1, 0, 90, 116, 8192 FROM n WHERE i < 40;

-- case: hit the first prepare of each connection, without the schema load that is the connection's
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, db_cpu_ns, statements)
  SELECT i + 1, 1, 'request', 1, i * 10000000, 1000000, 900000, 100000, 100000, 1 FROM n WHERE i < 40;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses, first_extra_ns) SELECT i + 1, 1, 'sqlite', 'sqlite', 'app.db', 5, 3, 1, 1, 40000 FROM n WHERE i < 40;
INSERT INTO statement SELECT i * 10000000 + 300000, 90000, i + 1, i + 1, 1, 4, 1000 + i, 1, 1, 60000, 0, 116, 0 FROM n WHERE i < 40;
-- expect: select a from t where id = ? /srv/app.py:16 2.0% >=0.020ms proven

-- case: hit five texts in nine runs
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, db_cpu_ns, statements)
  SELECT i + 1, 1, 'request', 1, i * 10000000, 1000000, 900000, 100000, 100000, 1 FROM n WHERE i < 9;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'sqlite', 'sqlite', 'app.db', 5, 3, 40, 40);
INSERT INTO statement SELECT i * 10000000 + 300000, 90000, i + 1, 1, i + 2, 4, 1000 + i % 5, 1, 1, 50000, 0, 116, 0 FROM n WHERE i < 9;
-- expect: select a from t where id = ? /srv/app.py:16 5.0% >=0.050ms proven
