-- case: hit three requests of twenty queries each
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements)
  SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 4000000, 5000000, 20 FROM n WHERE i < 3;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 3);
INSERT INTO statement SELECT u.i * 100000000 + q.i * 400000, 200000, u.i + 1, 1, u.i * 20 + q.i + 2, 5, 9, 0, 1, 0, 80, 288, 0
  FROM n u, n q WHERE u.i < 3 AND q.i < 20;
-- expect: select b from u where id = ? /srv/app.py:88 80.0% 7.600ms proven
-- says: saving: 5.700 to 9.880 ms
-- says not: asks

-- case: hit a second statement at the same line is the same finding
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements)
  SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 4000000, 5000000, 40 FROM n WHERE i < 2;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 80, 3);
INSERT INTO statement SELECT u.i * 100000000 + q.i * 200000, 50000, u.i + 1, 1, u.i * 40 + q.i + 2, 5 - q.i % 2, 9, 0, 1, 0, 80, 288, 0
  FROM n u, n q WHERE u.i < 2 AND q.i < 40;
-- expect: select a from t where id = ? /srv/app.py:88 80.0% 7.600ms proven
-- says: One query per row: 20 runs of the same statement in a request to /orders.

-- case: hit the texts of some are made anew: that time is another cause's, too, and is claimed as such
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements)
  SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 4000000, 5000000, 20 FROM n WHERE i < 3;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 3);
INSERT INTO statement SELECT u.i * 100000000 + q.i * 400000, 200000, u.i + 1, 1, u.i * 20 + q.i + 2, 5, 9, 0, 1, 0, 80, 288, 0
  FROM n u, n q WHERE u.i < 3 AND q.i < 20;
INSERT INTO usage_10s VALUES (0, 2, 'span', 88, NULL, 11, 0, 0, 20, 20, 0, 800000, 0, 40000, 0, 0, 0);
-- expect: select b from u where id = ? /srv/app.py:88 80.0% 7.600ms proven
-- says: claims statement:/srv/app.py:88: 12.000 ms
-- says: claims after:/srv/app.py:88: 11.240 ms
-- says: claims literal:/srv/app.py:88: 0.760 ms

-- case: near-miss slow-loop-body: four runs, and the body's own work between them
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements)
  SELECT i + 1, 1, 'request', 2, i * 100000000, 30000000, 29000000, 800000, 4 FROM n WHERE i < 3;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 12, 3);
INSERT INTO statement SELECT u.i * 100000000 + q.i * 5000000, 200000, u.i + 1, 1, u.i * 4 + q.i + 2, 5, 9, 0, 1, 0, 80, 288, 0
  FROM n u, n q WHERE u.i < 3 AND q.i < 4;

-- case: hit 4.8 ms of Python between two runs may be the loop's own work: not proven
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements)
  SELECT i + 1, 1, 'request', 2, i * 100000000, 50000000, 48000000, 2000000, 10 FROM n WHERE i < 3;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 30, 3);
INSERT INTO statement SELECT u.i * 100000000 + q.i * 5000000, 200000, u.i + 1, 1, u.i * 10 + q.i + 2, 5, 9, 0, 1, 0, 80, 288, 0
  FROM n u, n q WHERE u.i < 3 AND q.i < 10;
-- expect: select b from u where id = ? /srv/app.py:88 100.0% 45.000ms likely

-- case: near-miss duplicate-query: the same statement without a value, ten times
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements)
  SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 4000000, 5000000, 10 FROM n WHERE i < 3;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 30, 3);
INSERT INTO statement SELECT u.i * 100000000 + q.i * 400000, 200000, u.i + 1, 1, u.i * 10 + q.i + 2, 10, 9, 0, 1, 0, 80, 88, 0
  FROM n u, n q WHERE u.i < 3 AND q.i < 10;
-- says: ruled out: 10.0 runs of a statement that takes no value or the same one: the same answer each time

-- case: miss four queries of one line in each request
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements)
  SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 4000000, 5000000, 4 FROM n WHERE i < 30;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 120, 30);
INSERT INTO statement SELECT u.i * 100000000 + q.i * 400000, 1000000, u.i + 1, 1, u.i * 4 + q.i + 2, 5, 9, 0, 1, 0, 80, 88, 0
  FROM n u, n q WHERE u.i < 30 AND q.i < 4;

-- case: miss six statements of six lines
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements)
  SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 4000000, 5000000, 6 FROM n WHERE i < 30;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 180, 30);
INSERT INTO statement SELECT u.i * 100000000 + q.i * 400000, 1000000, u.i + 1, 1, u.i * 6 + q.i + 2, 5, 9, 0, 1, 0, 80, 80 + q.i, 0
  FROM n u, n q WHERE u.i < 30 AND q.i < 6;
-- says: ruled out: at most 1 run of one reading statement from one line in a request

-- case: hit what it binds is known, and differs in most runs
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements)
  SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 4000000, 5000000, 8 FROM n WHERE i < 5;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 40, 5);
INSERT INTO statement SELECT u.i * 100000000 + q.i * 1000000, 900000, u.i + 1, 1, u.i * 8 + q.i + 2, 5, 9, 0, 1, 0, 80, 88, 0
  FROM n u, n q WHERE u.i < 5 AND q.i < 8;
INSERT INTO statement_values SELECT start_ns, 1, start_ns % 100000000 / 1000000 / 2 + 7 FROM statement WHERE start_ns % 2000000 = 0;
INSERT INTO statement_values SELECT start_ns, 1, -start_ns FROM statement WHERE start_ns % 2000000 > 0;
-- expect: select b from u where id = ? /srv/app.py:88 80.0% 7.000ms proven
-- says: not duplicate-query: 8 of its 8 runs ask with values of their own

-- case: near-miss duplicate-query: the same values in most of ten runs
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements)
  SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 4000000, 5000000, 10 FROM n WHERE i < 3;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 30, 3);
INSERT INTO statement SELECT u.i * 100000000 + q.i * 800000, 400000, u.i + 1, 1, u.i * 10 + q.i + 2, 5, 9, 0, 1, 0, 80, 88, 0
  FROM n u, n q WHERE u.i < 3 AND q.i < 10;
INSERT INTO statement_values SELECT start_ns, 1, start_ns % 100000000 >= 4000000 FROM statement;
-- says: ruled out: 10.0 runs of a statement with mostly the same values: the same answer each time

-- case: hit seven runs of one statement in a request
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements)
  SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 4000000, 5000000, 20 FROM n WHERE i < 3;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 3);
INSERT INTO statement SELECT u.i * 100000000 + q.i * 400000, 200000, u.i + 1, 1, u.i * 20 + q.i + 2, 5, 9, 0, 1, 0, 80, 288, 0
  FROM n u, n q WHERE u.i < 3 AND q.i < 7;
-- expect: select b from u where id = ? /srv/app.py:88 28.0% 2.400ms proven

-- case: hit 1.3 ms of Python between two runs
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements)
  SELECT i + 1, 1, 'request', 2, i * 100000000, 50000000, 48000000, 2000000, 10 FROM n WHERE i < 3;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 30, 3);
INSERT INTO statement SELECT u.i * 100000000 + q.i * 1500000, 200000, u.i + 1, 1, u.i * 10 + q.i + 2, 5, 9, 0, 1, 0, 80, 288, 0
  FROM n u, n q WHERE u.i < 3 AND q.i < 10;
-- expect: select b from u where id = ? /srv/app.py:88 30.0% 13.500ms proven
-- says not: saving: 1.800 to 15.525 ms

-- case: hit 3 ms of Python between two runs may be the work of the loop
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements)
  SELECT i + 1, 1, 'request', 2, i * 100000000, 50000000, 48000000, 2000000, 10 FROM n WHERE i < 3;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 30, 3);
INSERT INTO statement SELECT u.i * 100000000 + q.i * 3200000, 200000, u.i + 1, 1, u.i * 10 + q.i + 2, 5, 9, 0, 1, 0, 80, 288, 0
  FROM n u, n q WHERE u.i < 3 AND q.i < 10;
-- expect: select b from u where id = ? /srv/app.py:88 64.0% 28.800ms likely
-- says not: saving: 21.600 to 33.120 ms

-- case: hit a template asks: the line is that which renders it
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/templates/orders.html', 'root', 1, 'generated', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/jinja2/environment.py', 'getattr', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 7, 3, 41), (901, 900, 10, 0, 9, 4, 41);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements)
  SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 4000000, 5000000, 20 FROM n WHERE i < 3;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 3);
INSERT INTO statement SELECT u.i * 100000000 + q.i * 400000, 200000, u.i + 1, 1, u.i * 20 + q.i + 2, 5, 9, 0, 1, 0, 80, 901, 0
  FROM n u, n q WHERE u.i < 3 AND q.i < 20;
-- expect: select b from u where id = ? /srv/app.py:41 80.0% 7.600ms proven
-- says: the template orders.html asks for them
-- says: at /srv/app.py:41 handler

-- case: hit a Django template asks after the view has returned: no line of the application is below
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/django/template/defaulttags.py', 'ForNode.render', 1, 'library', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/django/db/models/sql/compiler.py', 'execute_sql', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 238, 2, 0), (901, 900, 10, 0, 1574, 3, 0);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements)
  SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 4000000, 5000000, 20 FROM n WHERE i < 3;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 3);
INSERT INTO statement SELECT u.i * 100000000 + q.i * 400000, 200000, u.i + 1, 1, u.i * 20 + q.i + 2, 5, 9, 0, 1, 0, 80, 901, 0
  FROM n u, n q WHERE u.i < 3 AND q.i < 20;
-- expect: select b from u where id = ? - 80.0% 7.600ms proven
-- says: a Django template asks, which is rendered after the view has returned: the query of its rows is the place

-- case: hit a library asks in place of the view
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/rest_framework/serializers.py', 'to_representation', 1, 'library', 1, x''),
  (10, '<string>', 'row', 1, 'generated', 1, x'');
INSERT INTO stack VALUES (900, 1000, 10, 0, 1, 2, 0), (901, 900, 9, 0, 500, 3, 0);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements)
  SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 4000000, 5000000, 20 FROM n WHERE i < 3;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 3);
INSERT INTO statement SELECT u.i * 100000000 + q.i * 400000, 200000, u.i + 1, 1, u.i * 20 + q.i + 2, 5, 9, 0, 1, 0, 80, 901, 0
  FROM n u, n q WHERE u.i < 3 AND q.i < 20;
-- expect: select b from u where id = ? - 80.0% 7.600ms proven
-- says: no line of the application asks, a library does: the query of its rows is the place

-- case: hit a thread of a library runs them, and the line that handed them over is the place
INSERT INTO text VALUES (900, 'thread.hop');
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/django/db/models/sql/compiler.py', 'execute_sql', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 0, 9, 0, 1574, 1, 0);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements)
  SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 4000000, 5000000, 20 FROM n WHERE i < 3;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 3);
INSERT INTO statement SELECT u.i * 100000000 + q.i * 400000 + 10000, 200000, u.i + 1, 1, u.i * 20 + q.i + 2, 5, 9, 0, 1, 0, 80, 900, 0
  FROM n u, n q WHERE u.i < 3 AND q.i < 20;
INSERT INTO event SELECT u.i * 100000000 + q.i * 400000, 300000, u.i + 1, 2, 'span', 41, NULL, 900, 0, NULL, 0, 0, 0, 20000, 1 FROM n u, n q WHERE u.i < 3 AND q.i < 20;
-- expect: select b from u where id = ? /srv/app.py:41 80.0% 7.600ms proven
-- says: at /srv/app.py:41 handler

-- case: hit two lines hand work over at once: whose they are is not known
INSERT INTO text VALUES (900, 'thread.hop');
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/django/db/models/sql/compiler.py', 'execute_sql', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 0, 9, 0, 1574, 1, 0);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements)
  SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 4000000, 5000000, 20 FROM n WHERE i < 3;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 3);
INSERT INTO statement SELECT u.i * 100000000 + q.i * 400000 + 10000, 200000, u.i + 1, 1, u.i * 20 + q.i + 2, 5, 9, 0, 1, 0, 80, 900, 0
  FROM n u, n q WHERE u.i < 3 AND q.i < 20;
INSERT INTO event SELECT u.i * 100000000 + q.i * 400000, 300000, u.i + 1, 2, 'span', 41, NULL, 900, 0, NULL, 0, 0, 0, 20000, 1 FROM n u, n q WHERE u.i < 3 AND q.i < 20;
INSERT INTO event SELECT u.i * 100000000 + q.i * 400000, 300000, u.i + 1, 2, 'span', 20, NULL, 900, 0, NULL, 0, 0, 0, 20000, 1 FROM n u, n q WHERE u.i < 3 AND q.i < 20;
-- expect: select b from u where id = ? - 80.0% 7.600ms proven

-- case: hit the line whose rows it walks is named
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements)
  SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 4000000, 5000000, 20 FROM n WHERE i < 3;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 3);
INSERT INTO statement SELECT u.i * 100000000 + q.i * 400000, 200000, u.i + 1, 1, u.i * 20 + q.i + 2, 5, 9, 0, 1, 0, 80, 288, 0
  FROM n u, n q WHERE u.i < 3 AND q.i < 20;
INSERT INTO statement SELECT u.i * 100000000 - 400000, 200000, u.i + 1, 1, 1, 10, 10, 0, 20, 0, 80, 7, 0 FROM n u WHERE u.i < 3;
-- expect: select b from u where id = ? /srv/app.py:88 80.0% 7.600ms proven
-- says: the rows that the loop walks come from the query at app.py:7

-- case: hit a library's line whose rows it walks is no place
INSERT INTO stack VALUES (950, 1000, 4, 0, 359, 2, 0);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements)
  SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 4000000, 5000000, 20 FROM n WHERE i < 3;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 3);
INSERT INTO statement SELECT u.i * 100000000 + q.i * 400000, 200000, u.i + 1, 1, u.i * 20 + q.i + 2, 5, 9, 0, 1, 0, 80, 288, 0
  FROM n u, n q WHERE u.i < 3 AND q.i < 20;
INSERT INTO statement SELECT u.i * 100000000 - 400000, 200000, u.i + 1, 1, 1, 10, 10, 0, 20, 0, 80, 950, 0 FROM n u WHERE u.i < 3;
-- expect: select b from u where id = ? /srv/app.py:88 80.0% 7.600ms proven
-- says not: the rows that the loop walks come from

-- case: hit the line is in no loop: what calls it in one is named, too
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_squares.py', 'inside', 51, 'app', 1, x''), (10, '/srv/db.py', 'one', 5, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 54, 2, 900), (901, 900, 10, 0, 7, 3, 901);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements)
  SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 4000000, 5000000, 20 FROM n WHERE i < 3;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 3);
INSERT INTO statement SELECT u.i * 100000000 + q.i * 400000, 200000, u.i + 1, 1, u.i * 20 + q.i + 2, iif(q.i, 5, 5), 9, 0, 1, 0, 80, 901, 0
  FROM n u, n q WHERE u.i < 3 AND q.i < 20;
-- expect: select b from u where id = ? /srv/db.py:7 80.0% 7.600ms proven
-- says: at tests/rules/source_squares.py:54 inside

-- case: hit the line asks for other things as well: what calls it in a loop is to be changed
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_squares.py', 'inside', 51, 'app', 1, x''), (10, '/srv/db.py', 'one', 5, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 54, 2, 900), (901, 900, 10, 0, 7, 3, 901);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements)
  SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 4000000, 5000000, 20 FROM n WHERE i < 3;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 3);
INSERT INTO statement SELECT u.i * 100000000 + q.i * 400000, 200000, u.i + 1, 1, u.i * 20 + q.i + 2, iif(q.i, 5, 4), 9, 0, 1, 0, 80, 901, 0
  FROM n u, n q WHERE u.i < 3 AND q.i < 20;
-- expect: select b from u where id = ? tests/rules/source_squares.py:54 76.0% 7.200ms proven
-- says: at /srv/db.py:7 one

-- case: hit nobody is seen to call the line in a loop
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_squares.py', 'check', 59, 'app', 1, x''), (10, '/srv/db.py', 'one', 5, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 60, 2, 900), (901, 900, 10, 0, 7, 3, 901);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, statements)
  SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 4000000, 5000000, 20 FROM n WHERE i < 3;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'socket', 'postgresql', 'db:5432', 5, 3, 60, 3);
INSERT INTO statement SELECT u.i * 100000000 + q.i * 400000, 200000, u.i + 1, 1, u.i * 20 + q.i + 2, iif(q.i, 5, 5), 9, 0, 1, 0, 80, 901, 0
  FROM n u, n q WHERE u.i < 3 AND q.i < 20;
-- expect: select b from u where id = ? /srv/db.py:7 80.0% 7.600ms proven
-- says not: source_squares.py
