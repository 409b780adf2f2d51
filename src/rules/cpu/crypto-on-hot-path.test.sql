-- case: hit a password is checked in each request
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 2, i * 200000000, 60000000, 55000000 FROM n WHERE i < 40;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table)
  VALUES (9, '/venv/lib/python3.12/site-packages/werkzeug/security.py', 'check_password_hash', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 66, 3, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 900, 'native', NULL, NULL, 1, 400, 0, 2000000000, 2000000000, 0),
  (0, 1, 1, 2, 1, 12, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0);
-- expect: app.py:41 /srv/app.py:41 83.3% 50.000ms likely
-- says: saving: 42.398 to 60.000 ms

-- case: hit neighbours take the CPU for most of a request: of its own time it is as much as before
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, runqueue_ns) SELECT i + 1, 1, 'request', 2, i * 200000000, 60000000, 2750000, 55000000 FROM n WHERE i < 40;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table)
  VALUES (9, '/venv/lib/python3.12/site-packages/werkzeug/security.py', 'check_password_hash', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 66, 3, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 900, 'native', NULL, NULL, 1, 400, 0, 100000000, 100000000, 0),
  (0, 1, 1, 2, 1, 12, 'python', NULL, NULL, 1, 40, 0, 10000000, 10000000, 0);
-- expect: app.py:41 /srv/app.py:41 4.2% 2.500ms likely
-- says: route: /orders

-- case: near-miss hot-python-loop: a hash written out in the application's own loop
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 2, i * 200000000, 60000000, 55000000 FROM n WHERE i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 41, 'python', NULL, NULL, 1, 440, 0, 2200000000, 2200000000, 0);

-- case: miss at the login alone it is where it should be
INSERT INTO text VALUES (50, '/auth/login');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', iif(i < 20, 50, 1), i * 200000000, 60000000, 55000000 FROM n WHERE i < 40;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table)
  VALUES (9, '/venv/lib/python3.12/site-packages/passlib/handlers/bcrypt.py', '_calc_checksum', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 66, 3, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 50, 1, 900, 'native', NULL, NULL, 1, 400, 0, 2000000000, 2000000000, 0);
-- says: ruled out: passwords are hashed at /auth/login alone, where that is its work

-- case: miss it hashes outside any request
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 200000000, 60000000, 55000000 FROM n WHERE i < 40;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table)
  VALUES (9, '/venv/lib/python3.12/site-packages/argon2/_password_hasher.py', 'verify', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 66, 3, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, NULL, 0, 900, 'native', NULL, NULL, 1, 400, 0, 2000000000, 2000000000, 0);

-- case: hit seen from outside: threads that are busy hash
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table)
  VALUES (9, '/venv/lib/python3.12/site-packages/argon2/_password_hasher.py', 'verify', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 66, 3, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, NULL, 0, 900, 'native', NULL, NULL, 2, 40, 0, 400000000, 400000000, 0), (0, 1, 1, NULL, 0, 12, 'python', NULL, NULL, 2, 10, 0, 100000000, 100000000, 0),
  (0, 1, 1, NULL, 0, 1000, 'call', 'pselect6', NULL, 2, 5950, 0, 59500000000, 0, 0);
-- expect: app.py:41 /srv/app.py:41 80.0% - likely

-- case: near-miss hot-python-loop: the application's own line computes, and its source is not here to name a hash
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 2, i * 200000000, 60000000, 55000000 FROM n WHERE i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 41, 'native', NULL, NULL, 1, 440, 0, 2200000000, 2200000000, 0);

-- case: miss a hash made once in a process, in its first request, is no request's
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, flags) SELECT i + 1, 1, 'request', 2, i * 200000000, iif(i = 0, 300000000, 1000000), iif(i = 0, 290000000, 900000), i = 0 FROM n WHERE i < 40;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table)
  VALUES (9, '/venv/lib/python3.12/site-packages/werkzeug/security.py', 'check_password_hash', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 66, 3, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 2, 900, 'native', NULL, NULL, 1, 60, 0, 300000000, 290000000, 0),
  (0, 1, 1, 2, 1, 12, 'python', NULL, NULL, 1, 10, 0, 40000000, 40000000, 0);

-- case: hit seven samples are enough
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 2, i * 200000000, 60000000, 55000000 FROM n WHERE i < 40;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table)
  VALUES (9, '/venv/lib/python3.12/site-packages/werkzeug/security.py', 'check_password_hash', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 66, 3, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 900, 'native', NULL, NULL, 1, 7, 0, 35000000, 35000000, 0),
  (0, 1, 1, 2, 1, 12, 'python', NULL, NULL, 1, 1, 0, 5000000, 5000000, 0);
-- expect: app.py:41 /srv/app.py:41 80.2% 48.125ms likely

-- case: miss three samples are too few to tell
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 2, i * 200000000, 60000000, 55000000 FROM n WHERE i < 40;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table)
  VALUES (9, '/venv/lib/python3.12/site-packages/werkzeug/security.py', 'check_password_hash', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 66, 3, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 900, 'native', NULL, NULL, 1, 3, 0, 15000000, 15000000, 0),
  (0, 1, 1, 2, 1, 12, 'python', NULL, NULL, 1, 1, 0, 5000000, 5000000, 0);

-- case: miss 40 µs a request: a key is derived, or a seal, and no password is made slow to guess
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 2, i * 5000000, 330000, 300000 FROM n WHERE i < 40;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table)
  VALUES (9, '/venv/lib/python3.12/site-packages/cryptography/hazmat/primitives/kdf/pbkdf2.py', 'PBKDF2HMAC.derive', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 66, 3, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 900, 'native', NULL, NULL, 1, 13, 0, 65000000, 65000000, 0),
  (0, 1, 1, 2, 1, 12, 'python', NULL, NULL, 1, 87, 0, 435000000, 435000000, 0);
-- says: ruled out: hashing takes 11.8 % of the time, 0.039 ms a request; a password's takes 0.2 ms or more

-- case: hit 0.3 ms a request
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 2, i * 5000000, 1100000, 1000000 FROM n WHERE i < 40;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table)
  VALUES (9, '/venv/lib/python3.12/site-packages/cryptography/hazmat/primitives/kdf/pbkdf2.py', 'PBKDF2HMAC.derive', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 66, 3, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 900, 'native', NULL, NULL, 1, 30, 0, 150000000, 150000000, 0),
  (0, 1, 1, 2, 1, 12, 'python', NULL, NULL, 1, 70, 0, 350000000, 350000000, 0);
-- expect: app.py:41 /srv/app.py:41 27.3% 0.300ms likely

-- case: miss 0.15 ms a request
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 2, i * 5000000, 1100000, 1000000 FROM n WHERE i < 40;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table)
  VALUES (9, '/venv/lib/python3.12/site-packages/cryptography/hazmat/primitives/kdf/pbkdf2.py', 'PBKDF2HMAC.derive', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 66, 3, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 900, 'native', NULL, NULL, 1, 15, 0, 75000000, 75000000, 0),
  (0, 1, 1, 2, 1, 12, 'python', NULL, NULL, 1, 85, 0, 425000000, 425000000, 0);

-- case: hit at a login, but on an event loop: others wait for it
INSERT INTO text VALUES (50, '/login');
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 1, 'request', iif(i % 4, 2, 50), i * 200000000, iif(i % 4, 20000000, 62000000), iif(i % 4, 1000000, 60000000), iif(i % 4, 1000000, 60000000), iif(i % 4, 19000000, 2000000), iif(i % 4, 15000000, 0), 3 FROM n WHERE i < 40;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table)
  VALUES (9, '/venv/lib/python3.12/site-packages/werkzeug/security.py', 'check_password_hash', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 66, 3, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 50, 1, 900, 'native', NULL, NULL, 1, 100, 0, 560000000, 560000000, 0),
  (0, 1, 1, 2, 1, 12, 'python', NULL, NULL, 1, 25, 0, 140000000, 140000000, 0);
-- expect: app.py:41 /srv/app.py:41 41.3% >=9.000ms likely
-- says: Hashing a password at /login takes 41 % of a request, on the event loop: nothing else runs there meanwhile.
-- says: hash in a thread, not on the event loop
-- says: others waited for it, at least: 9 ms per request
-- says: saving: 9.000 to
-- says: not seen: clients that wait in the listen backlog
-- says not: route:
-- says not: check the password once

-- case: hit in requests that are no login, on an event loop: it need not be made, and not there
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 1, 'request', 2, i * 200000000, 60000000, 55000000, 55000000, 5000000, 0, 3 FROM n WHERE i < 40;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table)
  VALUES (9, '/venv/lib/python3.12/site-packages/werkzeug/security.py', 'check_password_hash', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 66, 3, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 900, 'native', NULL, NULL, 1, 400, 0, 2000000000, 2000000000, 0),
  (0, 1, 1, 2, 1, 12, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0);
-- expect: app.py:41 /srv/app.py:41 83.3% 50.000ms likely
-- says: on the event loop
-- says: check the password once, at login
-- says: belongs in a thread, not on the event loop
-- says: route: /orders

-- case: miss at a login of a plain handler, which runs in a thread beside the loop
INSERT INTO text VALUES (50, '/login');
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps)
  SELECT i + 1, 1, 1, 'request', 50, i * 200000000, 60000000, 55000000, 1000000, 59000000, 0, 3 FROM n WHERE i < 40;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table)
  VALUES (9, '/venv/lib/python3.12/site-packages/werkzeug/security.py', 'check_password_hash', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 66, 3, 41);
INSERT INTO sample_10s VALUES (0, 1, 2, 50, 1, 900, 'native', NULL, NULL, 1, 400, 0, 2000000000, 2000000000, 0);
-- says: ruled out: passwords are hashed at /login alone

-- case: hit Django's own PBKDF2, whose call into C is in its utilities
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/django/contrib/auth/hashers.py', 'PBKDF2PasswordHasher.encode', 1, 'library', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/django/utils/crypto.py', 'pbkdf2', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 327, 3, 41), (901, 900, 10, 0, 74, 4, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 140, 0, 700000000, 700000000, 0), (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0);
-- expect: app.py:41 /srv/app.py:41 70.0% 7.000ms likely
-- says: samples in crypto.py: 140 of 180 on a CPU

-- case: miss another helper of that file: a token is signed
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (10, '/venv/lib/python3.12/site-packages/django/utils/crypto.py', 'salted_hmac', 1, 'library', 1, x'');
INSERT INTO stack VALUES (901, 41, 10, 0, 74, 3, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 140, 0, 700000000, 700000000, 0), (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0);
