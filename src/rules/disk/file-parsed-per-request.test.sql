-- case: hit settings are opened and parsed in each request
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/yaml/__init__.py', 'safe_load', 1, 'library', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/yaml/__init__.py', 'load', 1, 'library', 1, x''), (11, '/venv/lib/python3.12/site-packages/yaml/scanner.py', 'Scanner.fetch_more_tokens', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 125, 3, 41), (901, 900, 10, 0, 81, 4, 41), (902, 901, 11, 0, 156, 5, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 902, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0), (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 902, NULL FROM n;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, closed_ns, open_unit_id, close_unit_id, open_stack_id) SELECT i + 1, 1, 'file', 'unknown', '/srv/flags.yaml', i * 100000000 + 900000, i * 100000000 + 6900000, i + 1, i + 1, 40 FROM n;
-- expect: app.py:41 /srv/app.py:41 50.0% 4.500ms likely
-- says: A request parses flags.yaml again: 50 % of its time.
-- says: 100 of 100 requests open it anew
-- says: different files opened there: 1 in 100 requests looked at
-- says: not cold-start: seen in 100 requests, also in the second half of the recording

-- case: hit half as many files as requests, of nine in ten of them
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/yaml/__init__.py', 'safe_load', 1, 'library', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/yaml/__init__.py', 'load', 1, 'library', 1, x''), (11, '/venv/lib/python3.12/site-packages/yaml/scanner.py', 'Scanner.fetch_more_tokens', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 125, 3, 41), (901, 900, 10, 0, 81, 4, 41), (902, 901, 11, 0, 156, 5, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 902, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0), (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 902, NULL FROM n;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, closed_ns, open_unit_id, close_unit_id, open_stack_id) SELECT i + 1, 1, 'file', 'unknown', '/srv/' || (i % 50) || '.yaml', i * 100000000 + 900000, i * 100000000 + 6900000, i + 1, i + 1, 40 FROM n WHERE i < 90;
-- expect: app.py:41 /srv/app.py:41 50.0% 4.500ms likely
-- says: A request parses files that others before it have parsed again: 50 % of its time.

-- case: miss each request has a file of its own
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/yaml/__init__.py', 'safe_load', 1, 'library', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/yaml/__init__.py', 'load', 1, 'library', 1, x''), (11, '/venv/lib/python3.12/site-packages/yaml/scanner.py', 'Scanner.fetch_more_tokens', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 125, 3, 41), (901, 900, 10, 0, 81, 4, 41), (902, 901, 11, 0, 156, 5, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 902, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0), (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 902, NULL FROM n;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, closed_ns, open_unit_id, close_unit_id, open_stack_id) SELECT i + 1, 1, 'file', 'unknown', '/srv/' || (i % 51) || '.yaml', i * 100000000 + 900000, i * 100000000 + 6900000, i + 1, i + 1, 40 FROM n;
-- says: ruled out: app.py:41 parses what is in no file that each request opens: 50.0 % of its time

-- case: miss four of five requests open it: it is asked for its time of change
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/yaml/__init__.py', 'safe_load', 1, 'library', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/yaml/__init__.py', 'load', 1, 'library', 1, x''), (11, '/venv/lib/python3.12/site-packages/yaml/scanner.py', 'Scanner.fetch_more_tokens', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 125, 3, 41), (901, 900, 10, 0, 81, 4, 41), (902, 901, 11, 0, 156, 5, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 902, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0), (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 902, NULL FROM n;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, closed_ns, open_unit_id, close_unit_id, open_stack_id) SELECT i + 1, 1, 'file', 'unknown', '/srv/flags.yaml', i * 100000000 + 900000, i * 100000000 + 6900000, i + 1, i + 1, 40 FROM n WHERE i < 89;

-- case: miss what a request sends is parsed
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/yaml/__init__.py', 'safe_load', 1, 'library', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/yaml/__init__.py', 'load', 1, 'library', 1, x''), (11, '/venv/lib/python3.12/site-packages/yaml/scanner.py', 'Scanner.fetch_more_tokens', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 125, 3, 41), (901, 900, 10, 0, 81, 4, 41), (902, 901, 11, 0, 156, 5, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 902, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0), (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 902, NULL FROM n;

-- case: miss the file is the log, opened by a handler for each record
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/yaml/__init__.py', 'safe_load', 1, 'library', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/yaml/__init__.py', 'load', 1, 'library', 1, x''), (12, '/usr/lib/python3.12/logging/__init__.py', 'FileHandler._open', 1, 'stdlib', 1, x''), (11, '/venv/lib/python3.12/site-packages/yaml/scanner.py', 'Scanner.fetch_more_tokens', 1, 'library', 1, x'');
INSERT INTO stack VALUES (903, 41, 12, 0, 20, 3, 41), (900, 41, 9, 0, 125, 3, 41), (901, 900, 10, 0, 81, 4, 41), (902, 901, 11, 0, 156, 5, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 902, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0), (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 902, NULL FROM n;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, closed_ns, open_unit_id, close_unit_id, open_stack_id) SELECT i + 1, 1, 'file', 'unknown', '/srv/flags.yaml', i * 100000000 + 900000, i * 100000000 + 6900000, i + 1, i + 1, 903 FROM n;

-- case: near-miss slow-disk-read: it is read, and not parsed
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, closed_ns, open_unit_id, close_unit_id, open_stack_id) SELECT i + 1, 1, 'file', 'unknown', '/srv/flags.yaml', i * 100000000 + 900000, i * 100000000 + 6900000, i + 1, i + 1, 40 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);

-- case: near-miss cold-start: parsed at first use, by the first requests alone
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/yaml/__init__.py', 'safe_load', 1, 'library', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/yaml/__init__.py', 'load', 1, 'library', 1, x''), (11, '/venv/lib/python3.12/site-packages/yaml/scanner.py', 'Scanner.fetch_more_tokens', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 125, 3, 41), (901, 900, 10, 0, 81, 4, 41), (902, 901, 11, 0, 156, 5, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 902, 'python', NULL, NULL, 1, 20, 0, 100000000, 100000000, 0), (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 180, 0, 900000000, 900000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 902, NULL FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, closed_ns, open_unit_id, close_unit_id, open_stack_id) SELECT i + 1, 1, 'file', 'unknown', '/srv/flags.yaml', i * 100000000 + 900000, i * 100000000 + 6900000, i + 1, i + 1, 40 FROM n;
-- says: ruled out: a file is parsed, but not again and again: at first use

-- case: hit a helper opens it and hands on the text
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/yaml/__init__.py', 'safe_load', 1, 'library', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/yaml/__init__.py', 'load', 1, 'library', 1, x''), (12, '/srv/app.py', 'text_of', 60, 'app', 1, x''), (11, '/venv/lib/python3.12/site-packages/yaml/scanner.py', 'Scanner.fetch_more_tokens', 1, 'library', 1, x'');
INSERT INTO stack VALUES (903, 41, 12, 0, 61, 3, 903), (900, 41, 9, 0, 125, 3, 41), (901, 900, 10, 0, 81, 4, 41), (902, 901, 11, 0, 156, 5, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 902, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0), (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 902, NULL FROM n;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, closed_ns, open_unit_id, close_unit_id, open_stack_id) SELECT i + 1, 1, 'file', 'unknown', '/srv/flags.yaml', i * 100000000 + 900000, i * 100000000 + 6900000, i + 1, i + 1, 903 FROM n;
-- expect: app.py:41 /srv/app.py:41 50.0% 4.500ms likely

-- case: miss another function, which is not called from there, opens a file
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/yaml/__init__.py', 'safe_load', 1, 'library', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/yaml/__init__.py', 'load', 1, 'library', 1, x''), (12, '/srv/audit.py', 'note', 60, 'app', 1, x''), (11, '/venv/lib/python3.12/site-packages/yaml/scanner.py', 'Scanner.fetch_more_tokens', 1, 'library', 1, x'');
INSERT INTO stack VALUES (903, 1000, 12, 0, 61, 2, 903), (900, 41, 9, 0, 125, 3, 41), (901, 900, 10, 0, 81, 4, 41), (902, 901, 11, 0, 156, 5, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 902, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0), (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 902, NULL FROM n;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, closed_ns, open_unit_id, close_unit_id, open_stack_id) SELECT i + 1, 1, 'file', 'unknown', '/srv/flags.yaml', i * 100000000 + 900000, i * 100000000 + 6900000, i + 1, i + 1, 903 FROM n;
