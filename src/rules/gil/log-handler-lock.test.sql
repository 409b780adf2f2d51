-- case: hit a handler's lock is handed from one request to the next
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/logging/__init__.py', 'Handler.acquire', 960, 'stdlib', 1, x'');
INSERT INTO stack(id, parent_id, code_id, instr_offset, line, depth, app_id) VALUES (300, 7, 9, 0, 965, 3, 7);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, file_ns, lock_ns)
  SELECT i + 1, 1, i % 4 + 1, 'request', 1, i * 10000000, 40000000, 1000000, 9000000, 30000000 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 10000000 + 500000, 30000000, i + 1, i % 4 + 1, 'lock', 300, NULL, NULL, 0, 0, 0, 128, 0, 77, 1 FROM n WHERE i < 40;
-- expect: all /srv/app.py:7 75.0% >=28.500ms proven

-- case: near-miss lock-contention: the application's own lock
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, lock_ns)
  SELECT i + 1, 1, i % 4 + 1, 'request', 1, i * 10000000, 40000000, 1000000, 9000000, 30000000 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 10000000 + 500000, 30000000, i + 1, i % 4 + 1, 'lock', 7, NULL, NULL, 0, 0, 0, 128, 0, 77, 1 FROM n WHERE i < 40;

-- case: near-miss sync-log-write: each waits for its own writing, none for another
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/logging/__init__.py', 'StreamHandler.flush', 1080, 'stdlib', 1, x'');
INSERT INTO stack(id, parent_id, code_id, instr_offset, line, depth, app_id) VALUES (300, 7, 9, 0, 1085, 3, 7);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, file_ns)
  SELECT i + 1, 1, 1, 'request', 1, i * 50000000, 40000000, 1000000, 30000000 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 50000000 + 500000, 30000000, i + 1, 1, 'write', 300, NULL, NULL, 0, 0, 0, 128, 0, 0, 1 FROM n WHERE i < 40;

-- case: miss a handler that is waited for twice
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/logging/__init__.py', 'Handler.acquire', 960, 'stdlib', 1, x'');
INSERT INTO stack(id, parent_id, code_id, instr_offset, line, depth, app_id) VALUES (300, 7, 9, 0, 965, 3, 7);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, file_ns, lock_ns)
  SELECT i + 1, 1, i % 4 + 1, 'request', 1, i * 10000000, 40000000, 1000000, 39000000, 0 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 10000000 + 500000, 30000000, i + 1, i % 4 + 1, 'lock', 300, NULL, NULL, 0, 0, 0, 128, 0, 77, 1 FROM n WHERE i < 3;

-- case: hit a lock of logging/handlers.py
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/logging/handlers.py', 'emit', 960, 'library', 1, x'');
INSERT INTO stack(id, parent_id, code_id, instr_offset, line, depth, app_id) VALUES (300, 7, 9, 0, 965, 3, 7), (301, 8, 9, 0, 965, 3, 8), (302, 10, 9, 0, 965, 3, 10);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, file_ns, lock_ns)
  SELECT i + 1, 1, i % 4 + 1, 'request', 1, i * 10000000, 40000000, 1000000, 9000000, 30000000 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 10000000 + 500000, 30000000, i + 1, i % 4 + 1, 'lock', 300, NULL, NULL, 0, 0, 0, 128, 0, 77, 1 FROM n WHERE i < 40;
-- expect: all /srv/app.py:7 75.0% >=28.500ms proven
-- says: route: /

-- case: hit a lock of loguru/_handler.py
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/loguru/_handler.py', 'emit', 960, 'library', 1, x'');
INSERT INTO stack(id, parent_id, code_id, instr_offset, line, depth, app_id) VALUES (300, 7, 9, 0, 965, 3, 7), (301, 8, 9, 0, 965, 3, 8), (302, 10, 9, 0, 965, 3, 10);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, file_ns, lock_ns)
  SELECT i + 1, 1, i % 4 + 1, 'request', 1, i * 10000000, 40000000, 1000000, 9000000, 30000000 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 10000000 + 500000, 30000000, i + 1, i % 4 + 1, 'lock', 300, NULL, NULL, 0, 0, 0, 128, 0, 77, 1 FROM n WHERE i < 40;
-- expect: all /srv/app.py:7 75.0% >=28.500ms proven
-- says: route: /

-- case: hit a lock of loguru/_locks_machinery.py
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/loguru/_locks_machinery.py', 'emit', 960, 'library', 1, x'');
INSERT INTO stack(id, parent_id, code_id, instr_offset, line, depth, app_id) VALUES (300, 7, 9, 0, 965, 3, 7), (301, 8, 9, 0, 965, 3, 8), (302, 10, 9, 0, 965, 3, 10);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, file_ns, lock_ns)
  SELECT i + 1, 1, i % 4 + 1, 'request', 1, i * 10000000, 40000000, 1000000, 9000000, 30000000 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 10000000 + 500000, 30000000, i + 1, i % 4 + 1, 'lock', 300, NULL, NULL, 0, 0, 0, 128, 0, 77, 1 FROM n WHERE i < 40;
-- expect: all /srv/app.py:7 75.0% >=28.500ms proven
-- says: route: /

-- case: hit a lock of structlog/_output.py
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/structlog/_output.py', 'emit', 960, 'library', 1, x'');
INSERT INTO stack(id, parent_id, code_id, instr_offset, line, depth, app_id) VALUES (300, 7, 9, 0, 965, 3, 7), (301, 8, 9, 0, 965, 3, 8), (302, 10, 9, 0, 965, 3, 10);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, file_ns, lock_ns)
  SELECT i + 1, 1, i % 4 + 1, 'request', 1, i * 10000000, 40000000, 1000000, 9000000, 30000000 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 10000000 + 500000, 30000000, i + 1, i % 4 + 1, 'lock', 300, NULL, NULL, 0, 0, 0, 128, 0, 77, 1 FROM n WHERE i < 40;
-- expect: all /srv/app.py:7 75.0% >=28.500ms proven
-- says: route: /

-- case: hit a lock of logbook/handlers.py
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/logbook/handlers.py', 'emit', 960, 'library', 1, x'');
INSERT INTO stack(id, parent_id, code_id, instr_offset, line, depth, app_id) VALUES (300, 7, 9, 0, 965, 3, 7), (301, 8, 9, 0, 965, 3, 8), (302, 10, 9, 0, 965, 3, 10);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, file_ns, lock_ns)
  SELECT i + 1, 1, i % 4 + 1, 'request', 1, i * 10000000, 40000000, 1000000, 9000000, 30000000 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 10000000 + 500000, 30000000, i + 1, i % 4 + 1, 'lock', 300, NULL, NULL, 0, 0, 0, 128, 0, 77, 1 FROM n WHERE i < 40;
-- expect: all /srv/app.py:7 75.0% >=28.500ms proven
-- says: route: /

-- case: hit on two routes, two threads hand it over
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/logging/__init__.py', 'Handler.acquire', 960, 'library', 1, x'');
INSERT INTO stack(id, parent_id, code_id, instr_offset, line, depth, app_id) VALUES (300, 7, 9, 0, 965, 3, 7), (301, 8, 9, 0, 965, 3, 8), (302, 10, 9, 0, 965, 3, 10);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, file_ns, lock_ns)
  SELECT i + 1, 1, i % 2 + 1, 'request', 1 + i % 2, i * 20000000, 40000000, 1000000, 9000000, 30000000 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 20000000 + 500000, 30000000, i + 1, i % 2 + 1, 'lock', 300, NULL, NULL, 0, 0, 0, 128, 0, 77, 1 FROM n WHERE i < 40;
-- expect: all /srv/app.py:7 75.0% >=28.500ms proven
-- says not: route:

-- case: hit three turns of four threads
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/logging/__init__.py', 'Handler.acquire', 960, 'library', 1, x'');
INSERT INTO stack(id, parent_id, code_id, instr_offset, line, depth, app_id) VALUES (300, 7, 9, 0, 965, 3, 7), (301, 8, 9, 0, 965, 3, 8), (302, 10, 9, 0, 965, 3, 10);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, file_ns, lock_ns)
  SELECT i + 1, 1, i % 4 + 1, 'request', 1, i * 10000000, 40000000, 1000000, 9000000, 3000000 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 10000000 + 500000, 30000000, i + 1, i % 4 + 1, 'lock', 300, NULL, NULL, 0, 0, 0, 128, 0, 77, 1 FROM n WHERE i < 40 AND i < 4;
-- expect: all /srv/app.py:7 7.5% >=2.850ms likely
-- says: handed over to one that waited: 3 times

-- case: miss one thread waits again and again
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/logging/__init__.py', 'Handler.acquire', 960, 'library', 1, x'');
INSERT INTO stack(id, parent_id, code_id, instr_offset, line, depth, app_id) VALUES (300, 7, 9, 0, 965, 3, 7), (301, 8, 9, 0, 965, 3, 8), (302, 10, 9, 0, 965, 3, 10);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, file_ns, lock_ns)
  SELECT i + 1, 1, i % 1 + 1, 'request', 1, i * 50000000, 40000000, 1000000, 9000000, 30000000 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 50000000 + 500000, 30000000, i + 1, i % 1 + 1, 'lock', 300, NULL, NULL, 0, 0, 0, 128, 0, 77, 1 FROM n WHERE i < 40;

-- case: hit its holder waits for a file
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/logging/__init__.py', 'Handler.acquire', 960, 'library', 1, x'');
INSERT INTO stack(id, parent_id, code_id, instr_offset, line, depth, app_id) VALUES (300, 7, 9, 0, 965, 3, 7), (301, 8, 9, 0, 965, 3, 8), (302, 10, 9, 0, 965, 3, 10);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, file_ns, lock_ns)
  SELECT i + 1, 1, i % 4 + 1, 'request', 1, i * 10000000, 40000000, 1000000, 9000000, 30000000 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 10000000 + 500000, 30000000, i + 1, i % 4 + 1, 'lock', 300, NULL, NULL, 0, 0, 0, 128, 0, 77, 1 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 10000000 + 30600000, 10000000 - 200000, i + 1, i % 4 + 1, 'write', 300, NULL, NULL, 0, 0, 0, 128, 0, 0, 1 FROM n WHERE i < 40;
-- expect: all /srv/app.py:7 75.0% >=28.500ms proven
-- says: who holds it waits for a file

-- case: hit its holder waits for a peer
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/logging/__init__.py', 'Handler.acquire', 960, 'library', 1, x'');
INSERT INTO stack(id, parent_id, code_id, instr_offset, line, depth, app_id) VALUES (300, 7, 9, 0, 965, 3, 7), (301, 8, 9, 0, 965, 3, 8), (302, 10, 9, 0, 965, 3, 10);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, file_ns, lock_ns)
  SELECT i + 1, 1, i % 4 + 1, 'request', 1, i * 10000000, 40000000, 1000000, 9000000, 30000000 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 10000000 + 500000, 30000000, i + 1, i % 4 + 1, 'lock', 300, NULL, NULL, 0, 0, 0, 128, 0, 77, 1 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 10000000 + 30600000, 10000000 - 200000, i + 1, i % 4 + 1, 'poll', 7, NULL, NULL, 0, 0, 0, 128, 0, 0, 1 FROM n WHERE i < 40;
-- expect: all /srv/app.py:7 75.0% >=28.500ms proven
-- says: who holds it waits for a peer

-- case: hit its holder waits for SQLite
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/logging/__init__.py', 'Handler.acquire', 960, 'library', 1, x'');
INSERT INTO stack(id, parent_id, code_id, instr_offset, line, depth, app_id) VALUES (300, 7, 9, 0, 965, 3, 7), (301, 8, 9, 0, 965, 3, 8), (302, 10, 9, 0, 965, 3, 10);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, file_ns, lock_ns)
  SELECT i + 1, 1, i % 4 + 1, 'request', 1, i * 10000000, 40000000, 1000000, 9000000, 30000000 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 10000000 + 500000, 30000000, i + 1, i % 4 + 1, 'lock', 300, NULL, NULL, 0, 0, 0, 128, 0, 77, 1 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 10000000 + 30600000, 10000000 - 200000, i + 1, i % 4 + 1, 'sqlite_step', 7, NULL, NULL, 0, 0, 0, 128, 0, 0, 1 FROM n WHERE i < 40;
-- expect: all /srv/app.py:7 75.0% >=28.500ms proven
-- says: who holds it waits for SQLite

-- case: hit its holder sleeps
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/logging/__init__.py', 'Handler.acquire', 960, 'library', 1, x'');
INSERT INTO stack(id, parent_id, code_id, instr_offset, line, depth, app_id) VALUES (300, 7, 9, 0, 965, 3, 7), (301, 8, 9, 0, 965, 3, 8), (302, 10, 9, 0, 965, 3, 10);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, file_ns, lock_ns)
  SELECT i + 1, 1, i % 4 + 1, 'request', 1, i * 10000000, 40000000, 1000000, 9000000, 30000000 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 10000000 + 500000, 30000000, i + 1, i % 4 + 1, 'lock', 300, NULL, NULL, 0, 0, 0, 128, 0, 77, 1 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 10000000 + 30600000, 10000000 - 200000, i + 1, i % 4 + 1, 'sleep', 7, NULL, NULL, 0, 0, 0, 128, 0, 0, 1 FROM n WHERE i < 40;
-- expect: all /srv/app.py:7 75.0% >=28.500ms proven
-- says: who holds it sleeps

-- case: hit its holder waits for a file for a fifth of it
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/logging/__init__.py', 'Handler.acquire', 960, 'library', 1, x'');
INSERT INTO stack(id, parent_id, code_id, instr_offset, line, depth, app_id) VALUES (300, 7, 9, 0, 965, 3, 7), (301, 8, 9, 0, 965, 3, 8), (302, 10, 9, 0, 965, 3, 10);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, file_ns, lock_ns)
  SELECT i + 1, 1, i % 4 + 1, 'request', 1, i * 10000000, 40000000, 1000000, 9000000, 30000000 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 10000000 + 500000, 30000000, i + 1, i % 4 + 1, 'lock', 300, NULL, NULL, 0, 0, 0, 128, 0, 77, 1 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 10000000 + 30600000, 2000000 - 200000, i + 1, i % 4 + 1, 'write', 7, NULL, NULL, 0, 0, 0, 128, 0, 0, 1 FROM n WHERE i < 40;
-- expect: all /srv/app.py:7 75.0% >=28.500ms proven
-- says not: who holds it

-- case: hit three lines, one of which hardly waits
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/logging/__init__.py', 'Handler.acquire', 960, 'library', 1, x'');
INSERT INTO stack(id, parent_id, code_id, instr_offset, line, depth, app_id) VALUES (300, 7, 9, 0, 965, 3, 7), (301, 8, 9, 0, 965, 3, 8), (302, 10, 9, 0, 965, 3, 10);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, file_ns, lock_ns)
  SELECT i + 1, 1, i % 4 + 1, 'request', 1, i * 10000000, 40000000, 1000000, 9000000, 30000000 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 10000000 + 500000, 30000000, i + 1, i % 4 + 1, 'lock', 300, NULL, NULL, 0, 0, 0, 128, 0, 77, 1 FROM n WHERE i < 40 AND i % 2 = 0;
INSERT INTO event SELECT i * 10000000 + 500000, 30000000, i + 1, i % 4 + 1, 'lock', 301, NULL, NULL, 0, 0, 0, 128, 0, 77, 1 FROM n WHERE i < 40 AND i % 4 = 1;
INSERT INTO event SELECT i * 10000000 + 500000, 20000000, i + 1, i % 4 + 1, 'lock', 302, NULL, NULL, 0, 0, 0, 128, 0, 77, 1 FROM n WHERE i < 40 AND i % 4 = 3 AND i > 36;
-- expect: all /srv/app.py:7 57.5% >=21.850ms proven
-- says: at /srv/app.py:8
-- says not: at /srv/app.py:10
