-- case: hit four times the rows, sixteen times the CPU
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, bytes_out)
  SELECT i + 1, 1, 'request', 1, i * 100000000, 1000000 + (i % 10) * (i % 10) * 100000, 900000 + (i % 10) * (i % 10) * 100000, 50 FROM n;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'sqlite', 'sqlite', '/tmp/a.db', 5, 3, 100, 100);
INSERT INTO statement SELECT i * 100000000, 10000, i + 1, 1, i + 2, 10, 9, 0, (i % 10) * 100 + 5, 0, 80, 88, 0 FROM n;
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 12, NULL FROM n WHERE i % 10 > 3;
-- expect: app.py:12 /srv/app.py:12 97.4% 3.084ms likely

-- case: near-miss hot-python-loop: four times the rows, four times the CPU
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, bytes_out)
  SELECT i + 1, 1, 'request', 1, i * 100000000, 1000000 + (i % 10) * 1000000, 900000 + (i % 10) * 1000000, 50 FROM n;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_stack_id, statements, uses) VALUES (1, 1, 'sqlite', 'sqlite', '/tmp/a.db', 5, 3, 100, 100);
INSERT INTO statement SELECT i * 100000000, 10000, i + 1, 1, i + 2, 10, 9, 0, (i % 10) * 100 + 5, 0, 80, 88, 0 FROM n;
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 12, NULL FROM n WHERE i % 10 > 3;

-- case: near-miss regex-backtracking: it grows inside a match
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/re/__init__.py', 'match', 160, 'stdlib', 1, x'');
INSERT INTO stack(id, parent_id, code_id, instr_offset, line, depth, app_id) VALUES (300, 12, 9, 0, 166, 3, 12);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, bytes_out)
  SELECT i + 1, 1, 'request', 1, i * 100000000, 1000000 + (i % 10) * (i % 10) * 100000, 900000 + (i % 10) * (i % 10) * 100000, (i % 10) * 100 + 5 FROM n;
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 300, NULL FROM n WHERE i % 10 > 3;

-- case: miss two sizes only
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, bytes_out)
  SELECT i + 1, 1, 'request', 1, i * 100000000, 1000000 + (i % 2) * 10000000, 900000 + (i % 2) * 10000000, 50 + (i % 2) * 400 FROM n;
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 12, NULL FROM n WHERE i % 2;
