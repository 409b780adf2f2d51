-- case: hit a framework encodes the answer twice; its handler is the place
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/venv/lib/python3.12/site-packages/fastapi/encoders.py', 'jsonable_encoder', 1, 'library', 1, x''), (10, '/venv/lib/python3.12/site-packages/fastapi/routing.py', 'run_endpoint_function', 1, 'library', 1, x''), (11, '/srv/shop.py', 'readings', 1, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 102, 2, 0), (901, 1000, 10, 0, 212, 2, 0), (902, 901, 11, 0, 20, 3, 902);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0),
  (0, 1, 1, 1, 1, 902, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n;
-- expect: all /srv/shop.py:1 50.0% 4.275ms likely
-- says: Making an answer ready for JSON takes 50 % of a request

-- case: hit json.dump to a file: the encoder in Python
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/usr/lib/python3.12/json/encoder.py', '_make_iterencode.<locals>._iterencode_dict', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 353, 3, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n;
-- expect: app.py:41 /srv/app.py:41 50.0% 4.275ms likely
-- says: Making data ready for JSON takes 50 % of a request
-- says: not cold-start: seen in 100 requests, also in the second half of the recording

-- case: near-miss large-response: much to encode, by the encoder in C
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/usr/lib/python3.12/json/encoder.py', 'JSONEncoder.iterencode', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 258, 3, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 150, 0, 750000000, 750000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 50, 0, 250000000, 250000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n;

-- case: near-miss deep-copy: the answer is copied
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/usr/lib/python3.12/copy.py', 'deepcopy', 1, 'stdlib', 1, x''), (10, '/usr/lib/python3.12/copy.py', '_deepcopy_dict', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 136, 3, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n;

-- case: near-miss cold-start: at the first requests alone
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/venv/lib/python3.12/site-packages/fastapi/encoders.py', 'jsonable_encoder', 1, 'library', 1, x''), (10, '/venv/lib/python3.12/site-packages/fastapi/routing.py', 'run_endpoint_function', 1, 'library', 1, x''), (11, '/srv/shop.py', 'readings', 1, 'app', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 102, 3, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 30, 0, 150000000, 150000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 170, 0, 850000000, 850000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n WHERE i < 20;

-- case: miss it is too little
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/venv/lib/python3.12/site-packages/fastapi/encoders.py', 'jsonable_encoder', 1, 'library', 1, x''), (10, '/venv/lib/python3.12/site-packages/fastapi/routing.py', 'run_endpoint_function', 1, 'library', 1, x''), (11, '/srv/shop.py', 'readings', 1, 'app', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 102, 3, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 15, 0, 75000000, 75000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 185, 0, 925000000, 925000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n;

-- case: miss it is a quarter of little: most of a request awaits a database
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, db_await_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 2000000, 8000000, 0, 8000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/venv/lib/python3.12/site-packages/fastapi/encoders.py', 'jsonable_encoder', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 102, 3, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 10, 0, 50000000, 50000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 30, 0, 150000000, 150000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n;

-- case: hit seven samples of it
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/venv/lib/python3.12/site-packages/fastapi/encoders.py', 'jsonable_encoder', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 102, 3, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 7, 0, 35000000, 35000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 13, 0, 65000000, 65000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 1400000000 + 1000000, 5000000, 'python', 900, NULL FROM n WHERE i < 7;
-- expect: app.py:41 /srv/app.py:41 35.0% 2.993ms possible

-- case: hit half of the samples, and a fifth of the time is Python: no more than that
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 8000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/venv/lib/python3.12/site-packages/fastapi/encoders.py', 'jsonable_encoder', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 102, 3, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 50, 0, 250000000, 250000000, 0),
  (0, 1, 1, 1, 1, 12, 'call', NULL, NULL, 1, 50, 0, 250000000, 0, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n;
-- expect: app.py:41 /srv/app.py:41 20.0% 1.900ms likely

-- case: hit models are made dicts of, in Python
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/pydantic/v1/main.py', 'BaseModel.json', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 505, 3, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0), (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n;
-- expect: app.py:41 /srv/app.py:41 50.0% 3.375ms likely

-- case: miss one small model of a quick request, which has to be written
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 1000000, 900000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/rest_framework/serializers.py', 'Serializer.to_representation', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 505, 3, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 10, 0, 50000000, 50000000, 0), (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 8, 0, 40000000, 40000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 100000, 500000, 'python', 900, NULL FROM n;
