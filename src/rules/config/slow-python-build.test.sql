-- case: hit a debug build
INSERT INTO fact VALUES (1, 'python.abiflags', 'd');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 8000000 FROM n WHERE i < 40;
-- expect: build - 80.0% 4.400ms likely

-- case: near-miss debug-mode: a framework that is told to debug, in a release build
INSERT INTO fact VALUES (1, 'python.abiflags', 'none'), (1, 'flask.debug', 'True');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 8000000 FROM n WHERE i < 40;

-- case: miss a debug build that waits for others
INSERT INTO fact VALUES (1, 'python.abiflags', 'd');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 500000, 9000000 FROM n WHERE i < 40;

-- case: miss it is not known how it was built
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 2, i * 200000000, 10000000, 8000000 FROM n WHERE i < 40;
