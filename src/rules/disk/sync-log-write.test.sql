-- case: hit each line is forced to the disk
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/logging/__init__.py', 'Handler.handle', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 7, 9, 0, 978, 3, 7), (901, 900, 2, 0, 9, 4, 901);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, file_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 6000000, 4000000 FROM n WHERE i < 20;
INSERT INTO event SELECT i * 100000000 + 1000000, 5000000, i + 1, 1, 'fsync', 901, NULL, NULL, 0, 1000000, 0, 128, 0, 0, 1 FROM n WHERE i < 20;
INSERT INTO usage_10s VALUES (0, 1, 'fsync', 901, NULL, NULL, 0, 0, 20, 20, 0, 100000000, 20000000, 5000000, 0, 0, 0);
-- expect: app.py:9 /srv/app.py:9 40.0% 4.500ms proven
-- says: of them fsync: 20 in all
-- says: A request waits 5.00 ms until its log is on the disk.
-- says: saving: 4.000 to 6.000 ms

-- case: hit a pipe that nobody empties in time
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/logging/__init__.py', 'Handler.handle', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 7, 9, 0, 978, 3, 7);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, file_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 6000000, 4000000 FROM n WHERE i < 20;
INSERT INTO event SELECT i * 100000000 + 1000000, 4000000, i + 1, 1, 'write', 900, NULL, NULL, 90, 0, 0, 128, 0, 0, 1 FROM n WHERE i < 20;
INSERT INTO usage_10s VALUES (0, 1, 'write', 900, NULL, NULL, 0, 0, 20, 20, 0, 80000000, 0, 4000000, 0, 0, 0);
-- expect: app.py:7 /srv/app.py:7 40.0% 4.000ms proven
-- says: route: /

-- case: hit the application writes a log of its own, and forces it to the disk
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, file_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 6000000, 4000000 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns) SELECT 90 + i, 1, 'file', 'unknown', '/srv/audit.log', i * 100000000 FROM n WHERE i < 20;
INSERT INTO event SELECT i * 100000000 + 1000000, 5000000, i + 1, 1, 'fsync', 7, 90 + i, NULL, 0, 1000000, 0, 128, 0, 0, 1 FROM n WHERE i < 20;
INSERT INTO usage_10s VALUES (0, 1, 'fsync', 7, 'unknown', NULL, 0, 0, 20, 20, 0, 100000000, 20000000, 5000000, 0, 0, 0);
-- expect: app.py:7 /srv/app.py:7 40.0% 4.500ms proven

-- case: near-miss blocking-call-in-event-loop: the loop waits for the log
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/logging/__init__.py', 'Handler.handle', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 7, 9, 0, 978, 3, 7);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, file_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 6000000, 4000000 FROM n WHERE i < 20;
INSERT INTO event SELECT i * 100000000 + 1000000, 4000000, i + 1, 1, 'fsync', 900, NULL, NULL, 90, 0, 0, 192, 0, 0, 1 FROM n WHERE i < 20;
INSERT INTO usage_10s VALUES (0, 1, 'fsync', 900, NULL, NULL, 0, 1, 20, 20, 0, 80000000, 0, 4000000, 0, 0, 0);

-- case: near-miss slow-disk-read: a formatter that reads
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/logging/__init__.py', 'Handler.handle', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 7, 9, 0, 978, 3, 7);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, file_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 6000000, 4000000 FROM n WHERE i < 20;
INSERT INTO event SELECT i * 100000000 + 1000000, 4000000, i + 1, 1, 'read', 900, NULL, NULL, 90, 0, 0, 128, 0, 0, 1 FROM n WHERE i < 20;
INSERT INTO usage_10s VALUES (0, 1, 'read', 900, NULL, NULL, 0, 0, 20, 20, 0, 80000000, 0, 4000000, 0, 0, 0);

-- case: miss lines that the kernel takes into its cache
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/logging/__init__.py', 'Handler.handle', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 7, 9, 0, 978, 3, 7);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 1000000, 1000000 FROM n WHERE i < 20;
INSERT INTO event SELECT i * 100000000 + 1000000, 60000, i + 1, 1, 'write', 900, NULL, NULL, 90, 55000, 0, 128, 0, 0, 1 FROM n WHERE i < 20;
INSERT INTO usage_10s VALUES (0, 1, 'write', 900, NULL, NULL, 0, 0, 20, 20, 0, 1200000, 1100000, 60000, 0, 0, 0);

-- case: miss an upload that has to be on the disk before it is confirmed
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, file_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 6000000, 4000000 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns) SELECT 60 + i, 1, 'file', 'unknown', '/srv/up/' || i, i * 100000000 FROM n WHERE i < 20;
INSERT INTO event SELECT i * 100000000 + 1000000, 5000000, i + 1, 1, 'fsync', 8, 60 + i, NULL, 0, 1000000, 0, 128, 0, 0, 1 FROM n WHERE i < 20;
INSERT INTO usage_10s VALUES (0, 1, 'fsync', 8, 'unknown', NULL, 0, 0, 20, 20, 0, 100000000, 20000000, 5000000, 0, 0, 0);

-- case: hit a journal that was opened before the first request
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, file_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 6000000, 4000000 FROM n WHERE i < 20;
INSERT INTO event SELECT i * 100000000 + 1000000, 5000000, i + 1, 1, 'fsync', 8, NULL, NULL, 0, 1000000, 0, 128, 0, 0, 1 FROM n WHERE i < 20;
INSERT INTO usage_10s VALUES (0, 1, 'fsync', 8, NULL, NULL, 0, 0, 20, 20, 0, 100000000, 20000000, 5000000, 0, 0, 0);
-- expect: app.py:8 /srv/app.py:8 40.0% 4.500ms proven
-- says: until its line of a file that is kept open is on the disk

-- case: miss files that are kept, one a request
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, file_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 6000000, 4000000 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns) SELECT 90 + i, 1, 'file', 'unknown', '/srv/data/….bin', i * 100000000 FROM n WHERE i < 20;
INSERT INTO event SELECT i * 100000000 + 1000000, 5000000, i + 1, 1, 'fsync', 7, 90 + i, NULL, 0, 1000000, 0, 128, 0, 0, 1 FROM n WHERE i < 20;
INSERT INTO usage_10s VALUES (0, 1, 'fsync', 7, 'unknown', NULL, 0, 0, 20, 20, 0, 100000000, 20000000, 5000000, 0, 0, 0);

-- case: hit ten records of level DEBUG in each request
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/logging/__init__.py', 'Logger.debug', 1, 'stdlib', 1, x''), (10, '/usr/lib/python3.12/logging/__init__.py', 'StreamHandler.emit', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 1477, 3, 41), (901, 900, 10, 0, 1113, 4, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0), (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 901, NULL FROM n;
INSERT INTO usage_10s VALUES (0, 1, 'write', 901, NULL, NULL, 0, 0, 100, 1000, 0, 2000000, 1900000, 5000, 60000, 0, 0);
-- expect: app.py:41 /srv/app.py:41 50.0% 4.500ms likely
-- says: A request writes 10 log records of level DEBUG: 50 % of its time.
-- says: log from level INFO on in production

-- case: miss nine of them
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/logging/__init__.py', 'Logger.debug', 1, 'stdlib', 1, x''), (10, '/usr/lib/python3.12/logging/__init__.py', 'StreamHandler.emit', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 1477, 3, 41), (901, 900, 10, 0, 1113, 4, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0), (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 901, NULL FROM n;
INSERT INTO usage_10s VALUES (0, 1, 'write', 901, NULL, NULL, 0, 0, 100, 900, 0, 1800000, 1710000, 5000, 54000, 0, 0);

-- case: miss records of level INFO are a journal
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/logging/__init__.py', 'Logger.info', 1, 'stdlib', 1, x''), (10, '/usr/lib/python3.12/logging/__init__.py', 'StreamHandler.emit', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 1477, 3, 41), (901, 900, 10, 0, 1113, 4, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0), (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 901, NULL FROM n;
INSERT INTO usage_10s VALUES (0, 1, 'write', 901, NULL, NULL, 0, 0, 100, 1000, 0, 2000000, 1900000, 5000, 60000, 0, 0);

-- case: miss nobody writes them
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/logging/__init__.py', 'Logger.debug', 1, 'stdlib', 1, x''), (10, '/usr/lib/python3.12/logging/__init__.py', 'StreamHandler.emit', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 1477, 3, 41), (901, 900, 10, 0, 1113, 4, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0), (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 901, NULL FROM n;

-- case: miss two requests force what the others write at the same line: no log
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, file_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 6000000, 4000000 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns) VALUES (90, 1, 'file', 'unknown', '/srv/report.csv', 5);
INSERT INTO event SELECT i * 100000000 + 1000000, 5000000, i + 1, 1, 'fsync', 7, 90, NULL, 0, 1000000, 0, 128, 0, 0, 1 FROM n WHERE i < 2;
INSERT INTO event SELECT i * 100000000 + 1000000, 1000000, i + 1, 1, 'write', 7, 90, NULL, 0, 100000, 0, 128, 0, 0, 1 FROM n WHERE i BETWEEN 2 AND 19;
INSERT INTO usage_10s VALUES (0, 1, 'fsync', 7, 'unknown', NULL, 0, 0, 2, 2, 0, 10000000, 2000000, 5000000, 0, 0, 0);
INSERT INTO usage_10s VALUES (0, 1, 'write', 7, 'unknown', NULL, 0, 0, 18, 18, 0, 18000000, 1800000, 1000000, 0, 0, 0);

-- case: hit four of twenty requests force one file to the disk; files of uploads beside it are none of its log
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, file_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 6000000, 4000000 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns) VALUES (90, 1, 'file', 'unknown', '/srv/audit.log', 5), (91, 1, 'file', 'unknown', '/srv/up/one.bin', 6);
INSERT INTO event SELECT i * 100000000 + 1000000, 12000000, i + 1, 1, 'fsync', 7, 90, NULL, 0, 1000000, 0, 128, 0, 0, 1 FROM n WHERE i < 20 AND i % 5 = 0;
INSERT INTO event SELECT i * 100000000 + 6000000, 3000000, i + 1, 1, 'write', 8, 91, NULL, 0, 100000, 0, 128, 0, 0, 1 FROM n WHERE i < 20;
INSERT INTO usage_10s VALUES (0, 1, 'fsync', 7, 'unknown', NULL, 0, 0, 4, 4, 0, 48000000, 4000000, 12000000, 0, 0, 0);
INSERT INTO usage_10s VALUES (0, 1, 'write', 8, 'unknown', NULL, 0, 0, 20, 20, 0, 60000000, 2000000, 3000000, 0, 0, 0);
-- expect: app.py:7 /srv/app.py:7 22.0% 2.300ms proven
-- says: until its line of audit.log is on the disk
-- says: 4 requests wrote and forced to the disk audit.log

-- case: hit its log is forced to the disk; an upload that a request writes beside it is not below a function that logs
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/logging/__init__.py', 'Handler.handle', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 7, 9, 0, 978, 3, 7), (910, 9, 9, 0, 978, 3, 9);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, file_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 6000000, 4000000 FROM n WHERE i < 20;
INSERT INTO event SELECT i * 100000000 + 1000000, 5000000, i + 1, 1, 'fsync', 900, NULL, NULL, 0, 1000000, 0, 128, 0, 0, 1 FROM n WHERE i < 20;
INSERT INTO event SELECT i * 100000000 + 6000000, 3000000, i + 1, 1, 'write', 8, NULL, NULL, 0, 100000, 0, 128, 0, 0, 1 FROM n WHERE i < 20;
INSERT INTO usage_10s VALUES (0, 1, 'fsync', 900, NULL, NULL, 0, 0, 20, 20, 0, 100000000, 20000000, 5000000, 0, 0, 0);
INSERT INTO usage_10s VALUES (0, 1, 'write', 8, NULL, NULL, 0, 0, 20, 20, 0, 60000000, 2000000, 3000000, 0, 0, 0);
-- expect: app.py:7 /srv/app.py:7 40.0% 4.500ms proven

-- case: hit one line logs in each request, another in a quarter of them
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/logging/__init__.py', 'Handler.handle', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 7, 9, 0, 978, 3, 7), (910, 9, 9, 0, 978, 3, 9);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, file_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 6000000, 4000000 FROM n WHERE i < 20;
INSERT INTO event SELECT i * 100000000 + 1000000, 4000000, i + 1, 1, 'fsync', 900, NULL, NULL, 0, 500000, 0, 128, 0, 0, 1 FROM n WHERE i < 20;
INSERT INTO event SELECT i * 100000000 + 6000000, 6000000, i + 1, 1, 'fsync', 910, NULL, NULL, 0, 500000, 0, 128, 0, 0, 1 FROM n WHERE i < 20 AND i % 4 = 0;
INSERT INTO usage_10s VALUES (0, 1, 'fsync', 900, NULL, NULL, 0, 0, 20, 20, 0, 80000000, 10000000, 4000000, 0, 0, 0);
INSERT INTO usage_10s VALUES (0, 1, 'fsync', 910, NULL, NULL, 0, 0, 5, 5, 0, 30000000, 2500000, 6000000, 0, 0, 0);
-- expect: app.py:7 /srv/app.py:7 35.0% 3.750ms proven
-- expect: app.py:9 /srv/app.py:9 13.8% 1.437ms proven
-- says: 20 requests wrote below a function that logs
-- says: 5 requests wrote below a function that logs

-- case: miss a third of the time of its writes is waiting
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/logging/__init__.py', 'Handler.handle', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 7, 9, 0, 978, 3, 7), (910, 9, 9, 0, 978, 3, 9);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, file_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 6000000, 4000000 FROM n WHERE i < 20;
INSERT INTO event SELECT i * 100000000 + 1000000, 4000000, i + 1, 1, 'write', 900, NULL, NULL, 0, 2600000, 0, 128, 0, 0, 1 FROM n WHERE i < 20;
INSERT INTO usage_10s VALUES (0, 1, 'write', 900, NULL, NULL, 0, 0, 20, 20, 0, 80000000, 53000000, 4000000, 0, 0, 0);
-- says: ruled out: log lines are written in 4.00 ms, of which 34 % is waiting

-- case: miss a helper of the line writes one record of level DEBUG and ten of level INFO
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/logging/__init__.py', 'Logger.debug', 1, 'stdlib', 1, x''), (10, '/usr/lib/python3.12/logging/__init__.py', 'StreamHandler.emit', 1, 'stdlib', 1, x''), (11, '/usr/lib/python3.12/logging/__init__.py', 'Logger.info', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 1477, 3, 41), (901, 900, 10, 0, 1113, 4, 41), (902, 41, 11, 0, 1487, 3, 41), (903, 902, 10, 0, 1113, 4, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0), (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 901, NULL FROM n;
INSERT INTO usage_10s VALUES (0, 1, 'write', 901, NULL, NULL, 0, 0, 100, 100, 0, 200000, 190000, 5000, 0, 0, 0);
INSERT INTO usage_10s VALUES (0, 1, 'write', 903, NULL, NULL, 0, 0, 100, 1000, 0, 2000000, 1900000, 5000, 0, 0, 0);
