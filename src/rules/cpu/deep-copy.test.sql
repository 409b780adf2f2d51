-- case: hit a default is copied for each request
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/usr/lib/python3.12/copy.py', 'deepcopy', 1, 'stdlib', 1, x''), (10, '/usr/lib/python3.12/copy.py', '_deepcopy_dict', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 136, 3, 41), (901, 900, 10, 0, 231, 4, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 901, NULL FROM n;
-- expect: app.py:41 /srv/app.py:41 50.0% 4.500ms likely
-- says: saving: 3.671 to 6.184 ms
-- says: not cold-start: seen in 100 requests, also in the second half of the recording

-- case: near-miss slow-serialisation: an encoder walks the value, and copies parts of it on the way
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/usr/lib/python3.12/copy.py', 'deepcopy', 1, 'stdlib', 1, x''), (11, '/venv/lib/python3.12/site-packages/fastapi/encoders.py', 'jsonable_encoder', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 11, 0, 300, 3, 41), (901, 900, 9, 0, 136, 4, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 901, NULL FROM n;

-- case: near-miss cold-start: copied at the first requests
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/usr/lib/python3.12/copy.py', 'deepcopy', 1, 'stdlib', 1, x''), (10, '/usr/lib/python3.12/copy.py', '_deepcopy_dict', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 136, 3, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 20, 0, 100000000, 100000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 180, 0, 900000000, 900000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n WHERE i < 20;

-- case: miss a shallow copy, and one function of that name of the application
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/usr/lib/python3.12/copy.py', 'copy', 1, 'stdlib', 1, x''), (10, '/srv/copy.py', 'deepcopy', 1, 'app', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 80, 3, 41), (901, 41, 10, 0, 7, 3, 901);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0),
  (0, 1, 1, 1, 1, 901, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n;

-- case: miss a library copies its own
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/usr/lib/python3.12/copy.py', 'deepcopy', 1, 'stdlib', 1, x''), (10, '/venv/lib/python3.12/site-packages/django/forms/forms.py', 'BaseForm.__init__', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 10, 0, 87, 3, 41), (901, 900, 9, 0, 136, 4, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 901, NULL FROM n;
-- says: ruled out: copy.deepcopy takes 50.0 % of a request, asked for by django

-- case: hit seen from outside: busy threads copy
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/usr/lib/python3.12/copy.py', 'deepcopy', 1, 'stdlib', 1, x''), (10, '/usr/lib/python3.12/copy.py', '_deepcopy_dict', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 136, 3, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, NULL, 0, 900, 'python', NULL, NULL, 2, 40, 0, 400000000, 400000000, 0),
  (0, 1, 1, NULL, 0, 12, 'native', NULL, NULL, 2, 60, 0, 600000000, 600000000, 0),
  (0, 1, 1, NULL, 0, 1000, 'call', 'pselect6', NULL, 2, 5900, 0, 59000000000, 0, 0);
-- expect: app.py:41 /srv/app.py:41 40.0% - likely

-- case: hit neighbours had the CPU for half of it: that is not the copy's
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 7500000, 2500000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/usr/lib/python3.12/copy.py', 'deepcopy', 1, 'stdlib', 1, x''), (10, '/usr/lib/python3.12/copy.py', '_deepcopy_dict', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 136, 3, 41), (901, 900, 10, 0, 231, 4, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 100, 0, 500000000, 250000000, 250000000),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 901, NULL FROM n;
-- expect: app.py:41 /srv/app.py:41 50.0% 3.750ms likely

-- case: hit ticks became fewer: most of all that were sampled were at first
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/usr/lib/python3.12/copy.py', 'deepcopy', 1, 'stdlib', 1, x''), (10, '/usr/lib/python3.12/copy.py', '_deepcopy_dict', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 136, 3, 41), (901, 900, 10, 0, 231, 4, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', iif(i % 2, 901, 12), NULL FROM n WHERE i < 45 OR i >= 94;
-- expect: app.py:41 /srv/app.py:41 50.0% 4.500ms likely

-- case: hit a value is written as JSON and read again
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_copies.py', 'fresh', 5, 'app', 1, x''), (10, '/usr/lib/python3.12/json/decoder.py', 'JSONDecoder.raw_decode', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 12, 9, 0, 6, 3, 900), (901, 900, 10, 0, 353, 4, 900);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 80, 0, 400000000, 400000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 120, 0, 600000000, 600000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 901, NULL FROM n WHERE i < 80;
-- expect: source_copies.py:6 tests/rules/source_copies.py:6 36.0% 3.600ms likely
-- says: Copying by json.loads(json.dumps(…)) takes 36 % of a request.
-- says: not slow-serialisation: what is written is read again on the same line
-- says: claims work:tests/rules/source_copies.py:6:copy: 360

-- case: miss text is read
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_copies.py', 'stored', 9, 'app', 1, x''), (10, '/usr/lib/python3.12/json/decoder.py', 'JSONDecoder.raw_decode', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 12, 9, 0, 10, 3, 900), (901, 900, 10, 0, 353, 4, 900);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 80, 0, 400000000, 400000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 120, 0, 600000000, 600000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 901, NULL FROM n WHERE i < 80;

-- case: miss nine samples of it
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_copies.py', 'fresh', 5, 'app', 1, x''), (10, '/usr/lib/python3.12/json/decoder.py', 'JSONDecoder.raw_decode', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 12, 9, 0, 6, 3, 900), (901, 900, 10, 0, 353, 4, 900);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 9, 0, 45000000, 45000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 191, 0, 955000000, 955000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 901, NULL FROM n WHERE i < 9;

-- case: miss it is seen in two requests
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, 'tests/rules/source_copies.py', 'fresh', 5, 'app', 1, x''), (10, '/usr/lib/python3.12/json/decoder.py', 'JSONDecoder.raw_decode', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 12, 9, 0, 6, 3, 900), (901, 900, 10, 0, 353, 4, 900);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 80, 0, 400000000, 400000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 120, 0, 600000000, 600000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 901, NULL FROM n WHERE i < 2;
-- says: ruled out: json.loads(json.dumps(…)) takes 36.0 % of a request, seen in 2 requests

-- case: hit dataclasses.asdict, which copies all below
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/dataclasses.py', 'asdict', 1, 'stdlib', 1, x''), (10, '/usr/lib/python3.12/copy.py', 'deepcopy', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 1328, 3, 41), (901, 900, 10, 0, 136, 4, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0), (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 901, NULL FROM n;
-- expect: app.py:41 /srv/app.py:41 50.0% 4.500ms likely
-- says: dataclasses.asdict takes 50 % of a request: it copies all that is below, field by field.

-- case: miss a few fields of a dataclass: a sixth of the time
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/dataclasses.py', 'asdict', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 1328, 3, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 30, 0, 150000000, 150000000, 0), (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 150, 0, 750000000, 750000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n;
