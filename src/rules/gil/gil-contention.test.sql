-- case: hit a report computes in one thread while others want to answer
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 7000000, 100000 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'gil', NULL, 50, 1, 90, 0, 450000000, 0, 0), (0, 1, 1, 1, 1, 13, 'gil', NULL, 151, 1, 30, 0, 150000000, 0, 0),
  (0, 1, 1, 1, 1, 12, 'gil', NULL, NULL, 1, 30, 0, 150000000, 0, 0), (0, 1, 2, NULL, 0, 50, 'python', NULL, NULL, 1, 900, 0, 4500000000, 4500000000, 0);
-- expect: app.py:handler /srv/app.py:50 56.0% 5.600ms proven
-- says: route: /
-- says: A request waits 70 % of its time for the GIL; handler() holds it for 80 % of that.
-- says: not too-many-workers: waiting for a CPU is 1.0 % of the time: blocked, not runnable

-- case: near-miss too-many-workers: they can run, and wait for a CPU
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 500000, 7000000 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'gil', NULL, 50, 1, 120, 0, 600000000, 0, 0);

-- case: near-miss too-many-workers: who holds it was preempted, and waits for a CPU with it
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 4000000, 3000000 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'gil', NULL, 50, 1, 120, 0, 600000000, 0, 0),
  (0, 1, 2, 1, 1, 50, 'python', NULL, NULL, 1, 60, 0, 300000000, 300000000, 50000000), (0, 1, 2, 1, 1, 50, 'holding', NULL, NULL, 1, 100, 0, 500000000, 0, 480000000);
-- says: ruled out: waiting for the GIL is 40.0 % of the time, and handler() holds it in 100 % of the samples of it, but waits for a CPU itself for 66 % of its time

-- case: near-miss gil-convoy: ten functions hold it in turn, each for a moment
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 7000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) SELECT 50 + i, '/srv/app.py', 'f' || i, 1, 'app', 1, x'' FROM n WHERE i < 10;
INSERT INTO stack SELECT 900 + i, 1000, 50 + i, 0, 5, 2, 900 + i FROM n WHERE i < 10;
INSERT INTO sample_10s SELECT 0, 1, 1, 1, 1, 12, 'gil', NULL, 900 + i, 1, 30, 0, 150000000, 0, 0 FROM n WHERE i < 10;
-- says: ruled out: waiting for the GIL is 70.0 % of the time, and f1() holds it in 10 % of the samples of it

-- case: miss it waits for the GIL, and who held it was not seen
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 7000000 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'gil', NULL, NULL, 1, 120, 0, 600000000, 0, 0);

-- case: hit seen from outside: busy threads wait, one line holds it
INSERT INTO sample_10s VALUES (0, 1, 1, NULL, 0, 12, 'gil', NULL, 50, 2, 300, 0, 3000000000, 0, 0), (0, 1, 2, NULL, 0, 150, 'python', NULL, NULL, 2, 300, 0, 3000000000, 3000000000, 0),
  (0, 1, 1, NULL, 0, 1000, 'call', 'pselect6', NULL, 2, 5700, 0, 57000000000, 0, 0), (0, 1, 2, NULL, 0, 1000, 'call', 'pselect6', NULL, 2, 5700, 0, 57000000000, 0, 0);
-- expect: app.py:handler /srv/app.py:50 50.0% - likely
-- says: not too-many-workers: waiting for a CPU is 0.0 % of the time: blocked, not runnable
-- says: A busy thread waits 50 % of its time for the GIL; handler() holds it for nearly all of that.

-- case: miss five functions hold it in turn: none for three tenths
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 7000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) SELECT 50 + i, '/srv/app.py', 'f' || i, 1, 'app', 1, x'' FROM n WHERE i < 5;
INSERT INTO stack SELECT 900 + i, 1000, 50 + i, 0, 5, 2, 900 + i FROM n WHERE i < 5;
INSERT INTO sample_10s SELECT 0, 1, 1, 1, 1, 12, 'gil', NULL, 900 + i, 1, 30, 0, 150000000, 0, 0 FROM n WHERE i < 5;

-- case: hit a sixth of the time
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 1600000, 100000 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'gil', NULL, 50, 1, 90, 0, 450000000, 0, 0), (0, 1, 1, 1, 1, 13, 'gil', NULL, 151, 1, 30, 0, 150000000, 0, 0),
  (0, 1, 1, 1, 1, 12, 'gil', NULL, NULL, 1, 30, 0, 150000000, 0, 0), (0, 1, 2, NULL, 0, 50, 'python', NULL, NULL, 1, 900, 0, 4500000000, 4500000000, 0);
-- expect: app.py:handler /srv/app.py:50 12.8% 1.280ms likely

-- case: miss a fifteenth of the time
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 700000, 100000 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'gil', NULL, 50, 1, 90, 0, 450000000, 0, 0), (0, 1, 1, 1, 1, 13, 'gil', NULL, 151, 1, 30, 0, 150000000, 0, 0),
  (0, 1, 1, 1, 1, 12, 'gil', NULL, NULL, 1, 30, 0, 150000000, 0, 0), (0, 1, 2, NULL, 0, 50, 'python', NULL, NULL, 1, 900, 0, 4500000000, 4500000000, 0);

-- case: hit it holds it in two fifths of the samples of such waits
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 7000000, 100000 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'gil', NULL, 50, 1, 40, 0, 200000000, 0, 0), (0, 1, 1, 1, 1, 13, 'gil', NULL, 151, 1, 20, 0, 100000000, 0, 0),
  (0, 1, 1, 1, 1, 12, 'gil', NULL, NULL, 1, 90, 0, 450000000, 0, 0), (0, 1, 2, NULL, 0, 50, 'python', NULL, NULL, 1, 900, 0, 4500000000, 4500000000, 0);
-- expect: app.py:handler /srv/app.py:50 28.0% 2.800ms likely

-- case: miss it holds it in a fifth of the samples of such waits
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 7000000, 100000 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'gil', NULL, 50, 1, 20, 0, 100000000, 0, 0), (0, 1, 1, 1, 1, 13, 'gil', NULL, 151, 1, 10, 0, 50000000, 0, 0),
  (0, 1, 1, 1, 1, 12, 'gil', NULL, NULL, 1, 120, 0, 600000000, 0, 0), (0, 1, 2, NULL, 0, 50, 'python', NULL, NULL, 1, 900, 0, 4500000000, 4500000000, 0);

-- case: hit thirty samples of it
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 7000000, 100000 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'gil', NULL, 50, 1, 20, 0, 100000000, 0, 0), (0, 1, 1, 1, 1, 13, 'gil', NULL, 151, 1, 10, 0, 50000000, 0, 0),
  (0, 1, 1, 1, 1, 12, 'gil', NULL, NULL, 1, 5, 0, 25000000, 0, 0), (0, 1, 2, NULL, 0, 50, 'python', NULL, NULL, 1, 900, 0, 4500000000, 4500000000, 0);
-- expect: app.py:handler /srv/app.py:50 60.0% 6.000ms likely

-- case: miss fifteen samples of it are too few
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 7000000, 100000 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'gil', NULL, 50, 1, 10, 0, 50000000, 0, 0), (0, 1, 1, 1, 1, 13, 'gil', NULL, 151, 1, 5, 0, 25000000, 0, 0),
  (0, 1, 1, 1, 1, 12, 'gil', NULL, NULL, 1, 5, 0, 25000000, 0, 0), (0, 1, 2, NULL, 0, 50, 'python', NULL, NULL, 1, 900, 0, 4500000000, 4500000000, 0);

-- case: hit waiting for a CPU is a third of waiting for the GIL
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 7000000, 2400000 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'gil', NULL, 50, 1, 90, 0, 450000000, 0, 0), (0, 1, 1, 1, 1, 13, 'gil', NULL, 151, 1, 30, 0, 150000000, 0, 0),
  (0, 1, 1, 1, 1, 12, 'gil', NULL, NULL, 1, 30, 0, 150000000, 0, 0), (0, 1, 2, NULL, 0, 50, 'python', NULL, NULL, 1, 900, 0, 4500000000, 4500000000, 0);
-- expect: app.py:handler /srv/app.py:50 56.0% 5.600ms proven

-- case: hit waiting for a CPU is two thirds of waiting for the GIL: a busy machine, perhaps
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 1000000, 3500000, 1900000 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'gil', NULL, 50, 1, 90, 0, 450000000, 0, 0), (0, 1, 1, 1, 1, 13, 'gil', NULL, 151, 1, 30, 0, 150000000, 0, 0),
  (0, 1, 1, 1, 1, 12, 'gil', NULL, NULL, 1, 30, 0, 150000000, 0, 0), (0, 1, 2, NULL, 0, 50, 'python', NULL, NULL, 1, 900, 0, 4500000000, 4500000000, 0);
-- expect: app.py:handler /srv/app.py:50 28.0% 2.800ms likely
-- says not: not too-many-workers: waiting for a CPU is 19.0 % of the time: blocked, not runnable

-- case: hit the holder waits for a CPU for a third of its time
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 7000000, 100000 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'gil', NULL, 50, 1, 90, 0, 450000000, 0, 0), (0, 1, 1, 1, 1, 13, 'gil', NULL, 151, 1, 30, 0, 150000000, 0, 0),
  (0, 1, 1, 1, 1, 12, 'gil', NULL, NULL, 1, 30, 0, 150000000, 0, 0), (0, 1, 2, NULL, 0, 50, 'python', NULL, NULL, 1, 900, 0, 4500000000, 3000000000, 1500000000);
-- expect: app.py:handler /srv/app.py:50 56.0% 5.600ms proven
-- says: saving: 4.592 to 6.592 ms

-- case: hit the holder waits for a CPU for a fourteenth of its time
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 7000000, 100000 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'gil', NULL, 50, 1, 90, 0, 450000000, 0, 0), (0, 1, 1, 1, 1, 13, 'gil', NULL, 151, 1, 30, 0, 150000000, 0, 0),
  (0, 1, 1, 1, 1, 12, 'gil', NULL, NULL, 1, 30, 0, 150000000, 0, 0), (0, 1, 2, NULL, 0, 50, 'python', NULL, NULL, 1, 900, 0, 4500000000, 4200000000, 320000000);
-- expect: app.py:handler /srv/app.py:50 56.0% 5.600ms proven
-- says not: of the holder's time, waiting for a CPU: 7.111 %

-- case: miss requests of one route compute, two of them at once now and then
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1 + i % 2, i * 100000000, 10000000, 2000000, 2500000, 100000 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'gil', NULL, 50, 1, 90, 0, 450000000, 0, 0), (0, 1, 1, 2, 1, 12, 'gil', NULL, 50, 1, 10, 0, 50000000, 0, 0), (0, 1, 2, 1, 1, 50, 'python', NULL, NULL, 1, 900, 0, 4500000000, 4500000000, 0);
-- says: ruled out: waiting for the GIL is 25.0 % of the time, and handler() holds it in 100 % of the samples of it: requests of one route, two of which compute at once now and then

-- case: hit three tenths of their time: they are too many for one process
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1 + i % 2, i * 100000000, 10000000, 2000000, 3100000, 100000 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'gil', NULL, 50, 1, 90, 0, 450000000, 0, 0), (0, 1, 1, 2, 1, 12, 'gil', NULL, 50, 1, 10, 0, 50000000, 0, 0), (0, 1, 2, 1, 1, 50, 'python', NULL, NULL, 1, 900, 0, 4500000000, 4500000000, 0);
-- expect: app.py:handler /srv/app.py:50 31.0% 3.100ms likely

-- case: hit a quarter of those who wait are of another route
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1 + i % 2, i * 100000000, 10000000, 2000000, 2500000, 100000 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'gil', NULL, 50, 1, 75, 0, 375000000, 0, 0), (0, 1, 1, 2, 1, 12, 'gil', NULL, 50, 1, 25, 0, 125000000, 0, 0), (0, 1, 2, 1, 1, 50, 'python', NULL, NULL, 1, 900, 0, 4500000000, 4500000000, 0);
-- expect: app.py:handler /srv/app.py:50 25.0% 2.500ms likely

-- case: hit a thread beside the requests computes on a busy machine: what it waits for a CPU is left out
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 6000000, 1000000 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'gil', NULL, 50, 1, 120, 0, 600000000, 0, 0),
  (0, 1, 2, NULL, 0, 50, 'python', NULL, NULL, 1, 400, 0, 2000000000, 2000000000, 1200000000);
-- expect: app.py:handler /srv/app.py:50 60.0% 2.400ms proven
-- says: of the holder's time, waiting for a CPU: 60 %
-- says: saving: 2.093 to 6.600 ms

-- case: near-miss too-many-workers: a thread beside the requests that hardly computes was preempted
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 4000000, 3000000 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'gil', NULL, 50, 1, 120, 0, 600000000, 0, 0),
  (0, 1, 2, NULL, 0, 50, 'python', NULL, NULL, 1, 400, 0, 2000000000, 2000000000, 1500000000);

-- case: hit a function beside it waits for a CPU most of its time, the holder does not
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/report.py', 'total', 1, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 5, 2, 900);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 7000000, 100000 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'gil', NULL, 50, 1, 120, 0, 600000000, 0, 0),
  (0, 1, 1, 1, 1, 12, 'gil', NULL, NULL, 1, 30, 0, 150000000, 0, 0),
  (0, 1, 2, NULL, 0, 50, 'python', NULL, NULL, 1, 300, 0, 1500000000, 1500000000, 0),
  (0, 1, 2, NULL, 0, 900, 'python', NULL, NULL, 1, 900, 0, 4500000000, 500000000, 4000000000);
-- expect: app.py:handler /srv/app.py:50 56.0% 5.600ms proven
-- says not: of the holder's time, waiting for a CPU

-- case: miss requests of one route compute, two of them at once now and then; those of another compute more, elsewhere
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/report.py', 'total', 1, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 5, 2, 900);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1 + i % 2, i * 100000000, 10000000, 2000000, 2500000, 100000 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'gil', NULL, 50, 1, 90, 0, 450000000, 0, 0),
  (0, 1, 1, 2, 1, 12, 'gil', NULL, 50, 1, 10, 0, 50000000, 0, 0),
  (0, 1, 2, 1, 1, 50, 'python', NULL, NULL, 1, 300, 0, 1500000000, 1500000000, 0),
  (0, 1, 2, 2, 1, 900, 'python', NULL, NULL, 1, 900, 0, 4500000000, 4500000000, 0);
-- says: requests of one route, two of which compute at once now and then

-- case: hit two functions hold it in turn, each for nearly a half: both are named
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/report.py', 'total', 1, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 5, 2, 900);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 7000000, 100000 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'gil', NULL, 50, 1, 70, 0, 350000000, 0, 0),
  (0, 1, 1, 1, 1, 12, 'gil', NULL, 900, 1, 65, 0, 325000000, 0, 0),
  (0, 1, 1, 1, 1, 12, 'gil', NULL, NULL, 1, 15, 0, 75000000, 0, 0),
  (0, 1, 2, NULL, 0, 50, 'python', NULL, NULL, 1, 450, 0, 2250000000, 2250000000, 0),
  (0, 1, 2, NULL, 0, 900, 'python', NULL, NULL, 1, 450, 0, 2250000000, 2250000000, 0);
-- expect: app.py:handler /srv/app.py:50 32.7% 3.267ms likely
-- expect: report.py:total /srv/report.py:5 30.3% 3.033ms likely

-- case: hit one holds it, another for a fifth of that: the other is not spoken of
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/report.py', 'total', 1, 'app', 1, x'');
INSERT INTO stack VALUES (900, 1000, 9, 0, 5, 2, 900);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 7000000, 100000 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'gil', NULL, 50, 1, 110, 0, 550000000, 0, 0),
  (0, 1, 1, 1, 1, 12, 'gil', NULL, 900, 1, 30, 0, 150000000, 0, 0),
  (0, 1, 1, 1, 1, 12, 'gil', NULL, NULL, 1, 10, 0, 50000000, 0, 0),
  (0, 1, 2, NULL, 0, 50, 'python', NULL, NULL, 1, 700, 0, 3500000000, 3500000000, 0),
  (0, 1, 2, NULL, 0, 900, 'python', NULL, NULL, 1, 200, 0, 1000000000, 1000000000, 0);
-- expect: app.py:handler /srv/app.py:50 51.3% 5.133ms proven
-- says not: ruled out

-- case: hit requests compute, and wait for a CPU for a third of that
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1 + i % 2, i * 100000000, 10000000, 2000000, 7000000, 100000 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'gil', NULL, 50, 1, 100, 0, 500000000, 0, 0),
  (0, 1, 1, 2, 1, 12, 'gil', NULL, 50, 1, 50, 0, 250000000, 0, 0),
  (0, 1, 2, 1, 1, 50, 'python', NULL, NULL, 1, 900, 0, 4500000000, 3000000000, 1500000000);
-- expect: app.py:handler /srv/app.py:50 70.0% 7.000ms proven
-- says: of the holder's time, waiting for a CPU: 33.33 %

-- case: hit the holder waits for a CPU for a seventh of its time
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 7000000, 100000 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'gil', NULL, 50, 1, 120, 0, 600000000, 0, 0),
  (0, 1, 1, 1, 1, 12, 'gil', NULL, NULL, 1, 30, 0, 150000000, 0, 0),
  (0, 1, 2, NULL, 0, 50, 'python', NULL, NULL, 1, 700, 0, 3500000000, 2975000000, 525000000);
-- expect: app.py:handler /srv/app.py:50 56.0% 5.600ms proven
-- says: of the holder's time, waiting for a CPU: 15 %

-- case: hit requests wait for a CPU for four tenths of what they wait for the GIL
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 1000000, 6000000, 2400000 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'gil', NULL, 50, 1, 120, 0, 600000000, 0, 0),
  (0, 1, 1, 1, 1, 12, 'gil', NULL, NULL, 1, 30, 0, 150000000, 0, 0),
  (0, 1, 2, NULL, 0, 50, 'python', NULL, NULL, 1, 900, 0, 4500000000, 4500000000, 0);
-- expect: app.py:handler /srv/app.py:50 48.0% 4.800ms likely
-- says: not too-many-workers: waiting for a CPU is 24.0 % of the time: blocked, not runnable

-- case: hit it holds it in two fifths of many samples: who else does is not seen
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 7000000, 100000 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'gil', NULL, 50, 1, 120, 0, 600000000, 0, 0),
  (0, 1, 1, 1, 1, 12, 'gil', NULL, NULL, 1, 180, 0, 900000000, 0, 0),
  (0, 1, 2, NULL, 0, 50, 'python', NULL, NULL, 1, 900, 0, 4500000000, 4500000000, 0);
-- expect: app.py:handler /srv/app.py:50 28.0% 2.800ms likely
-- says not: not gil-convoy

-- case: hit it holds it in seventy samples: more would exclude a convoy
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 7000000, 100000 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'gil', NULL, 50, 1, 70, 0, 350000000, 0, 0),
  (0, 1, 1, 1, 1, 12, 'gil', NULL, NULL, 1, 10, 0, 50000000, 0, 0),
  (0, 1, 2, NULL, 0, 50, 'python', NULL, NULL, 1, 900, 0, 4500000000, 4500000000, 0);
-- expect: app.py:handler /srv/app.py:50 61.3% 6.125ms likely
-- says not: not gil-convoy

-- case: miss a fifteenth of the time, and the holder waits for a CPU for a third of its own
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 2000000, 700000, 100000 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'gil', NULL, 50, 1, 120, 0, 600000000, 0, 0),
  (0, 1, 1, 1, 1, 12, 'gil', NULL, NULL, 1, 30, 0, 150000000, 0, 0),
  (0, 1, 2, NULL, 0, 50, 'python', NULL, NULL, 1, 900, 0, 4500000000, 3000000000, 1500000000);
-- says: ruled out: waiting for the GIL is 7.0 % of the time
-- says not: but waits for a CPU itself

-- case: miss a fifteenth of the time, and four in ten who wait are of another route
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1 + i % 2, i * 100000000, 10000000, 2000000, 700000, 100000 FROM n;
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 12, 'gil', NULL, 50, 1, 60, 0, 300000000, 0, 0),
  (0, 1, 1, 2, 1, 12, 'gil', NULL, 50, 1, 40, 0, 200000000, 0, 0),
  (0, 1, 2, 1, 1, 50, 'python', NULL, NULL, 1, 900, 0, 4500000000, 4500000000, 0);
-- says: ruled out: waiting for the GIL is 7.0 % of the time
-- says not: requests of one route

-- case: hit seen from outside: two threads wait for a third
INSERT INTO thread VALUES (3, 1, 4123, 'report');
INSERT INTO sample_10s VALUES (0, 1, 1, NULL, 0, 12, 'gil', NULL, 50, 2, 300, 0, 3000000000, 0, 0), (0, 1, 2, NULL, 0, 13, 'gil', NULL, 50, 2, 300, 0, 3000000000, 0, 0), (0, 1, 3, NULL, 0, 150, 'python', NULL, NULL, 2, 300, 0, 3000000000, 3000000000, 0),
  (0, 1, 1, NULL, 0, 1000, 'call', 'pselect6', NULL, 2, 5700, 0, 57000000000, 0, 0), (0, 1, 2, NULL, 0, 1000, 'call', 'pselect6', NULL, 2, 5700, 0, 57000000000, 0, 0);
-- expect: app.py:handler /srv/app.py:50 66.7% - likely
-- says: 2 busy threads waited
