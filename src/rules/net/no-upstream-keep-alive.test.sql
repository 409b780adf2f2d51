-- case: hit a connection for each request, opened and closed in it
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns)
  SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 8000000 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_unit_id, uses)
  SELECT i + 1, 1, 'socket', 'http', 'stock:80', i * 100000000 + 1000, 600000, i + 1, 7, i * 100000000 + 9000000, 200000, i + 1, 1 FROM n WHERE i < 20;
-- expect: app.py:7 /srv/app.py:7 8.0% >=0.800ms proven

-- case: hit an event loop closes the connection: who ended it is not seen, so it is not proven
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns)
  SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 8000000 FROM n WHERE i < 20;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/asyncio/runners.py', 'Runner.run', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 118, 2, 0);
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_unit_id, close_stack_id, uses)
  SELECT i + 1, 1, 'socket', 'http', 'stock:80', i * 100000000 + 1000, 600000, i + 1, 7, i * 100000000 + 9000000, 200000, i + 1, 900, 1 FROM n WHERE i < 20;
-- expect: app.py:7 /srv/app.py:7 8.0% >=0.800ms likely

-- case: hit the library sets a client up each time; its TLS context is another cause's
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns)
  SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 5000000, 5000000 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, tls, opened_ns, open_dur_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_unit_id, uses)
  SELECT i + 1, 1, 'socket', 'http', 'pay:80', 0, i * 100000000 + 1000, 600000, i + 1, 7, i * 100000000 + 9000000, 200000, i + 1, 1 FROM n WHERE i < 20;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/venv/lib/python3.12/site-packages/requests/sessions.py', 'Session.__init__', 1, 'library', 1, x''), (10, '/usr/lib/python3.12/http/cookiejar.py', 'CookieJar.__init__', 1, 'stdlib', 1, x''),
  (11, '/usr/lib/python3.12/ssl.py', 'SSLContext.load_verify_locations', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 7, 9, 0, 390, 3, 7), (901, 900, 10, 0, 1263, 4, 7), (902, 900, 11, 0, 700, 4, 7);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 20, 0, 20000000, 20000000, 0), (0, 1, 1, 1, 1, 902, 'native', NULL, NULL, 1, 20, 0, 20000000, 20000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 60, 0, 60000000, 60000000, 0);
-- expect: app.py:7 /srv/app.py:7 18.0% >=1.800ms proven
-- says: connections opened and not kept: 1 per request, to pay:80

-- case: hit a client that is kept, and a service that closes after each answer
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns)
  SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 8000000 FROM n WHERE i < 20;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/venv/lib/python3.12/site-packages/requests/sessions.py', 'Session.request', 1, 'library', 1, x''), (10, '/usr/lib/python3.12/http/client.py', 'HTTPResponse._close_conn', 1, 'stdlib', 1, x''),
  (11, '/usr/lib/python3.12/socket.py', 'socket._real_close', 1, 'stdlib', 1, x''), (12, '/venv/lib/python3.12/site-packages/requests/api.py', 'request', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 7, 9, 0, 589, 3, 7), (901, 900, 10, 0, 435, 4, 7), (902, 901, 11, 0, 503, 5, 7), (903, 7, 12, 0, 59, 3, 7), (904, 903, 9, 0, 589, 4, 7);
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_stack_id, close_unit_id, uses)
  SELECT i + 1, 1, 'socket', 'http', 'stock:80', i * 100000000 + 1000, 600000, i + 1, 900, i * 100000000 + 9000000, 200000, 902, i + 1, 1 FROM n WHERE i < 20;
-- expect: app.py:7 /srv/app.py:7 8.0% >=0.800ms likely
-- says: A connection to another service is opened for a request and closed after the answer, as the service asks.

-- case: hit a client of its own for each call, and a service that closes as well
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns)
  SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 8000000 FROM n WHERE i < 20;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/venv/lib/python3.12/site-packages/requests/sessions.py', 'Session.request', 1, 'library', 1, x''), (10, '/usr/lib/python3.12/http/client.py', 'HTTPResponse._close_conn', 1, 'stdlib', 1, x''),
  (11, '/usr/lib/python3.12/socket.py', 'socket._real_close', 1, 'stdlib', 1, x''), (12, '/venv/lib/python3.12/site-packages/requests/api.py', 'request', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 7, 9, 0, 589, 3, 7), (901, 900, 10, 0, 435, 4, 7), (902, 901, 11, 0, 503, 5, 7), (903, 7, 12, 0, 59, 3, 7), (904, 903, 9, 0, 589, 4, 7);
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_stack_id, close_unit_id, uses)
  SELECT i + 1, 1, 'socket', 'http', 'stock:80', i * 100000000 + 1000, 600000, i + 1, 904, i * 100000000 + 9000000, 200000, 902, i + 1, 1 FROM n WHERE i < 20;
-- expect: app.py:7 /srv/app.py:7 8.0% >=0.800ms likely
-- says: A connection to another service is opened for a request and thrown away.
-- says: route: /

-- case: near-miss db-connection-per-request: the connection is a database's
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns)
  SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 8000000 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_unit_id, uses)
  SELECT i + 1, 1, 'socket', 'postgresql', 'db:5432', i * 100000000 + 1000, 600000, i + 1, 7, i * 100000000 + 9000000, 200000, i + 1, 1 FROM n WHERE i < 20;

-- case: near-miss tls-handshake-per-call: TLS keys are agreed on each time
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns)
  SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 5000000, 5000000 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, tls, opened_ns, open_dur_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_unit_id, uses)
  SELECT i + 1, 1, 'socket', 'unknown', 'pay:443', 1, i * 100000000 + 1000, 600000, i + 1, 7, i * 100000000 + 9000000, 200000, i + 1, 1 FROM n WHERE i < 20;
INSERT INTO event SELECT i * 100000000 + 700000, 1200000, i + 1, 1, 'tls_handshake', 7, i + 1, NULL, 0, NULL, 0, 1, 0, 0, 1 FROM n WHERE i < 20;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/venv/lib/python3.12/site-packages/requests/sessions.py', 'Session.__init__', 1, 'library', 1, x''), (10, '/usr/lib/python3.12/http/cookiejar.py', 'CookieJar.__init__', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 7, 9, 0, 390, 3, 7), (901, 900, 10, 0, 1263, 4, 7);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 20, 0, 20000000, 20000000, 0), (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 80, 0, 80000000, 80000000, 0);

-- case: near-miss slow-upstream: connections are kept, and the answer takes its time
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns)
  SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 8000000 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, open_unit_id, open_stack_id, uses)
  SELECT i + 1, 1, 'socket', 'http', 'stock:80', i * 500000000 + 1000, 600000, i * 5 + 1, 7, 5 FROM n WHERE i < 4;

-- case: miss a pool that grows: opened while others were lent, each used by some units
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns)
  SELECT i + 1, 1, 'request', 1, 1000 + i, 900000000, 2000000, 800000000 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, open_unit_id, open_stack_id, uses)
  SELECT i + 1, 1, 'socket', 'http', 'stock:80', 2000 + i, 60000000, i + 1, 7, 1 FROM n WHERE i < 20;

-- case: miss most of what the line opens is kept; two of ten are not
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns)
  SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 8000000 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_unit_id, uses)
  SELECT i + 1, 1, 'socket', 'http', 'stock:80', i * 100000000 + 1000, 600000, i + 1, 7, i * 100000000 + 9000000, 200000, iif(i < 2, i + 1, i + 2), iif(i < 2, 1, 2) FROM n WHERE i < 20;
-- says: ruled out: 2 of 38 connections to other services served one request only

-- case: miss a connection on which no answer came: no client keeps it
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns)
  SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 8000000 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_unit_id, uses)
  SELECT i + 1, 1, 'socket', 'http', 'stock:80', i * 100000000 + 1000, 600000, i + 1, 7, i * 100000000 + 9000000, 200000, i + 1, 1 FROM n WHERE i < 20;
INSERT INTO event SELECT i * 100000000 + 700000, 5000000, i + 1, 1, 'exchange', 7, i + 1, NULL, 0, NULL, 0, 33, 0, 77, 1 FROM n WHERE i < 20;

-- case: hit on an event loop its turns until the first question count, too
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns)
  SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 2000000, 8000000, 0 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_unit_id, uses)
  SELECT i + 1, 1, 'socket', 'http', 'stock:80', i * 100000000 + 1000, 60000, i + 1, 7, i * 100000000 + 9000000, 200000, i + 1, 1 FROM n WHERE i < 20;
INSERT INTO event SELECT i * 100000000 + 601000, 5000000, i + 1, 1, 'exchange', 7, i + 1, NULL, 0, NULL, 200, 1, 0, 77, 1 FROM n WHERE i < 20;
-- expect: app.py:7 /srv/app.py:7 8.0% >=0.800ms proven
-- says: saving: 0.560 to 1.040 ms

-- case: hit a connect in progress lasts until it is there
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns)
  SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 8000000 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_unit_id, uses)
  SELECT i + 1, 1, 'socket', 'http', 'stock:80', i * 100000000 + 1000, 60000, i + 1, 7, i * 100000000 + 9000000, 200000, i + 1, 1 FROM n WHERE i < 20;
INSERT INTO event SELECT i * 100000000 + 1000, 600000, i + 1, 1, 'connect', 7, i + 1, NULL, 0, NULL, 0, 17, 0, 0, 1 FROM n WHERE i < 20;
-- expect: app.py:7 /srv/app.py:7 8.0% >=0.800ms proven
-- says: saving: 0.800 to 1.040 ms
