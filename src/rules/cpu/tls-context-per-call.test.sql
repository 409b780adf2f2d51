-- case: hit a client with a context of its own in each request
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/usr/lib/python3.12/ssl.py', 'create_default_context', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 770, 3, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'native', NULL, NULL, 1, 80, 0, 400000000, 400000000, 0),
  (0, 1, 1, 1, 1, 900, 'runqueue', NULL, NULL, 1, 20, 0, 100000000, 100000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n;
-- expect: all /srv/app.py:41 50.0% 4.000ms likely
-- says: not cold-start: seen in 100 requests, also in the second half of the recording

-- case: hit half of a request awaits a database: the interval is of the title's share, not of the samples, half of which are in it
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, db_await_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 5000000, 5000000, 5000000, 0, 5000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/usr/lib/python3.12/ssl.py', 'create_default_context', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 770, 3, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'native', NULL, NULL, 1, 80, 0, 400000000, 400000000, 0),
  (0, 1, 1, 1, 1, 900, 'runqueue', NULL, NULL, 1, 20, 0, 100000000, 100000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n;
-- expect: all /srv/app.py:41 25.0% 2.222ms likely
-- says: loading its certificates takes 25 % of the time.
-- says: because: 100 samples (95 %: 22 to 28 % of the time of requests)

-- case: near-miss tls-handshake-per-call: the context is kept, a connection is made each time
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/usr/lib/python3.12/ssl.py', 'SSLSocket.do_handshake', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 1379, 3, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n;

-- case: near-miss cold-start: made at the first use
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/usr/lib/python3.12/ssl.py', 'create_default_context', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 770, 3, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'native', NULL, NULL, 1, 20, 0, 100000000, 100000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 180, 0, 900000000, 900000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n WHERE i < 20;

-- case: miss made by another thread, not for a request
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/usr/lib/python3.12/ssl.py', 'create_default_context', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 770, 3, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 180, 0, 900000000, 900000000, 0);
INSERT INTO sample_10s VALUES (0, 1, 1, NULL, 0, 900, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);

-- case: hit seen from outside: busy threads make contexts
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/venv/lib/python3.12/site-packages/httpx/_config.py', 'create_ssl_context', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 40, 3, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, NULL, 0, 900, 'native', NULL, NULL, 2, 40, 0, 400000000, 400000000, 0),
  (0, 1, 1, NULL, 0, 12, 'native', NULL, NULL, 2, 60, 0, 600000000, 600000000, 0),
  (0, 1, 1, NULL, 0, 1000, 'call', 'pselect6', NULL, 2, 5900, 0, 59000000000, 0, 0);
-- expect: all /srv/app.py:41 40.0% - likely
-- says: A TLS context is made by a thread at work, again and again: loading its certificates takes 40 % of the time.
