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
