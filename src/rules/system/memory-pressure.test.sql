-- case: hit its group's memory is full, and pages are read again
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 20000000, 8000000 FROM n;
INSERT INTO fault_second SELECT i * 1000000000, 1, 3000 FROM n WHERE i BETWEEN 1 AND 10;
INSERT INTO cgroup_second(at_ns, process_id, path, memory_limit_bytes, memory_bytes, oom_kills) SELECT i * 1000000000, 1, '/g', 90000000, 89900000, 0 FROM n WHERE i BETWEEN 1 AND 10;
-- expect: memory - 60.0% 10.800ms likely

-- case: hit the machine's is
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 20000000, 8000000 FROM n;
INSERT INTO fault_second SELECT i * 1000000000, 1, 3000 FROM n WHERE i BETWEEN 1 AND 10;
INSERT INTO cgroup_second(at_ns, process_id, memory_limit_bytes, memory_bytes, memory_pressure_ns) SELECT i * 1000000000, 0, 900000000, 600000000, 400000000 FROM n WHERE i BETWEEN 1 AND 10;
-- expect: memory - 60.0% 10.800ms likely

-- case: near-miss slow-disk-read: a file that is mapped is read for the first time, and there is memory
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 20000000, 8000000 FROM n;
INSERT INTO fault_second SELECT i * 1000000000, 1, 3000 FROM n WHERE i BETWEEN 1 AND 10;
INSERT INTO cgroup_second(at_ns, process_id, path, memory_limit_bytes, memory_bytes, oom_kills) SELECT i * 1000000000, 1, '/g', 900000000, 89900000, 0 FROM n WHERE i BETWEEN 1 AND 10;

-- case: near-miss cpu-quota-throttling: what it waits for is a CPU
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, runqueue_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 20000000, 8000000, 12000000 FROM n;
INSERT INTO fault_second SELECT i * 1000000000, 1, 3000 FROM n WHERE i BETWEEN 1 AND 10;
INSERT INTO cgroup_second(at_ns, process_id, path, memory_limit_bytes, memory_bytes, oom_kills) SELECT i * 1000000000, 1, '/g', 90000000, 89900000, 0 FROM n WHERE i BETWEEN 1 AND 10;

-- case: miss memory is full of what can be thrown away, and nothing is missed
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 20000000, 8000000 FROM n;
INSERT INTO fault_second SELECT i * 1000000000, 1, 2 FROM n WHERE i BETWEEN 1 AND 10;
INSERT INTO cgroup_second(at_ns, process_id, path, memory_limit_bytes, memory_bytes, oom_kills) SELECT i * 1000000000, 1, '/g', 90000000, 89900000, 0 FROM n WHERE i BETWEEN 1 AND 10;
