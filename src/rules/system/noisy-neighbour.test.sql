-- case: hit others have the CPUs, of the app one thread wants one
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 5000000, 5000000 FROM n;
INSERT INTO host_second SELECT i * 1000000000, 1, 200000000, 300000000, 0, 20, 1 FROM n WHERE i BETWEEN 1 AND 10;
INSERT INTO cpu_use SELECT i * 1000000000, 1000000000, w.column1, w.column3, w.column2 FROM n, (VALUES ('own', 200000000, NULL), ('watcher', 10000000, NULL), ('other', 1780000000, NULL), ('other', 1500000000, 'cc1'), ('stolen', 0, NULL)) w
  WHERE i BETWEEN 1 AND 10;
-- expect: machine - 50.0% 4.500ms likely
-- says: Other processes have the CPUs: 50 % of a request is waiting for one (CPUs in use: cc1 1.5).
-- says: claims runqueue:units: 500.000 ms

-- case: hit the hypervisor takes them
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 5000000, 5000000 FROM n;
INSERT INTO host_second SELECT i * 1000000000, 1, 200000000, 300000000, 0, 20, 1 FROM n WHERE i BETWEEN 1 AND 10;
INSERT INTO cpu_use SELECT i * 1000000000, 1000000000, w.column1, NULL, w.column2 FROM n, (VALUES ('own', 200000000), ('watcher', 10000000), ('other', 10000000), ('stolen', 1700000000)) w WHERE i BETWEEN 1 AND 10;
-- expect: machine - 50.0% 4.500ms likely
-- says: Other virtual machines have the CPUs: 50 % of a request is waiting for one (CPUs in use: stolen 1.7).
-- says: stolen by the hypervisor: 1.7 
-- says: not cpu-quota-throttling: its control group has no CPU limit
-- says: not too-many-workers: its own threads were in the way for 0 % of that, 0.5 of them want a CPU at a time

-- case: near-miss cpu-quota-throttling: a limit is used up
INSERT INTO meta VALUES ('cpus', 4);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 50000000, 5000000, 45000000 FROM n;
INSERT INTO host_second SELECT i * 1000000000, 1, 100000000, 800000000, 0, 20, 1 FROM n WHERE i BETWEEN 1 AND 10;
INSERT INTO cpu_use SELECT i * 1000000000, 1000000000, w.column1, NULL, w.column2 FROM n, (VALUES ('own', 100000000), ('watcher', 10000000), ('other', 2000000000), ('stolen', 0)) w WHERE i BETWEEN 1 AND 10;
INSERT INTO cgroup_second SELECT i * 1000000000, 1, '/sys/fs/cgroup/a', 10000000, 100000000, 10, 9, 850000000, 100000000, NULL, NULL, NULL, NULL, NULL FROM n WHERE i BETWEEN 1 AND 10;

-- case: hit others have three quarters of the CPUs: that six of the app's threads want one is their doing
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, runqueue_ns) SELECT i + 1, 1, i % 6, 'request', 1, i * 100000000, 10000000, 2000000, 8000000 FROM n;
INSERT INTO host_second SELECT i * 1000000000, 1, 460000000, 4000000000, 0, 20, 1 FROM n WHERE i BETWEEN 1 AND 10;
INSERT INTO cpu_use SELECT i * 1000000000, 1000000000, w.column1, NULL, w.column2 FROM n, (VALUES ('own', 460000000), ('watcher', 10000000), ('other', 1520000000), ('stolen', 0)) w WHERE i BETWEEN 1 AND 10;
-- expect: machine - 64.9% 5.838ms likely

-- case: near-miss too-many-workers: its own threads want more CPUs than there are
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, runqueue_ns) SELECT i + 1, 1, i % 8, 'request', 1, i * 100000000, 50000000, 10000000, 40000000 FROM n;
INSERT INTO host_second SELECT i * 1000000000, 1, 1200000000, 6000000000, 0, 20, 1 FROM n WHERE i BETWEEN 1 AND 10;
INSERT INTO cpu_use SELECT i * 1000000000, 1000000000, w.column1, NULL, w.column2 FROM n, (VALUES ('own', 1200000000), ('watcher', 10000000), ('other', 700000000), ('stolen', 0)) w WHERE i BETWEEN 1 AND 10;

-- case: miss it waits a little on a busy machine
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 8000000, 2000000 FROM n;
INSERT INTO host_second SELECT i * 1000000000, 1, 200000000, 30000000, 0, 20, 1 FROM n WHERE i BETWEEN 1 AND 10;
INSERT INTO cpu_use SELECT i * 1000000000, 1000000000, w.column1, NULL, w.column2 FROM n, (VALUES ('own', 200000000), ('watcher', 10000000), ('other', 1780000000), ('stolen', 0)) w WHERE i BETWEEN 1 AND 10;

-- case: miss it waits long, and hardly anybody used the CPUs meanwhile
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 5000000, 5000000 FROM n;
INSERT INTO host_second SELECT i * 1000000000, 1, 200000000, 300000000, 0, 20, 1 FROM n WHERE i BETWEEN 1 AND 10;
INSERT INTO cpu_use SELECT i * 1000000000, 1000000000, w.column1, NULL, w.column2 FROM n, (VALUES ('own', 200000000), ('watcher', 10000000), ('other', 190000000), ('stolen', 0)) w WHERE i BETWEEN 1 AND 10;
-- says: ruled out: waiting for a CPU is 50.0 % of the time, and others used 0.2 of 2 meanwhile
-- says not: Other processes

-- case: miss it waits, and who had the CPUs is not known
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, runqueue_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 5000000, 5000000 FROM n;
