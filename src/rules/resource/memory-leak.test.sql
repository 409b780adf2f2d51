-- case: hit a list that each request appends to
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_site SELECT 1, 1, 'object', 33, NULL, 9000000, 100, 8000000, 90, 0, 600, 8000000, NULL;
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 1000000000, 100 * (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_live SELECT i + 1, 1, 5, 1, 204800 * (i + 1), 100, 13 * (i + 1), 3e9 * (i + 1), 0 FROM n WHERE i < 40;
INSERT INTO cgroup_second(at_ns, process_id, path, memory_limit_bytes, memory_bytes) VALUES (40000000000, 1, '/app', 536870912, 360000000);
-- expect: /srv/app.py:33 /srv/app.py:33 0.0% - likely
-- says: Memory leaks: of each request 2 KiB that are made here are kept.
-- says: growth: 2 KiB a request (95 %: 2 … 2)
-- says: because: what survived grew steadily over 40 snapshots

-- case: miss a cache that fills up and is full
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_site SELECT 1, 1, 'object', 33, NULL, 9000000, 100, 8000000, 90, 0, 600, 8000000, NULL;
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 1000000000, 100 * (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_live SELECT i + 1, 1, 5, 1, 204800 * min(i + 1, 20), 100, 13 * (i + 1), 3e9 * (i + 1), 0 FROM n WHERE i < 40;
-- says: ruled out: no line kept more and more over 40 snapshots

-- case: miss a recording of three seconds
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_site SELECT 1, 1, 'object', 33, NULL, 9000000, 100, 8000000, 90, 0, 600, 8000000, NULL;
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 1000000000, 100 * (i + 1), 0, 0, 0 FROM n WHERE i < 3;
INSERT INTO heap_live SELECT i + 1, 1, 5, 1, 204800 * (i + 1), 100, 13 * (i + 1), 3e9 * (i + 1), 0 FROM n WHERE i < 3;
-- says: ruled out: cannot tell: too few snapshots of the heap; watch it for longer

-- case: miss memory was not sampled
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
