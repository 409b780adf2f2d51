-- case: hit four threads open many small files each
INSERT INTO thread VALUES (3, 1, 4123, 'worker'), (4, 1, 4124, 'worker');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns, file_ns) SELECT i + 1, 1, 'request', 1, i * 5000000, 20000000, 4000000, 12000000, 2000000, 1000000 FROM n WHERE i < 100;
INSERT INTO usage_10s VALUES (0, 1, 'open', 16, NULL, NULL, 0, 0, 100, 4000, 0, 40000000, 40000000, 90000, 0, 0, 0), (0, 1, 'gil', 16, NULL, NULL, 0, 0, 100, 800, 0, 800000000, 0, 4000000, 0, 0, 0), (0, 1, 'gil', 17, NULL, NULL, 0, 0, 100, 400, 0, 400000000, 0, 4000000, 0, 0, 0);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 16, 'gil', NULL, NULL, 1, 30, 0, 150000000, 0, 0), (0, 1, 1, 1, 1, 16, 'gil', NULL, 50, 1, 15, 0, 75000000, 0, 0), (0, 1, 2, 1, 1, 16, 'gil', NULL, NULL, 1, 30, 0, 150000000, 0, 0), (0, 1, 2, 1, 1, 16, 'gil', NULL, 51, 1, 15, 0, 75000000, 0, 0), (0, 1, 3, 1, 1, 16, 'gil', NULL, NULL, 1, 30, 0, 150000000, 0, 0), (0, 1, 3, 1, 1, 16, 'gil', NULL, 52, 1, 15, 0, 75000000, 0, 0), (0, 1, 4, 1, 1, 16, 'gil', NULL, NULL, 1, 30, 0, 150000000, 0, 0), (0, 1, 4, 1, 1, 16, 'gil', NULL, 53, 1, 15, 0, 75000000, 0, 0);
-- expect: gil /srv/app.py:16 60.0% 6.000ms possible
-- says: Threads take turns at the GIL after each of 40 short calls a request: waiting for it is 60 % of the time.
-- says: waits for it: 12 per request
-- says: at lines that make such calls: 66.67 % of them, by time
-- says: in which nobody was seen holding it: 120
-- says: not gil-contention: in 67 % of the samples of it nobody holds it who could be named: it is on its way
-- says: not too-many-workers: waiting for a CPU is 10.0 % of the time: blocked, not runnable
-- says: saving: 0.000 to 12.000 ms
-- says: how much of it fewer threads leave depends on the CPUs
-- says not: at /srv/app.py:17


-- case: near-miss gil-contention: samples find who holds it
INSERT INTO thread VALUES (3, 1, 4123, 'worker'), (4, 1, 4124, 'worker');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns, file_ns) SELECT i + 1, 1, 'request', 1, i * 5000000, 20000000, 4000000, 12000000, 2000000, 1000000 FROM n WHERE i < 100;
INSERT INTO usage_10s VALUES (0, 1, 'open', 16, NULL, NULL, 0, 0, 100, 4000, 0, 40000000, 40000000, 90000, 0, 0, 0), (0, 1, 'gil', 16, NULL, NULL, 0, 0, 100, 800, 0, 800000000, 0, 4000000, 0, 0, 0), (0, 1, 'gil', 17, NULL, NULL, 0, 0, 100, 400, 0, 400000000, 0, 4000000, 0, 0, 0);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 16, 'gil', NULL, NULL, 1, 5, 0, 25000000, 0, 0), (0, 1, 1, 1, 1, 16, 'gil', NULL, 50, 1, 40, 0, 200000000, 0, 0), (0, 1, 2, 1, 1, 16, 'gil', NULL, NULL, 1, 5, 0, 25000000, 0, 0), (0, 1, 2, 1, 1, 16, 'gil', NULL, 51, 1, 40, 0, 200000000, 0, 0), (0, 1, 3, 1, 1, 16, 'gil', NULL, NULL, 1, 5, 0, 25000000, 0, 0), (0, 1, 3, 1, 1, 16, 'gil', NULL, 52, 1, 40, 0, 200000000, 0, 0), (0, 1, 4, 1, 1, 16, 'gil', NULL, NULL, 1, 5, 0, 25000000, 0, 0), (0, 1, 4, 1, 1, 16, 'gil', NULL, 53, 1, 40, 0, 200000000, 0, 0);
-- says: ruled out: waiting for the GIL is 60.0 % of the time; in 20 of 180 samples of it nobody was seen holding it, and 40 calls a request give it away


-- case: near-miss too-many-workers: they wait for a CPU for longer
INSERT INTO thread VALUES (3, 1, 4123, 'worker'), (4, 1, 4124, 'worker');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns, file_ns) SELECT i + 1, 1, 'request', 1, i * 5000000, 20000000, 4000000, 6000000, 7000000, 1000000 FROM n WHERE i < 100;
INSERT INTO usage_10s VALUES (0, 1, 'open', 16, NULL, NULL, 0, 0, 100, 4000, 0, 40000000, 40000000, 90000, 0, 0, 0), (0, 1, 'gil', 16, NULL, NULL, 0, 0, 100, 800, 0, 800000000, 0, 4000000, 0, 0, 0), (0, 1, 'gil', 17, NULL, NULL, 0, 0, 100, 400, 0, 400000000, 0, 4000000, 0, 0, 0);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 16, 'gil', NULL, NULL, 1, 30, 0, 150000000, 0, 0), (0, 1, 1, 1, 1, 16, 'gil', NULL, 50, 1, 15, 0, 75000000, 0, 0), (0, 1, 2, 1, 1, 16, 'gil', NULL, NULL, 1, 30, 0, 150000000, 0, 0), (0, 1, 2, 1, 1, 16, 'gil', NULL, 51, 1, 15, 0, 75000000, 0, 0), (0, 1, 3, 1, 1, 16, 'gil', NULL, NULL, 1, 30, 0, 150000000, 0, 0), (0, 1, 3, 1, 1, 16, 'gil', NULL, 52, 1, 15, 0, 75000000, 0, 0), (0, 1, 4, 1, 1, 16, 'gil', NULL, NULL, 1, 30, 0, 150000000, 0, 0), (0, 1, 4, 1, 1, 16, 'gil', NULL, 53, 1, 15, 0, 75000000, 0, 0);


-- case: hit they wait for a CPU nearly as long
INSERT INTO thread VALUES (3, 1, 4123, 'worker'), (4, 1, 4124, 'worker');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns, file_ns) SELECT i + 1, 1, 'request', 1, i * 5000000, 20000000, 4000000, 6000000, 5000000, 1000000 FROM n WHERE i < 100;
INSERT INTO usage_10s VALUES (0, 1, 'open', 16, NULL, NULL, 0, 0, 100, 4000, 0, 40000000, 40000000, 90000, 0, 0, 0), (0, 1, 'gil', 16, NULL, NULL, 0, 0, 100, 800, 0, 800000000, 0, 4000000, 0, 0, 0), (0, 1, 'gil', 17, NULL, NULL, 0, 0, 100, 400, 0, 400000000, 0, 4000000, 0, 0, 0);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 16, 'gil', NULL, NULL, 1, 30, 0, 150000000, 0, 0), (0, 1, 1, 1, 1, 16, 'gil', NULL, 50, 1, 15, 0, 75000000, 0, 0), (0, 1, 2, 1, 1, 16, 'gil', NULL, NULL, 1, 30, 0, 150000000, 0, 0), (0, 1, 2, 1, 1, 16, 'gil', NULL, 51, 1, 15, 0, 75000000, 0, 0), (0, 1, 3, 1, 1, 16, 'gil', NULL, NULL, 1, 30, 0, 150000000, 0, 0), (0, 1, 3, 1, 1, 16, 'gil', NULL, 52, 1, 15, 0, 75000000, 0, 0), (0, 1, 4, 1, 1, 16, 'gil', NULL, NULL, 1, 30, 0, 150000000, 0, 0), (0, 1, 4, 1, 1, 16, 'gil', NULL, 53, 1, 15, 0, 75000000, 0, 0);
-- expect: gil /srv/app.py:16 30.0% 3.000ms possible
-- says not: not too-many-workers


-- case: hit a quarter of the time
INSERT INTO thread VALUES (3, 1, 4123, 'worker'), (4, 1, 4124, 'worker');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns, file_ns) SELECT i + 1, 1, 'request', 1, i * 5000000, 20000000, 4000000, 5000000, 1000000, 1000000 FROM n WHERE i < 100;
INSERT INTO usage_10s VALUES (0, 1, 'open', 16, NULL, NULL, 0, 0, 100, 4000, 0, 40000000, 40000000, 90000, 0, 0, 0), (0, 1, 'gil', 16, NULL, NULL, 0, 0, 100, 800, 0, 800000000, 0, 4000000, 0, 0, 0), (0, 1, 'gil', 17, NULL, NULL, 0, 0, 100, 400, 0, 400000000, 0, 4000000, 0, 0, 0);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 16, 'gil', NULL, NULL, 1, 30, 0, 150000000, 0, 0), (0, 1, 1, 1, 1, 16, 'gil', NULL, 50, 1, 15, 0, 75000000, 0, 0), (0, 1, 2, 1, 1, 16, 'gil', NULL, NULL, 1, 30, 0, 150000000, 0, 0), (0, 1, 2, 1, 1, 16, 'gil', NULL, 51, 1, 15, 0, 75000000, 0, 0), (0, 1, 3, 1, 1, 16, 'gil', NULL, NULL, 1, 30, 0, 150000000, 0, 0), (0, 1, 3, 1, 1, 16, 'gil', NULL, 52, 1, 15, 0, 75000000, 0, 0), (0, 1, 4, 1, 1, 16, 'gil', NULL, NULL, 1, 30, 0, 150000000, 0, 0), (0, 1, 4, 1, 1, 16, 'gil', NULL, 53, 1, 15, 0, 75000000, 0, 0);
-- expect: gil /srv/app.py:16 25.0% 2.500ms possible


-- case: miss a seventh of the time
INSERT INTO thread VALUES (3, 1, 4123, 'worker'), (4, 1, 4124, 'worker');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns, file_ns) SELECT i + 1, 1, 'request', 1, i * 5000000, 20000000, 4000000, 3000000, 1000000, 1000000 FROM n WHERE i < 100;
INSERT INTO usage_10s VALUES (0, 1, 'open', 16, NULL, NULL, 0, 0, 100, 4000, 0, 40000000, 40000000, 90000, 0, 0, 0), (0, 1, 'gil', 16, NULL, NULL, 0, 0, 100, 800, 0, 800000000, 0, 4000000, 0, 0, 0), (0, 1, 'gil', 17, NULL, NULL, 0, 0, 100, 400, 0, 400000000, 0, 4000000, 0, 0, 0);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 16, 'gil', NULL, NULL, 1, 30, 0, 150000000, 0, 0), (0, 1, 1, 1, 1, 16, 'gil', NULL, 50, 1, 15, 0, 75000000, 0, 0), (0, 1, 2, 1, 1, 16, 'gil', NULL, NULL, 1, 30, 0, 150000000, 0, 0), (0, 1, 2, 1, 1, 16, 'gil', NULL, 51, 1, 15, 0, 75000000, 0, 0), (0, 1, 3, 1, 1, 16, 'gil', NULL, NULL, 1, 30, 0, 150000000, 0, 0), (0, 1, 3, 1, 1, 16, 'gil', NULL, 52, 1, 15, 0, 75000000, 0, 0), (0, 1, 4, 1, 1, 16, 'gil', NULL, NULL, 1, 30, 0, 150000000, 0, 0), (0, 1, 4, 1, 1, 16, 'gil', NULL, 53, 1, 15, 0, 75000000, 0, 0);


-- case: hit fifty-two samples of it, half of them without a holder
INSERT INTO thread VALUES (3, 1, 4123, 'worker'), (4, 1, 4124, 'worker');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns, file_ns) SELECT i + 1, 1, 'request', 1, i * 5000000, 20000000, 4000000, 12000000, 2000000, 1000000 FROM n WHERE i < 100;
INSERT INTO usage_10s VALUES (0, 1, 'open', 16, NULL, NULL, 0, 0, 100, 4000, 0, 40000000, 40000000, 90000, 0, 0, 0), (0, 1, 'gil', 16, NULL, NULL, 0, 0, 100, 800, 0, 800000000, 0, 4000000, 0, 0, 0), (0, 1, 'gil', 17, NULL, NULL, 0, 0, 100, 400, 0, 400000000, 0, 4000000, 0, 0, 0);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 16, 'gil', NULL, NULL, 1, 7, 0, 35000000, 0, 0), (0, 1, 1, 1, 1, 16, 'gil', NULL, 50, 1, 6, 0, 30000000, 0, 0), (0, 1, 2, 1, 1, 16, 'gil', NULL, NULL, 1, 7, 0, 35000000, 0, 0), (0, 1, 2, 1, 1, 16, 'gil', NULL, 51, 1, 6, 0, 30000000, 0, 0), (0, 1, 3, 1, 1, 16, 'gil', NULL, NULL, 1, 7, 0, 35000000, 0, 0), (0, 1, 3, 1, 1, 16, 'gil', NULL, 52, 1, 6, 0, 30000000, 0, 0), (0, 1, 4, 1, 1, 16, 'gil', NULL, NULL, 1, 7, 0, 35000000, 0, 0), (0, 1, 4, 1, 1, 16, 'gil', NULL, 53, 1, 6, 0, 30000000, 0, 0);
-- expect: gil /srv/app.py:16 60.0% 6.000ms possible


-- case: miss forty-eight samples of it
INSERT INTO thread VALUES (3, 1, 4123, 'worker'), (4, 1, 4124, 'worker');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns, file_ns) SELECT i + 1, 1, 'request', 1, i * 5000000, 20000000, 4000000, 12000000, 2000000, 1000000 FROM n WHERE i < 100;
INSERT INTO usage_10s VALUES (0, 1, 'open', 16, NULL, NULL, 0, 0, 100, 4000, 0, 40000000, 40000000, 90000, 0, 0, 0), (0, 1, 'gil', 16, NULL, NULL, 0, 0, 100, 800, 0, 800000000, 0, 4000000, 0, 0, 0), (0, 1, 'gil', 17, NULL, NULL, 0, 0, 100, 400, 0, 400000000, 0, 4000000, 0, 0, 0);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 16, 'gil', NULL, NULL, 1, 12, 0, 60000000, 0, 0), (0, 1, 2, 1, 1, 16, 'gil', NULL, NULL, 1, 12, 0, 60000000, 0, 0), (0, 1, 3, 1, 1, 16, 'gil', NULL, NULL, 1, 12, 0, 60000000, 0, 0), (0, 1, 4, 1, 1, 16, 'gil', NULL, NULL, 1, 12, 0, 60000000, 0, 0);


-- case: miss in two fifths of the samples nobody holds it
INSERT INTO thread VALUES (3, 1, 4123, 'worker'), (4, 1, 4124, 'worker');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns, file_ns) SELECT i + 1, 1, 'request', 1, i * 5000000, 20000000, 4000000, 12000000, 2000000, 1000000 FROM n WHERE i < 100;
INSERT INTO usage_10s VALUES (0, 1, 'open', 16, NULL, NULL, 0, 0, 100, 4000, 0, 40000000, 40000000, 90000, 0, 0, 0), (0, 1, 'gil', 16, NULL, NULL, 0, 0, 100, 800, 0, 800000000, 0, 4000000, 0, 0, 0), (0, 1, 'gil', 17, NULL, NULL, 0, 0, 100, 400, 0, 400000000, 0, 4000000, 0, 0, 0);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 16, 'gil', NULL, NULL, 1, 20, 0, 100000000, 0, 0), (0, 1, 1, 1, 1, 16, 'gil', NULL, 50, 1, 30, 0, 150000000, 0, 0), (0, 1, 2, 1, 1, 16, 'gil', NULL, NULL, 1, 20, 0, 100000000, 0, 0), (0, 1, 2, 1, 1, 16, 'gil', NULL, 51, 1, 30, 0, 150000000, 0, 0), (0, 1, 3, 1, 1, 16, 'gil', NULL, NULL, 1, 20, 0, 100000000, 0, 0), (0, 1, 3, 1, 1, 16, 'gil', NULL, 52, 1, 30, 0, 150000000, 0, 0), (0, 1, 4, 1, 1, 16, 'gil', NULL, NULL, 1, 20, 0, 100000000, 0, 0), (0, 1, 4, 1, 1, 16, 'gil', NULL, 53, 1, 30, 0, 150000000, 0, 0);


-- case: miss two threads
INSERT INTO thread VALUES (3, 1, 4123, 'worker'), (4, 1, 4124, 'worker');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns, file_ns) SELECT i + 1, 1, 'request', 1, i * 5000000, 20000000, 4000000, 12000000, 2000000, 1000000 FROM n WHERE i < 100;
INSERT INTO usage_10s VALUES (0, 1, 'open', 16, NULL, NULL, 0, 0, 100, 4000, 0, 40000000, 40000000, 90000, 0, 0, 0), (0, 1, 'gil', 16, NULL, NULL, 0, 0, 100, 800, 0, 800000000, 0, 4000000, 0, 0, 0), (0, 1, 'gil', 17, NULL, NULL, 0, 0, 100, 400, 0, 400000000, 0, 4000000, 0, 0, 0);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 16, 'gil', NULL, NULL, 1, 60, 0, 300000000, 0, 0), (0, 1, 1, 1, 1, 16, 'gil', NULL, 50, 1, 30, 0, 150000000, 0, 0), (0, 1, 2, 1, 1, 16, 'gil', NULL, NULL, 1, 60, 0, 300000000, 0, 0), (0, 1, 2, 1, 1, 16, 'gil', NULL, 51, 1, 30, 0, 150000000, 0, 0);


-- case: hit three threads
INSERT INTO thread VALUES (3, 1, 4123, 'worker'), (4, 1, 4124, 'worker');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns, file_ns) SELECT i + 1, 1, 'request', 1, i * 5000000, 20000000, 4000000, 12000000, 2000000, 1000000 FROM n WHERE i < 100;
INSERT INTO usage_10s VALUES (0, 1, 'open', 16, NULL, NULL, 0, 0, 100, 4000, 0, 40000000, 40000000, 90000, 0, 0, 0), (0, 1, 'gil', 16, NULL, NULL, 0, 0, 100, 800, 0, 800000000, 0, 4000000, 0, 0, 0), (0, 1, 'gil', 17, NULL, NULL, 0, 0, 100, 400, 0, 400000000, 0, 4000000, 0, 0, 0);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 16, 'gil', NULL, NULL, 1, 40, 0, 200000000, 0, 0), (0, 1, 1, 1, 1, 16, 'gil', NULL, 50, 1, 20, 0, 100000000, 0, 0), (0, 1, 2, 1, 1, 16, 'gil', NULL, NULL, 1, 40, 0, 200000000, 0, 0), (0, 1, 2, 1, 1, 16, 'gil', NULL, 51, 1, 20, 0, 100000000, 0, 0), (0, 1, 3, 1, 1, 16, 'gil', NULL, NULL, 1, 40, 0, 200000000, 0, 0), (0, 1, 3, 1, 1, 16, 'gil', NULL, 52, 1, 20, 0, 100000000, 0, 0);
-- expect: gil /srv/app.py:16 60.0% 6.000ms possible


-- case: hit twelve calls a request
INSERT INTO thread VALUES (3, 1, 4123, 'worker'), (4, 1, 4124, 'worker');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns, file_ns) SELECT i + 1, 1, 'request', 1, i * 5000000, 20000000, 4000000, 12000000, 2000000, 1000000 FROM n WHERE i < 100;
INSERT INTO usage_10s VALUES (0, 1, 'open', 16, NULL, NULL, 0, 0, 100, 1200, 0, 40000000, 40000000, 90000, 0, 0, 0), (0, 1, 'gil', 16, NULL, NULL, 0, 0, 100, 800, 0, 800000000, 0, 4000000, 0, 0, 0), (0, 1, 'gil', 17, NULL, NULL, 0, 0, 100, 400, 0, 400000000, 0, 4000000, 0, 0, 0);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 16, 'gil', NULL, NULL, 1, 30, 0, 150000000, 0, 0), (0, 1, 1, 1, 1, 16, 'gil', NULL, 50, 1, 15, 0, 75000000, 0, 0), (0, 1, 2, 1, 1, 16, 'gil', NULL, NULL, 1, 30, 0, 150000000, 0, 0), (0, 1, 2, 1, 1, 16, 'gil', NULL, 51, 1, 15, 0, 75000000, 0, 0), (0, 1, 3, 1, 1, 16, 'gil', NULL, NULL, 1, 30, 0, 150000000, 0, 0), (0, 1, 3, 1, 1, 16, 'gil', NULL, 52, 1, 15, 0, 75000000, 0, 0), (0, 1, 4, 1, 1, 16, 'gil', NULL, NULL, 1, 30, 0, 150000000, 0, 0), (0, 1, 4, 1, 1, 16, 'gil', NULL, 53, 1, 15, 0, 75000000, 0, 0);
-- expect: gil /srv/app.py:16 60.0% 6.000ms possible


-- case: miss eight calls a request
INSERT INTO thread VALUES (3, 1, 4123, 'worker'), (4, 1, 4124, 'worker');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns, file_ns) SELECT i + 1, 1, 'request', 1, i * 5000000, 20000000, 4000000, 12000000, 2000000, 1000000 FROM n WHERE i < 100;
INSERT INTO usage_10s VALUES (0, 1, 'open', 16, NULL, NULL, 0, 0, 100, 800, 0, 40000000, 40000000, 90000, 0, 0, 0), (0, 1, 'gil', 16, NULL, NULL, 0, 0, 100, 800, 0, 800000000, 0, 4000000, 0, 0, 0), (0, 1, 'gil', 17, NULL, NULL, 0, 0, 100, 400, 0, 400000000, 0, 4000000, 0, 0, 0);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 16, 'gil', NULL, NULL, 1, 30, 0, 150000000, 0, 0), (0, 1, 1, 1, 1, 16, 'gil', NULL, 50, 1, 15, 0, 75000000, 0, 0), (0, 1, 2, 1, 1, 16, 'gil', NULL, NULL, 1, 30, 0, 150000000, 0, 0), (0, 1, 2, 1, 1, 16, 'gil', NULL, 51, 1, 15, 0, 75000000, 0, 0), (0, 1, 3, 1, 1, 16, 'gil', NULL, NULL, 1, 30, 0, 150000000, 0, 0), (0, 1, 3, 1, 1, 16, 'gil', NULL, 52, 1, 15, 0, 75000000, 0, 0), (0, 1, 4, 1, 1, 16, 'gil', NULL, NULL, 1, 30, 0, 150000000, 0, 0), (0, 1, 4, 1, 1, 16, 'gil', NULL, 53, 1, 15, 0, 75000000, 0, 0);


-- case: miss most of the waiting is at a line that makes no such calls
INSERT INTO thread VALUES (3, 1, 4123, 'worker'), (4, 1, 4124, 'worker');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns, file_ns) SELECT i + 1, 1, 'request', 1, i * 5000000, 20000000, 4000000, 12000000, 2000000, 1000000 FROM n WHERE i < 100;
INSERT INTO usage_10s VALUES (0, 1, 'open', 16, NULL, NULL, 0, 0, 100, 4000, 0, 40000000, 40000000, 90000, 0, 0, 0), (0, 1, 'gil', 16, NULL, NULL, 0, 0, 100, 400, 0, 400000000, 0, 4000000, 0, 0, 0), (0, 1, 'gil', 17, NULL, NULL, 0, 0, 100, 800, 0, 800000000, 0, 4000000, 0, 0, 0);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 16, 'gil', NULL, NULL, 1, 30, 0, 150000000, 0, 0), (0, 1, 1, 1, 1, 16, 'gil', NULL, 50, 1, 15, 0, 75000000, 0, 0), (0, 1, 2, 1, 1, 16, 'gil', NULL, NULL, 1, 30, 0, 150000000, 0, 0), (0, 1, 2, 1, 1, 16, 'gil', NULL, 51, 1, 15, 0, 75000000, 0, 0), (0, 1, 3, 1, 1, 16, 'gil', NULL, NULL, 1, 30, 0, 150000000, 0, 0), (0, 1, 3, 1, 1, 16, 'gil', NULL, 52, 1, 15, 0, 75000000, 0, 0), (0, 1, 4, 1, 1, 16, 'gil', NULL, NULL, 1, 30, 0, 150000000, 0, 0), (0, 1, 4, 1, 1, 16, 'gil', NULL, 53, 1, 15, 0, 75000000, 0, 0);


-- case: miss nobody makes such calls
INSERT INTO thread VALUES (3, 1, 4123, 'worker'), (4, 1, 4124, 'worker');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns, file_ns) SELECT i + 1, 1, 'request', 1, i * 5000000, 20000000, 4000000, 12000000, 2000000, 1000000 FROM n WHERE i < 100;
INSERT INTO usage_10s VALUES (0, 1, 'gil', 16, NULL, NULL, 0, 0, 100, 800, 0, 800000000, 0, 4000000, 0, 0, 0), (0, 1, 'gil', 17, NULL, NULL, 0, 0, 100, 400, 0, 400000000, 0, 4000000, 0, 0, 0);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 16, 'gil', NULL, NULL, 1, 30, 0, 150000000, 0, 0), (0, 1, 1, 1, 1, 16, 'gil', NULL, 50, 1, 15, 0, 75000000, 0, 0), (0, 1, 2, 1, 1, 16, 'gil', NULL, NULL, 1, 30, 0, 150000000, 0, 0), (0, 1, 2, 1, 1, 16, 'gil', NULL, 51, 1, 15, 0, 75000000, 0, 0), (0, 1, 3, 1, 1, 16, 'gil', NULL, NULL, 1, 30, 0, 150000000, 0, 0), (0, 1, 3, 1, 1, 16, 'gil', NULL, 52, 1, 15, 0, 75000000, 0, 0), (0, 1, 4, 1, 1, 16, 'gil', NULL, NULL, 1, 30, 0, 150000000, 0, 0), (0, 1, 4, 1, 1, 16, 'gil', NULL, 53, 1, 15, 0, 75000000, 0, 0);
