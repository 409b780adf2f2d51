-- case: hit clients wait for a connection while some are refused
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 20000000, 5000000, 15000000, cast(printf('%016d', i) AS BLOB) FROM n WHERE i < 60;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS blob), i * 100000000 - 30100000, i * 100000000 - 100000, i * 100000000 + 21000000, 200, NULL FROM n WHERE i < 60;
INSERT INTO meta VALUES ('load_result', '{"plan": {"pace": "poisson", "rate_per_s": 10, "connections": 50}, "window_s": 6, "requests": {"due": 60, "answered": 60, "unanswered": 0, "unsent": 0}, "lateness_us": {"p99": 80}, "threads": [{"busy_share": 0.01}], "verdicts": []}');
INSERT INTO listener_second VALUES (1000000000, 1, '0.0.0.0:8000', 0, 8, 0), (2000000000, 1, '0.0.0.0:8000', 8, 8, 10), (3000000000, 1, '0.0.0.0:8000', 1, 8, 10);
-- expect: 0.0.0.0:8000 - 60.0% 27.000ms likely
-- says: claims before:let-in: 1800.000 ms
-- says: 20 connections found no place in the queue at 0.0.0.0:8000, where 8 may wait: who comes then tries again a second later.
-- says: seconds in which some were: 2
-- says: waited when it was looked: 8 at most
-- says: clients wait until they can send: 30 ms in the mean
-- says: saving: 15.000 to 30.000 ms

-- case: hit clients were not seen: what they lost is not known
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 20000000, 5000000, 15000000, cast(printf('%016d', i) AS BLOB) FROM n WHERE i < 60;
INSERT INTO listener_second VALUES (1000000000, 1, '0.0.0.0:8000', 0, 8, 0), (2000000000, 1, '0.0.0.0:8000', 8, 8, 10), (3000000000, 1, '0.0.0.0:8000', 1, 8, 10);
-- expect: 0.0.0.0:8000 - 0.0% - possible

-- case: near-miss overload-past-knee: clients wait, and nobody is refused
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 20000000, 5000000, 15000000, cast(printf('%016d', i) AS BLOB) FROM n WHERE i < 60;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS blob), i * 100000000 - 30100000, i * 100000000 - 100000, i * 100000000 + 21000000, 200, NULL FROM n WHERE i < 60;
INSERT INTO meta VALUES ('load_result', '{"plan": {"pace": "poisson", "rate_per_s": 10, "connections": 50}, "window_s": 6, "requests": {"due": 60, "answered": 60, "unanswered": 0, "unsent": 0}, "lateness_us": {"p99": 80}, "threads": [{"busy_share": 0.01}], "verdicts": []}');
INSERT INTO listener_second VALUES (1000000000, 1, '0.0.0.0:8000', 0, 8, 0), (2000000000, 1, '0.0.0.0:8000', 8, 8, 0), (3000000000, 1, '0.0.0.0:8000', 1, 8, 0);
-- says: ruled out: 0 connections refused a place in the queue of the listening socket (8 may wait)

-- case: near-miss load-generator-lies: what the client waits for is its own, the queue is not known
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 20000000, 5000000, 15000000, cast(printf('%016d', i) AS BLOB) FROM n WHERE i < 60;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS blob), i * 100000000 - 30100000, i * 100000000 - 100000, i * 100000000 + 21000000, 200, NULL FROM n WHERE i < 60;
INSERT INTO meta VALUES ('load_result', '{"plan": {"pace": "poisson", "rate_per_s": 10, "connections": 50}, "window_s": 6, "requests": {"due": 60, "answered": 60, "unanswered": 0, "unsent": 0}, "lateness_us": {"p99": 80}, "threads": [{"busy_share": 0.01}], "verdicts": []}');

-- case: miss two connections
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 20000000, 5000000, 15000000, cast(printf('%016d', i) AS BLOB) FROM n WHERE i < 60;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS blob), i * 100000000 - 30100000, i * 100000000 - 100000, i * 100000000 + 21000000, 200, NULL FROM n WHERE i < 60;
INSERT INTO meta VALUES ('load_result', '{"plan": {"pace": "poisson", "rate_per_s": 10, "connections": 50}, "window_s": 6, "requests": {"due": 60, "answered": 60, "unanswered": 0, "unsent": 0}, "lateness_us": {"p99": 80}, "threads": [{"busy_share": 0.01}], "verdicts": []}');
INSERT INTO listener_second VALUES (1000000000, 1, '0.0.0.0:8000', 0, 8, 0), (2000000000, 1, '0.0.0.0:8000', 8, 8, 1), (3000000000, 1, '0.0.0.0:8000', 1, 8, 1);

-- case: miss what clients wait is not worth a word
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 20000000, 5000000, 15000000, cast(printf('%016d', i) AS BLOB) FROM n WHERE i < 60;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS blob), i * 100000000 - 200000, i * 100000000 - 100000, i * 100000000 + 21000000, 200, NULL FROM n WHERE i < 60;
INSERT INTO meta VALUES ('load_result', '{"plan": {"pace": "poisson", "rate_per_s": 10, "connections": 50}, "window_s": 6, "requests": {"due": 60, "answered": 60, "unanswered": 0, "unsent": 0}, "lateness_us": {"p99": 80}, "threads": [{"busy_share": 0.01}], "verdicts": []}');
INSERT INTO listener_second VALUES (1000000000, 1, '0.0.0.0:8000', 0, 8, 0), (2000000000, 1, '0.0.0.0:8000', 8, 8, 10), (3000000000, 1, '0.0.0.0:8000', 1, 8, 10);

-- case: miss a kernel that does not tell
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 20000000, 5000000, 15000000, cast(printf('%016d', i) AS BLOB) FROM n WHERE i < 60;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS blob), i * 100000000 - 30100000, i * 100000000 - 100000, i * 100000000 + 21000000, 200, NULL FROM n WHERE i < 60;
INSERT INTO meta VALUES ('load_result', '{"plan": {"pace": "poisson", "rate_per_s": 10, "connections": 50}, "window_s": 6, "requests": {"due": 60, "answered": 60, "unanswered": 0, "unsent": 0}, "lateness_us": {"p99": 80}, "threads": [{"busy_share": 0.01}], "verdicts": []}');
INSERT INTO listener_second VALUES (1000000000, 1, '0.0.0.0:8000', 0, 8, 0), (2000000000, 1, '0.0.0.0:8000', 8, 8, NULL), (3000000000, 1, '0.0.0.0:8000', 1, 8, NULL);

-- case: hit three are refused, and twenty clients were seen
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, trace) SELECT a.i * 100 + b.i + 1, 1, 1, 'request', 1, (a.i * 100 + b.i) * 100000000, 20000000, 5000000, 15000000, cast(printf('%016d', a.i * 100 + b.i) AS BLOB) FROM n a, n b WHERE a.i * 100 + b.i < 60;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 100000000 - 30100000, i * 100000000 - 100000, i * 100000000 + 21000000, 200, NULL FROM n WHERE i < 20;
INSERT INTO meta VALUES ('load_result', '{"plan": {"pace": "poisson", "rate_per_s": 10, "connections": 50}, "window_s": 6, "requests": {"due": 60, "answered": 60, "unanswered": 0, "unsent": 0}, "lateness_us": {"p99": 80}, "threads": [{"busy_share": 0.01}], "verdicts": []}');
INSERT INTO listener_second VALUES (1000000000, 1, '0.0.0.0:8000', 0, 8, 0), (2000000000, 1, '0.0.0.0:8000', 8, 8, 3);
-- expect: 0.0.0.0:8000 - 60.0% 27.000ms likely
-- says: one of a hundred: 30 ms or more

-- case: hit nineteen clients are too few
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, trace) SELECT a.i * 100 + b.i + 1, 1, 1, 'request', 1, (a.i * 100 + b.i) * 100000000, 20000000, 5000000, 15000000, cast(printf('%016d', a.i * 100 + b.i) AS BLOB) FROM n a, n b WHERE a.i * 100 + b.i < 60;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 100000000 - 30100000, i * 100000000 - 100000, i * 100000000 + 21000000, 200, NULL FROM n WHERE i < 19;
INSERT INTO meta VALUES ('load_result', '{"plan": {"pace": "poisson", "rate_per_s": 10, "connections": 50}, "window_s": 6, "requests": {"due": 60, "answered": 60, "unanswered": 0, "unsent": 0}, "lateness_us": {"p99": 80}, "threads": [{"busy_share": 0.01}], "verdicts": []}');
INSERT INTO listener_second VALUES (1000000000, 1, '0.0.0.0:8000', 0, 8, 0), (2000000000, 1, '0.0.0.0:8000', 8, 8, 3);
-- expect: 0.0.0.0:8000 - 0.0% - possible
-- says not: one of a hundred

-- case: hit a client that was busy itself may be late by itself
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, trace) SELECT a.i * 100 + b.i + 1, 1, 1, 'request', 1, (a.i * 100 + b.i) * 100000000, 20000000, 5000000, 15000000, cast(printf('%016d', a.i * 100 + b.i) AS BLOB) FROM n a, n b WHERE a.i * 100 + b.i < 60;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 100000000 - 30100000, i * 100000000 - 100000, i * 100000000 + 21000000, 200, NULL FROM n WHERE i < 60;
INSERT INTO meta VALUES ('load_result', '{"plan": {"pace": "poisson", "rate_per_s": 10, "connections": 50}, "window_s": 6, "requests": {"due": 60, "answered": 60, "unanswered": 0, "unsent": 0}, "lateness_us": {"p99": 80}, "threads": [{"busy_share": 0.01}], "verdicts": [{"id": "busy", "text": "x", "invalid": true}]}');
INSERT INTO listener_second VALUES (1000000000, 1, '0.0.0.0:8000', 0, 8, 0), (2000000000, 1, '0.0.0.0:8000', 8, 8, 20);
-- expect: 0.0.0.0:8000 - 60.0% 27.000ms likely
-- says not: not load-generator-lies: the kernel

-- case: hit six of a thousand
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, trace) SELECT a.i * 100 + b.i + 1, 1, 1, 'request', 1, (a.i * 100 + b.i) * 100000000, 20000000, 5000000, 15000000, cast(printf('%016d', a.i * 100 + b.i) AS BLOB) FROM n a, n b WHERE a.i * 100 + b.i < 1000;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 100000000 - 30100000, i * 100000000 - 100000, i * 100000000 + 21000000, 200, NULL FROM n WHERE i < 60;
INSERT INTO meta VALUES ('load_result', '{"plan": {"pace": "poisson", "rate_per_s": 10, "connections": 50}, "window_s": 6, "requests": {"due": 60, "answered": 60, "unanswered": 0, "unsent": 0}, "lateness_us": {"p99": 80}, "threads": [{"busy_share": 0.01}], "verdicts": []}');
INSERT INTO listener_second VALUES (1000000000, 1, '0.0.0.0:8000', 0, 8, 0), (2000000000, 1, '0.0.0.0:8000', 8, 8, 6);
-- expect: 0.0.0.0:8000 - 60.0% 27.000ms likely
-- says: not load-generator-lies: the kernel at the server counted them, not the client

-- case: miss four of a thousand
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, trace) SELECT a.i * 100 + b.i + 1, 1, 1, 'request', 1, (a.i * 100 + b.i) * 100000000, 20000000, 5000000, 15000000, cast(printf('%016d', a.i * 100 + b.i) AS BLOB) FROM n a, n b WHERE a.i * 100 + b.i < 1000;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 100000000 - 30100000, i * 100000000 - 100000, i * 100000000 + 21000000, 200, NULL FROM n WHERE i < 60;
INSERT INTO meta VALUES ('load_result', '{"plan": {"pace": "poisson", "rate_per_s": 10, "connections": 50}, "window_s": 6, "requests": {"due": 60, "answered": 60, "unanswered": 0, "unsent": 0}, "lateness_us": {"p99": 80}, "threads": [{"busy_share": 0.01}], "verdicts": []}');
INSERT INTO listener_second VALUES (1000000000, 1, '0.0.0.0:8000', 0, 8, 0), (2000000000, 1, '0.0.0.0:8000', 8, 8, 4);
