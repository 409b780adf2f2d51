-- case: hit a request's time is below the function in which the version is slow
INSERT INTO fact VALUES (1, 'package.fastapi', '0.113.0');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 10000000 FROM n WHERE i < 40;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table)
  VALUES (9, '/venv/lib/python3.12/site-packages/fastapi/_compat.py', 'get_model_fields', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 283, 2, 0);
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 900, 'python', NULL, NULL, 1, 200, 0, 1000000000, 1000000000, 0),
  (0, 1, 1, 2, 1, 1000, 'python', NULL, NULL, 1, 200, 0, 1000000000, 1000000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 200000000, 5000000, 'python', 900, NULL FROM n WHERE i < 40;
-- expect: fastapi /venv/lib/python3.12/site-packages/fastapi/_compat.py:283 50.0% 4.950ms likely

-- case: hit what it makes slow in passing is no cause of its own: pydantic's schema is made there
INSERT INTO fact VALUES (1, 'package.fastapi', '0.114.0');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 10000000 FROM n WHERE i < 40;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table)
  VALUES (9, '/venv/lib/python3.12/site-packages/fastapi/_compat.py', 'get_model_fields', 1, 'library', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/pydantic/type_adapter.py', 'TypeAdapter.__init__', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 283, 2, 0), (901, 900, 10, 0, 200, 3, 0);
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 901, 'python', NULL, NULL, 1, 200, 0, 1000000000, 1000000000, 0),
  (0, 1, 1, 2, 1, 1000, 'python', NULL, NULL, 1, 200, 0, 1000000000, 1000000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 200000000, 5000000, 'python', 901, NULL FROM n WHERE i < 40;
-- expect: fastapi /venv/lib/python3.12/site-packages/fastapi/_compat.py:283 50.0% 4.950ms likely
-- says: not cold-start: seen in 40 requests, also in the second half of the recording

-- case: hit how slow depends on what is uploaded: possible
INSERT INTO fact VALUES (1, 'package.werkzeug', '3.0.0');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 10000000 FROM n WHERE i < 40;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table)
  VALUES (9, '/venv/lib/python3.12/site-packages/werkzeug/formparser.py', 'FormDataParser.parse', 1, 'library', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/werkzeug/sansio/multipart.py', 'MultipartDecoder.next_event', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 283, 3, 41), (901, 900, 10, 0, 200, 4, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 901, 'python', NULL, NULL, 1, 200, 0, 1000000000, 1000000000, 0),
  (0, 1, 1, 2, 1, 900, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0), (0, 1, 1, 2, 1, 1000, 'python', NULL, NULL, 1, 160, 0, 800000000, 800000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 200000000, 5000000, 'python', 901, NULL FROM n WHERE i < 40;
-- expect: werkzeug /srv/app.py:41 50.0% 2.300ms possible
-- says: what werkzeug 3.0.1 still takes of that time depends on the data

-- case: hit how slow depends on what is uploaded: far more than the mended version takes of any
INSERT INTO fact VALUES (1, 'package.werkzeug', '3.0.0');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 10000000 FROM n WHERE i < 40;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table)
  VALUES (9, '/venv/lib/python3.12/site-packages/werkzeug/formparser.py', 'FormDataParser.parse', 1, 'library', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/werkzeug/sansio/multipart.py', 'MultipartDecoder.next_event', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 283, 3, 41), (901, 900, 10, 0, 200, 4, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 901, 'python', NULL, NULL, 1, 300, 0, 1500000000, 1500000000, 0),
  (0, 1, 1, 2, 1, 900, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0), (0, 1, 1, 2, 1, 1000, 'python', NULL, NULL, 1, 60, 0, 300000000, 300000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 200000000, 5000000, 'python', 901, NULL FROM n WHERE i < 40;
-- expect: werkzeug /srv/app.py:41 75.0% 5.700ms likely
-- says: saving: 3.795 to 8.324 ms
-- says not: depends on the data

-- case: hit what is added with each call piles up: it takes more and more
INSERT INTO fact VALUES (1, 'package.retrying', '1.3.6');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/retrying.py', 'Retrying.__init__', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 70, 3, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0), (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 60, 0, 300000000, 300000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', iif(i % 5 < iif(i < 50, 1, 3), 900, 12), NULL FROM n;
-- expect: retrying /srv/app.py:41 40.0% 3.150ms likely
-- says: requests seen in it: 40 30 of them in the second half of the recording: it grows, and with it what its cure saves

-- case: hit a little more of it in the second half may be chance
INSERT INTO fact VALUES (1, 'package.retrying', '1.3.6');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/retrying.py', 'Retrying.__init__', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 70, 3, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0), (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 60, 0, 300000000, 300000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', iif(i % 10 < iif(i < 50, 3, 5), 900, 12), NULL FROM n;
-- expect: retrying /srv/app.py:41 40.0% 3.150ms likely
-- says: requests seen in it: 40 all through the recording

-- case: miss it takes no longer than to copy the same bytes does: as fast as another version
INSERT INTO fact VALUES (1, 'package.werkzeug', '3.0.0');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 10000000 FROM n WHERE i < 40;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table)
  VALUES (9, '/venv/lib/python3.12/site-packages/werkzeug/formparser.py', 'FormDataParser.parse', 1, 'library', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/werkzeug/sansio/multipart.py', 'MultipartDecoder.next_event', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 283, 3, 41), (901, 900, 10, 0, 200, 4, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 901, 'python', NULL, NULL, 1, 130, 0, 650000000, 650000000, 0),
  (0, 1, 1, 2, 1, 900, 'python', NULL, NULL, 1, 120, 0, 600000000, 600000000, 0), (0, 1, 1, 2, 1, 1000, 'python', NULL, NULL, 1, 160, 0, 800000000, 800000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 200000000, 5000000, 'python', 901, NULL FROM n WHERE i < 40;

-- case: near-miss cold-start: at the first requests alone
INSERT INTO fact VALUES (1, 'package.fastapi', '0.113.0');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 10000000 FROM n WHERE i < 40;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table)
  VALUES (9, '/venv/lib/python3.12/site-packages/fastapi/_compat.py', 'get_model_fields', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 283, 2, 0);
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 900, 'python', NULL, NULL, 1, 50, 0, 250000000, 250000000, 0),
  (0, 1, 1, 2, 1, 1000, 'python', NULL, NULL, 1, 200, 0, 1000000000, 1000000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 200000000, 5000000, 'python', 900, NULL FROM n WHERE i < 5;

-- case: miss the version in which it is mended, whatever it runs
INSERT INTO fact VALUES (1, 'package.fastapi', '0.114.1');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 10000000 FROM n WHERE i < 40;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table)
  VALUES (9, '/venv/lib/python3.12/site-packages/fastapi/_compat.py', 'get_model_fields', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 283, 2, 0);
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 900, 'python', NULL, NULL, 1, 200, 0, 1000000000, 1000000000, 0),
  (0, 1, 1, 2, 1, 1000, 'python', NULL, NULL, 1, 200, 0, 1000000000, 1000000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 200000000, 5000000, 'python', 900, NULL FROM n WHERE i < 40;

-- case: miss a version in the range says nothing alone
INSERT INTO fact VALUES (1, 'package.fastapi', '0.113.0');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 10000000 FROM n WHERE i < 40;
INSERT INTO sample_10s VALUES (0, 1, 1, 2, 1, 1000, 'python', NULL, NULL, 1, 400, 0, 2000000000, 2000000000, 0);
