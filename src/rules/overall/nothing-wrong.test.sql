-- case: hit requests that spend their time in Python and a pooled database
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, db_cpu_ns) SELECT i + 1, 1, 'request', 1, i * 10000000, 1000000, 700000, 290000, 0 FROM n;
-- expect: all - 0.0% - proven

-- case: miss units that never ended are no basis
INSERT INTO unit(id, process_id, kind, start_ns) SELECT i + 1, 1, 'request', i * 10000000 FROM n;

-- case: hit most of the time is sleep: no cause, but not proven healthy
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, sleep_ns) SELECT i + 1, 1, 'request', 1, i * 10000000, 1000000, 390000, 610000 FROM n;
-- expect: all - 0.0% - possible
