-- case: hit the limit is used up in each period, and the machine has CPUs free
INSERT INTO meta VALUES ('cpus', 4);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 50000000, 5000000, 45000000 FROM n;
INSERT INTO host_second SELECT i * 1000000000, 1, 100000000, 800000000, 0, 20, 1 FROM n WHERE i BETWEEN 1 AND 10;
INSERT INTO cpu_use SELECT i * 1000000000, 1000000000, w.column1, NULL, w.column2 FROM n, (VALUES ('own', 100000000), ('watcher', 10000000), ('other', 200000000), ('stolen', 0)) w WHERE i BETWEEN 1 AND 10;
INSERT INTO cgroup_second SELECT i * 1000000000, 1, '/sys/fs/cgroup/a', 10000000, 100000000, 10, 9, 850000000, 100000000, NULL, NULL, NULL, NULL, NULL FROM n WHERE i BETWEEN 1 AND 10;
-- expect: /sys/fs/cgroup/a - 90.0% >=45.000ms proven
-- says: The CPU limit of 0.1 CPUs stops the app: in 90 % of its periods it was used up, and 90 % of a request is waiting for the next.

-- case: hit of the waiting on a busy machine only as much is the limit's as the group stood still
INSERT INTO meta VALUES ('cpus', 1);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 50000000, 5000000, 45000000 FROM n;
INSERT INTO host_second SELECT i * 1000000000, 1, 100000000, 800000000, 0, 20, 1 FROM n WHERE i BETWEEN 1 AND 10;
INSERT INTO cpu_use SELECT i * 1000000000, 1000000000, w.column1, NULL, w.column2 FROM n, (VALUES ('own', 100000000), ('watcher', 10000000), ('other', 880000000), ('stolen', 0)) w WHERE i BETWEEN 1 AND 10;
INSERT INTO cgroup_second SELECT i * 1000000000, 1, '/sys/fs/cgroup/a', 10000000, 100000000, 10, 3, 200000000, 100000000, NULL, NULL, NULL, NULL, NULL FROM n WHERE i BETWEEN 1 AND 10;
-- expect: /sys/fs/cgroup/a - 22.5% >=11.250ms likely
-- says not: not noisy-neighbour: 25 % of the waiting for a CPU is that of the limit
-- says not: not too-many-workers: they wait while the limit is used up, not for one another

-- case: near-miss noisy-neighbour: a limit that is never used up
INSERT INTO meta VALUES ('cpus', 1);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 50000000, 5000000, 45000000 FROM n;
INSERT INTO host_second SELECT i * 1000000000, 1, 100000000, 800000000, 0, 20, 1 FROM n WHERE i BETWEEN 1 AND 10;
INSERT INTO cpu_use SELECT i * 1000000000, 1000000000, w.column1, NULL, w.column2 FROM n, (VALUES ('own', 100000000), ('watcher', 10000000), ('other', 880000000), ('stolen', 0)) w WHERE i BETWEEN 1 AND 10;
INSERT INTO cgroup_second SELECT i * 1000000000, 1, '/sys/fs/cgroup/a', 50000000, 100000000, 10, 0, 0, 100000000, NULL, NULL, NULL, NULL, NULL FROM n WHERE i BETWEEN 1 AND 10;

-- case: near-miss too-many-workers: no limit at all, and too many threads
INSERT INTO meta VALUES ('cpus', 1);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, runqueue_ns) SELECT i + 1, 1, i % 8, 'request', 1, i * 100000000, 50000000, 5000000, 45000000 FROM n;
INSERT INTO host_second SELECT i * 1000000000, 1, 980000000, 6000000000, 0, 20, 1 FROM n WHERE i BETWEEN 1 AND 10;
INSERT INTO cpu_use SELECT i * 1000000000, 1000000000, w.column1, NULL, w.column2 FROM n, (VALUES ('own', 980000000), ('watcher', 10000000), ('other', 10000000), ('stolen', 0)) w WHERE i BETWEEN 1 AND 10;
INSERT INTO cgroup_second SELECT i * 1000000000, 1, '/sys/fs/cgroup/a', NULL, NULL, NULL, NULL, NULL, 980000000, NULL, NULL, NULL, NULL, NULL FROM n WHERE i BETWEEN 1 AND 10;

-- case: miss it is cut short now and then, in one period of thirty
INSERT INTO meta VALUES ('cpus', 4);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 50000000, 45000000, 5000000 FROM n;
INSERT INTO host_second SELECT i * 1000000000, 1, 100000000, 800000000, 0, 20, 1 FROM n WHERE i BETWEEN 1 AND 10;
INSERT INTO cgroup_second SELECT i * 1000000000, 1, '/sys/fs/cgroup/a', 50000000, 100000000, 10, iif(i % 3, 0, 1), 1000000, 100000000, NULL, NULL, NULL, NULL, NULL FROM n WHERE i BETWEEN 1 AND 10;
-- says: ruled out: the limit of 0.5 CPUs was used up in 3 % of 100 periods
