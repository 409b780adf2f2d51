-- case: hit eight threads want two CPUs
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, runqueue_ns) SELECT i + 1, 1, i % 8, 'request', 1, i * 100000000, 50000000, 10000000, 40000000 FROM n;
INSERT INTO host_second SELECT i * 1000000000, 1, 1900000000, 6000000000, 0, 20, 1 FROM n WHERE i BETWEEN 1 AND 10;
INSERT INTO cpu_use SELECT i * 1000000000, 1000000000, w.column1, NULL, w.column2 FROM n, (VALUES ('own', 1900000000), ('watcher', 10000000), ('other', 50000000), ('stolen', 0)) w WHERE i BETWEEN 1 AND 10;
-- expect: server - 78.7% 9.833ms likely
-- says: 8 threads want 2 CPUs: 79 % of a request is waiting for one that another of them has.
-- says not: threads that serve: 8 in 1 processes
-- says: not cpu-quota-throttling: no CPU limit was used up
-- says: not gil-contention: waiting for the GIL is 0.0 % of the time: they could run
-- says not: gunicorn.workers is 

-- case: near-miss noisy-neighbour: others have the CPUs, of the app one thread wants one
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, runqueue_ns) SELECT i + 1, 1, i % 8, 'request', 1, i * 100000000, 10000000, 5000000, 5000000 FROM n;
INSERT INTO host_second SELECT i * 1000000000, 1, 200000000, 300000000, 0, 20, 1 FROM n WHERE i BETWEEN 1 AND 10;
INSERT INTO cpu_use SELECT i * 1000000000, 1000000000, w.column1, NULL, w.column2 FROM n, (VALUES ('own', 200000000), ('watcher', 10000000), ('other', 1780000000), ('stolen', 0)) w WHERE i BETWEEN 1 AND 10;

-- case: near-miss cpu-quota-throttling: eight threads wait while a limit is used up
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, runqueue_ns) SELECT i + 1, 1, i % 8, 'request', 1, i * 100000000, 50000000, 5000000, 45000000 FROM n;
INSERT INTO host_second SELECT i * 1000000000, 1, 500000000, 6000000000, 0, 20, 1 FROM n WHERE i BETWEEN 1 AND 10;
INSERT INTO cpu_use SELECT i * 1000000000, 1000000000, w.column1, NULL, w.column2 FROM n, (VALUES ('own', 500000000), ('watcher', 10000000), ('other', 200000000), ('stolen', 0)) w WHERE i BETWEEN 1 AND 10;
INSERT INTO cgroup_second SELECT i * 1000000000, 1, '/sys/fs/cgroup/a', 50000000, 100000000, 10, 9, 850000000, 100000000, NULL, NULL, NULL, NULL, NULL FROM n WHERE i BETWEEN 1 AND 10;

-- case: near-miss gil-contention: they wait for the GIL, and hardly for a CPU
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, gil_ns, runqueue_ns) SELECT i + 1, 1, i % 8, 'request', 1, i * 100000000, 50000000, 10000000, 39000000, 1000000 FROM n;
INSERT INTO host_second SELECT i * 1000000000, 1, 990000000, 100000000, 0, 20, 1 FROM n WHERE i BETWEEN 1 AND 10;
INSERT INTO cpu_use SELECT i * 1000000000, 1000000000, w.column1, NULL, w.column2 FROM n, (VALUES ('own', 990000000), ('watcher', 10000000), ('other', 50000000), ('stolen', 0)) w WHERE i BETWEEN 1 AND 10;

-- case: miss as many as there are CPUs, and they seldom meet
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, runqueue_ns) SELECT i + 1, 1, i % 2, 'request', 1, i * 100000000, 12000000, 9000000, 3000000 FROM n;
INSERT INTO host_second SELECT i * 1000000000, 1, 900000000, 300000000, 0, 20, 1 FROM n WHERE i BETWEEN 1 AND 10;
INSERT INTO cpu_use SELECT i * 1000000000, 1000000000, w.column1, NULL, w.column2 FROM n, (VALUES ('own', 900000000), ('watcher', 10000000), ('other', 50000000), ('stolen', 0)) w WHERE i BETWEEN 1 AND 10;

-- case: near-miss noisy-neighbour: others have three quarters of the CPUs, and so its own threads pile up
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO fact VALUES (1, 'gunicorn.workers', '1');
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, runqueue_ns) SELECT i + 1, 1, i % 6, 'request', 1, i * 100000000, 10000000, 2000000, 8000000 FROM n;
INSERT INTO host_second SELECT i * 1000000000, 1, 460000000, 4000000000, 0, 20, 1 FROM n WHERE i BETWEEN 1 AND 10;
INSERT INTO cpu_use SELECT i * 1000000000, 1000000000, w.column1, NULL, w.column2 FROM n, (VALUES ('own', 460000000), ('watcher', 10000000), ('other', 1520000000), ('stolen', 0)) w WHERE i BETWEEN 1 AND 10;
-- says: ruled out: waiting for CPUs that its own threads have is 

-- case: hit threads of one process: advice is about threads
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO fact VALUES (1, 'gunicorn.workers', '1'), (1, 'gunicorn.threads', '8');
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, runqueue_ns) SELECT i + 1, 1, i % 8, 'request', 1, i * 100000000, 50000000, 10000000, 40000000 FROM n;
INSERT INTO host_second SELECT i * 1000000000, 1, 1200000000, 6000000000, 0, 20, 1 FROM n WHERE i BETWEEN 1 AND 10;
INSERT INTO cpu_use SELECT i * 1000000000, 1000000000, w.column1, NULL, w.column2 FROM n, (VALUES ('own', 1200000000), ('watcher', 10000000), ('other', 700000000), ('stolen', 0)) w WHERE i BETWEEN 1 AND 10;
-- expect: server - 69.3% 8.667ms likely
-- says: gunicorn.threads is 8
-- says not: gunicorn.workers
