-- case: hit TLS keys are agreed on each time, and the library sets a client up
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns)
  SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 5000000, 5000000 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, tls, opened_ns, open_dur_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_unit_id, uses)
  SELECT i + 1, 1, 'socket', 'unknown', 'pay:443', 1, i * 100000000 + 1000, 600000, i + 1, 7, i * 100000000 + 9000000, 200000, i + 1, 1 FROM n WHERE i < 20;
INSERT INTO event SELECT i * 100000000 + 700000, 1200000, i + 1, 1, 'tls_handshake', 7, i + 1, NULL, 0, NULL, 0, 1, 0, 0, 1 FROM n WHERE i < 20;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/venv/lib/python3.12/site-packages/requests/sessions.py', 'Session.__init__', 1, 'library', 1, x''), (10, '/usr/lib/python3.12/http/cookiejar.py', 'CookieJar.__init__', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 7, 9, 0, 390, 3, 7), (901, 900, 10, 0, 1263, 4, 7);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 20, 0, 20000000, 20000000, 0), (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 80, 0, 80000000, 80000000, 0);
-- expect: app.py:7 /srv/app.py:7 30.0% >=3.000ms proven

-- case: hit an event loop encrypts in memory: the handshake is seen on the wire
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns)
  SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 5000000, 5000000 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, tls, opened_ns, open_dur_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_unit_id, uses, tls_ns)
  SELECT i + 1, 1, 'socket', 'unknown', 'pay:443', 1, i * 100000000 + 1000, 600000, i + 1, 7, i * 100000000 + 9000000, 200000, i + 1, 1, 2000000 FROM n WHERE i < 20;
-- expect: app.py:7 /srv/app.py:7 28.0% >=2.800ms proven

-- case: near-miss no-upstream-keep-alive: no keys, the connection is plain
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns)
  SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 8000000 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_dur_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_unit_id, uses)
  SELECT i + 1, 1, 'socket', 'http', 'stock:80', i * 100000000 + 1000, 600000, i + 1, 7, i * 100000000 + 9000000, 200000, i + 1, 1 FROM n WHERE i < 20;

-- case: near-miss tls-context-per-call: a context is made each time, the connection is kept
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns)
  SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000, 1000000 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, tls, opened_ns, open_dur_ns, open_unit_id, open_stack_id, uses, tls_ns) VALUES (1, 1, 'socket', 'http', 'pay:443', 1, 1000, 600000, 1, 7, 20, 2000000);
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/ssl.py', 'create_default_context', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 7, 9, 0, 770, 3, 7);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'native', NULL, NULL, 1, 80, 0, 80000000, 80000000, 0);

-- case: miss a pool that grows over TLS: each connection is used by some units
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns)
  SELECT i + 1, 1, 'request', 1, 1000 + i, 900000000, 2000000, 800000000 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, tls, opened_ns, open_dur_ns, open_unit_id, open_stack_id, uses, tls_ns)
  SELECT i + 1, 1, 'socket', 'http', 'pay:443', 1, 2000 + i, 60000000, i + 1, 7, 1, 9000000 FROM n WHERE i < 20;

-- case: hit the loop opens it, in no frame of the application: it is the line's that asks
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns)
  SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 8000000 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, tls, opened_ns, open_dur_ns, open_unit_id, open_stack_id, closed_ns, close_dur_ns, close_unit_id, uses, tls_ns)
  SELECT i + 1, 1, 'socket', 'unknown', 'pay:443', 1, i * 100000000 + 1000, 600000, i + 1, 1000, i * 100000000 + 9000000, 200000, i + 1, 1, 2000000 FROM n WHERE i < 20;
INSERT INTO usage_10s VALUES (0, 1, 'send', 7, 'unknown', NULL, 0, 1, 20, 60, 0, 1000000, 1000000, 30000, 4000, 0, 0);
-- expect: app.py:7 /srv/app.py:7 28.0% >=2.800ms proven
