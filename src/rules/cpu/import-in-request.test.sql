-- case: hit an optional package is looked for in each request
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 300000000, 10000000, 8000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '<frozen importlib._bootstrap>', '_find_and_load', 1, 'stdlib', 1, x''), (10, '<frozen importlib._bootstrap_external>', 'FileFinder.find_spec', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 33, 9, 0, 1165, 3, 33), (901, 900, 10, 0, 1500, 4, 33);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 30, 0, 150000000, 150000000, 0),
  (2, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 50, 0, 250000000, 250000000, 0), (2, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0),
  (2, 1, 1, 1, 1, 13, 'native', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0);
-- expect: app.py:33 /srv/app.py:33 40.0% 4.000ms likely
-- says: route: /
-- says: A module is imported in the middle of a request, again and again: 40 % of its time.
-- says: not cold-start: seen again up to 20 s later in the same process
-- says not: here the import is in a library
-- says not: claims python:

-- case: near-miss cold-start: imported at first use, and never again
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 300000000, 10000000, 8000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '<frozen importlib._bootstrap>', '_find_and_load', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 33, 9, 0, 1165, 3, 33);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 60, 0, 300000000, 300000000, 0),
  (1, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 20, 0, 100000000, 100000000, 0), (2, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 80, 0, 400000000, 400000000, 0);

-- case: miss imports while the process starts, before any request
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 300000000, 10000000, 8000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '<frozen importlib._bootstrap>', '_find_and_load', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 33, 9, 0, 1165, 3, 33);
INSERT INTO sample_10s VALUES (0, 1, 1, NULL, 0, 900, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0),
  (2, 1, 1, NULL, 0, 900, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0), (2, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 160, 0, 800000000, 800000000, 0);

-- case: hit ten seconds, all through which a library looks for what is not there
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 90000000, 10000000, 8000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '<frozen importlib._bootstrap>', '_find_and_load', 1, 'stdlib', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/httpcore/_synchronization.py', 'current_async_library', 1, 'library', 1, x'');
INSERT INTO stack VALUES (890, 33, 10, 0, 17, 3, 33), (900, 890, 9, 0, 1165, 4, 33);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 80, 0, 400000000, 400000000, 0), (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 80, 0, 400000000, 400000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 90000000 + 1000000, 5000000, 'python', 900, NULL FROM n WHERE i % 10 = 5;
-- expect: app.py:33 /srv/app.py:33 40.0% 4.000ms likely
-- says: not cold-start: seen in 10 requests of one process, also in the second half of its life
-- says: here the import is in a library (_synchronization.py:17)

-- case: near-miss cold-start: ten seconds, and many at once at first
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 90000000, 10000000, 8000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '<frozen importlib._bootstrap>', '_find_and_load', 1, 'stdlib', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/httpcore/_synchronization.py', 'current_async_library', 1, 'library', 1, x'');
INSERT INTO stack VALUES (890, 33, 10, 0, 17, 3, 33), (900, 33, 9, 0, 1165, 4, 33);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 80, 0, 400000000, 400000000, 0), (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 80, 0, 400000000, 400000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 90000000 + 1000000, 5000000, 'python', 900, NULL FROM n WHERE i < 20;

-- case: hit seven samples of an import are enough
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 300000000, 10000000, 8000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '<frozen importlib._bootstrap>', '_find_and_load', 1, 'stdlib', 1, x''), (10, '<frozen importlib._bootstrap_external>', 'FileFinder.find_spec', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 33, 9, 0, 1165, 3, 33), (901, 900, 10, 0, 1500, 4, 33);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 3, 0, 15000000, 15000000, 0),
  (2, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 4, 0, 20000000, 20000000, 0), (2, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 1, 0, 5000000, 5000000, 0),
  (2, 1, 1, 1, 1, 13, 'native', NULL, NULL, 1, 1, 0, 5000000, 5000000, 0);
-- expect: app.py:33 /srv/app.py:33 62.2% 6.222ms likely

-- case: miss three samples of an import are too few
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 300000000, 10000000, 8000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '<frozen importlib._bootstrap>', '_find_and_load', 1, 'stdlib', 1, x''), (10, '<frozen importlib._bootstrap_external>', 'FileFinder.find_spec', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 33, 9, 0, 1165, 3, 33), (901, 900, 10, 0, 1500, 4, 33);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 1, 0, 5000000, 5000000, 0),
  (2, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 2, 0, 10000000, 10000000, 0), (2, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 1, 0, 5000000, 5000000, 0),
  (2, 1, 1, 1, 1, 13, 'native', NULL, NULL, 1, 1, 0, 5000000, 5000000, 0);

-- case: miss a library looks for what is not there, and it is little
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 90000000, 10000000, 8000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '<frozen importlib._bootstrap>', '_find_and_load', 1, 'stdlib', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/httpcore/_synchronization.py', 'current_async_library', 1, 'library', 1, x'');
INSERT INTO stack VALUES (890, 33, 10, 0, 17, 3, 33), (900, 890, 9, 0, 1165, 4, 33);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 20, 0, 100000000, 100000000, 0), (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 140, 0, 700000000, 700000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 90000000 + 1000000, 5000000, 'python', 900, NULL FROM n WHERE i % 10 = 5;
-- says: ruled out: a library imports at app.py:33 in each request: 10 % of its time

-- case: hit a library looks for what is not there; a module of the application is imported at first use, by another line
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 90000000, 10000000, 8000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '<frozen importlib._bootstrap>', '_find_and_load', 1, 'stdlib', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/httpcore/_synchronization.py', 'current_async_library', 1, 'library', 1, x''), (11, '/srv/plugin.py', '<module>', 1, 'app', 1, x'');
INSERT INTO stack VALUES (890, 33, 10, 0, 17, 3, 33), (900, 890, 9, 0, 1165, 4, 33), (910, 44, 9, 0, 1165, 3, 44), (911, 910, 11, 0, 5, 4, 911);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 80, 0, 400000000, 400000000, 0), (0, 1, 1, 1, 1, 911, 'python', NULL, NULL, 1, 20, 0, 100000000, 100000000, 0), (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 60, 0, 300000000, 300000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 90000000 + 1000000, 5000000, 'python', 900, NULL FROM n WHERE i % 10 = 5;
INSERT INTO unit_sample SELECT i + 1, 1, i * 90000000 + 1000000, 5000000, 'python', 911, NULL FROM n WHERE i < 6;
-- expect: app.py:33 /srv/app.py:33 40.0% 4.000ms likely
-- says not: claims python:/srv/plugin.py

-- case: hit a module of the application is run anew in each request: its time is also that of its own code
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 300000000, 10000000, 8000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '<frozen importlib._bootstrap>', '_find_and_load', 1, 'stdlib', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/httpcore/_synchronization.py', 'current_async_library', 1, 'library', 1, x''), (11, '/srv/plugin.py', '<module>', 1, 'app', 1, x'');
INSERT INTO stack VALUES (890, 33, 10, 0, 17, 3, 33), (900, 890, 9, 0, 1165, 4, 33), (910, 44, 9, 0, 1165, 3, 44), (911, 910, 11, 0, 5, 4, 911);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 911, 'python', NULL, NULL, 1, 20, 0, 100000000, 100000000, 0), (2, 1, 1, 1, 1, 911, 'python', NULL, NULL, 1, 20, 0, 100000000, 100000000, 0), (2, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 120, 0, 600000000, 600000000, 0);
-- expect: app.py:44 /srv/app.py:44 20.0% 2.000ms likely
-- says: claims python:/srv/plugin.py:<module>: 200.000 ms

-- case: hit seven requests of ten seconds import
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 90000000, 10000000, 8000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '<frozen importlib._bootstrap>', '_find_and_load', 1, 'stdlib', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/httpcore/_synchronization.py', 'current_async_library', 1, 'library', 1, x''), (11, '/srv/plugin.py', '<module>', 1, 'app', 1, x'');
INSERT INTO stack VALUES (890, 33, 10, 0, 17, 3, 33), (900, 890, 9, 0, 1165, 4, 33), (910, 44, 9, 0, 1165, 3, 44), (911, 910, 11, 0, 5, 4, 911);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 80, 0, 400000000, 400000000, 0), (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 80, 0, 400000000, 400000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 90000000 + 1000000, 5000000, 'python', 900, NULL FROM n WHERE i % 14 = 5;
-- expect: app.py:33 /srv/app.py:33 40.0% 4.000ms likely
-- says: seen in 7 requests of one process

-- case: near-miss cold-start: three requests import, one of them late
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 90000000, 10000000, 8000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '<frozen importlib._bootstrap>', '_find_and_load', 1, 'stdlib', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/httpcore/_synchronization.py', 'current_async_library', 1, 'library', 1, x''), (11, '/srv/plugin.py', '<module>', 1, 'app', 1, x'');
INSERT INTO stack VALUES (890, 33, 10, 0, 17, 3, 33), (900, 890, 9, 0, 1165, 4, 33), (910, 44, 9, 0, 1165, 3, 44), (911, 910, 11, 0, 5, 4, 911);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 80, 0, 400000000, 400000000, 0), (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 80, 0, 400000000, 400000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 90000000 + 1000000, 5000000, 'python', 900, NULL FROM n WHERE i IN (3, 40, 80);

-- case: hit a third of those that import come late
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 90000000, 10000000, 8000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '<frozen importlib._bootstrap>', '_find_and_load', 1, 'stdlib', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/httpcore/_synchronization.py', 'current_async_library', 1, 'library', 1, x''), (11, '/srv/plugin.py', '<module>', 1, 'app', 1, x'');
INSERT INTO stack VALUES (890, 33, 10, 0, 17, 3, 33), (900, 890, 9, 0, 1165, 4, 33), (910, 44, 9, 0, 1165, 3, 44), (911, 910, 11, 0, 5, 4, 911);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 80, 0, 400000000, 400000000, 0), (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 80, 0, 400000000, 400000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 90000000 + 1000000, 5000000, 'python', 900, NULL FROM n WHERE i IN (3, 9, 14, 22, 31, 36, 60, 70, 80);
-- expect: app.py:33 /srv/app.py:33 40.0% 4.000ms likely

-- case: near-miss cold-start: one in six of those that import comes late
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 90000000, 10000000, 8000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '<frozen importlib._bootstrap>', '_find_and_load', 1, 'stdlib', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/httpcore/_synchronization.py', 'current_async_library', 1, 'library', 1, x''), (11, '/srv/plugin.py', '<module>', 1, 'app', 1, x'');
INSERT INTO stack VALUES (890, 33, 10, 0, 17, 3, 33), (900, 890, 9, 0, 1165, 4, 33), (910, 44, 9, 0, 1165, 3, 44), (911, 910, 11, 0, 5, 4, 911);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 80, 0, 400000000, 400000000, 0), (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 80, 0, 400000000, 400000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 90000000 + 1000000, 5000000, 'python', 900, NULL FROM n WHERE i IN (1, 3, 9, 14, 22, 60);

-- case: hit a library takes a fifth of the time for it
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 90000000, 10000000, 8000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '<frozen importlib._bootstrap>', '_find_and_load', 1, 'stdlib', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/httpcore/_synchronization.py', 'current_async_library', 1, 'library', 1, x''), (11, '/srv/plugin.py', '<module>', 1, 'app', 1, x'');
INSERT INTO stack VALUES (890, 33, 10, 0, 17, 3, 33), (900, 890, 9, 0, 1165, 4, 33), (910, 44, 9, 0, 1165, 3, 44), (911, 910, 11, 0, 5, 4, 911);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0), (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 120, 0, 600000000, 600000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 90000000 + 1000000, 5000000, 'python', 900, NULL FROM n WHERE i % 10 = 5;
-- expect: app.py:33 /srv/app.py:33 20.0% 2.000ms likely

-- case: hit requests of twenty seconds import, in one of which after ten of them
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 180000000, 10000000, 8000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '<frozen importlib._bootstrap>', '_find_and_load', 1, 'stdlib', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/httpcore/_synchronization.py', 'current_async_library', 1, 'library', 1, x''), (11, '/srv/plugin.py', '<module>', 1, 'app', 1, x'');
INSERT INTO stack VALUES (890, 33, 10, 0, 17, 3, 33), (900, 890, 9, 0, 1165, 4, 33), (910, 44, 9, 0, 1165, 3, 44), (911, 910, 11, 0, 5, 4, 911);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0), (1, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0), (1, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 80, 0, 400000000, 400000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 180000000 + 1000000, 5000000, 'python', 900, NULL FROM n WHERE i % 10 = 5;
-- expect: app.py:33 /srv/app.py:33 40.0% 4.000ms likely
-- says: not cold-start: seen in 10 requests of one process, also in the second half of its life

-- case: miss a library imports twenty seconds apart, and it is little
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 300000000, 10000000, 8000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '<frozen importlib._bootstrap>', '_find_and_load', 1, 'stdlib', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/httpcore/_synchronization.py', 'current_async_library', 1, 'library', 1, x''), (11, '/srv/plugin.py', '<module>', 1, 'app', 1, x'');
INSERT INTO stack VALUES (890, 33, 10, 0, 17, 3, 33), (900, 890, 9, 0, 1165, 4, 33), (910, 44, 9, 0, 1165, 3, 44), (911, 910, 11, 0, 5, 4, 911);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 10, 0, 50000000, 50000000, 0), (2, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 10, 0, 50000000, 50000000, 0), (2, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 140, 0, 700000000, 700000000, 0);
-- says: ruled out: a library imports at app.py:33 in each request: 10 % of its time

-- case: near-miss cold-start: a library imports in the first twenty seconds, and it is little
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 300000000, 10000000, 8000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '<frozen importlib._bootstrap>', '_find_and_load', 1, 'stdlib', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/httpcore/_synchronization.py', 'current_async_library', 1, 'library', 1, x''), (11, '/srv/plugin.py', '<module>', 1, 'app', 1, x'');
INSERT INTO stack VALUES (890, 33, 10, 0, 17, 3, 33), (900, 890, 9, 0, 1165, 4, 33), (910, 44, 9, 0, 1165, 3, 44), (911, 910, 11, 0, 5, 4, 911);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 10, 0, 50000000, 50000000, 0), (1, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 10, 0, 50000000, 50000000, 0), (2, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 140, 0, 700000000, 700000000, 0);
-- says: ruled out: app.py:33 imports within a request, but once in a process: first use

-- case: hit one line imports in each request; another in two of a route that has no more
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', iif(i > 97, 2, 1), i * 300000000, 10000000, 8000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '<frozen importlib._bootstrap>', '_find_and_load', 1, 'stdlib', 1, x''),
  (10, '/venv/lib/python3.12/site-packages/httpcore/_synchronization.py', 'current_async_library', 1, 'library', 1, x''), (11, '/srv/plugin.py', '<module>', 1, 'app', 1, x'');
INSERT INTO stack VALUES (890, 33, 10, 0, 17, 3, 33), (900, 890, 9, 0, 1165, 4, 33), (910, 44, 9, 0, 1165, 3, 44), (911, 910, 11, 0, 5, 4, 911);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0), (2, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0), (0, 1, 1, 2, 1, 910, 'python', NULL, NULL, 1, 10, 0, 50000000, 50000000, 0), (2, 1, 1, 2, 1, 910, 'python', NULL, NULL, 1, 10, 0, 50000000, 50000000, 0), (2, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 60, 0, 300000000, 300000000, 0);
-- expect: app.py:33 /srv/app.py:33 40.0% 4.000ms likely
