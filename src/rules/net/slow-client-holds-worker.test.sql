-- case: hit the body comes in pieces, far apart
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, bytes_out) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 80000000, 2000000, 76000000, 300 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, opened_ns) VALUES (1, 1, 'socket', 'client', 5);
INSERT INTO event SELECT u.i * 100000000 + q.i * 20000000 + 1000000, 19000000, u.i + 1, 1, 'recv', 1000, 1, NULL, 100, 20000, 0, 128, 0, 0, 1 FROM n u, n q WHERE u.i < 20 AND q.i < 4;
-- expect: / - 95.0% 72.200ms likely

-- case: near-miss slow-upstream: another service sends in pieces, far apart
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, bytes_out) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 80000000, 2000000, 76000000, 300 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns) VALUES (1, 1, 'socket', 'http', 'stock:80', 5);
INSERT INTO event SELECT u.i * 100000000 + q.i * 20000000 + 1000000, 19000000, u.i + 1, 1, 'recv', 7, 1, NULL, 100, 20000, 0, 128, 0, 0, 1 FROM n u, n q WHERE u.i < 20 AND q.i < 4;

-- case: miss the whole body is there; a thread that is preempted while it reads seems to wait, now and then
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, bytes_out) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 8000000, 7000000, 800000, 300 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, opened_ns) VALUES (1, 1, 'socket', 'client', 5);
INSERT INTO event SELECT i * 100000000 + 1000000, iif(i < 4, 4000000, 60000), i + 1, 1, 'recv', 1000, 1, NULL, 40000, 55000, 0, 128, 0, 0, 1 FROM n WHERE i < 20;
-- says: ruled out: in 4 of 20 requests a thread waited for its client

-- case: miss a small response that a client takes slowly: the kernel has it
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, bytes_out) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 1000000, 700000, 300000, 300 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, opened_ns) VALUES (1, 1, 'socket', 'client', 5);
INSERT INTO event SELECT i * 100000000 + 500000, 300000, i + 1, 1, 'send', 1000, 1, NULL, 300, 20000, 0, 128, 0, 0, 1 FROM n WHERE i < 20;

-- case: miss a third of the bodies come late
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, bytes_out) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 8000000, 7000000, 800000, 300 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, opened_ns) VALUES (1, 1, 'socket', 'client', 5);
INSERT INTO event SELECT i * 100000000 + 1000000, iif(i < 7, 4000000, 60000), i + 1, 1, 'recv', 1000, 1, NULL, 40000, 55000, 0, 128, 0, 0, 1 FROM n WHERE i < 20;

-- case: hit two thirds of the bodies come late
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, bytes_out) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 8000000, 7000000, 800000, 300 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, opened_ns) VALUES (1, 1, 'socket', 'client', 5);
INSERT INTO event SELECT i * 100000000 + 1000000, iif(i < 13, 4000000, 60000), i + 1, 1, 'recv', 1000, 1, NULL, 40000, 55000, 0, 128, 0, 0, 1 FROM n WHERE i < 20;
-- expect: / - 32.5% 2.470ms likely
