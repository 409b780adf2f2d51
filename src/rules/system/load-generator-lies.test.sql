-- case: hit two connections for a server of eight threads: requests wait in the client
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, sleep_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 30000000, 30000000, 500000, 29500000, cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 30000000 - 90000000, i * 30000000 - 100000, i * 30000000 + 30100000, 200, NULL FROM n;
INSERT INTO meta VALUES ('load_result', '{"plan": {"pace": "poisson", "rate_per_s": 100, "connections": 2}, "window_s": 5, "requests": {"due": 478, "answered": 341, "unanswered": 2, "unsent": 135, "answered_per_s": 63.6}, "response_ms": {"p50": 120}, "lateness_us": {"p99": 20},
  "threads": [{"busy_share": 0.01}], "verdicts": [{"id": "connections", "invalid": false, "text": "-c 2 allows about 63.6/s"}], "response_histogram": [[100000000, 50], [120000000, 291]]}');
-- expect: connections - 75.0% - likely
-- says: claims before:client: 2249.374 ms
-- says: not too-few-workers: sent, they began after 0.10 ms

-- case: hit a closed loop: two stalls hide among 10,000 answers
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 1000000, 1000000, 900000, cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 1000000 - 50000, i * 1000000 - 50000, i * 1000000 + 1000000, 200, NULL FROM n;
INSERT INTO meta VALUES ('load_result', '{"plan": {"pace": "closed", "rate_per_s": null, "connections": 1}, "window_s": 14, "requests": {"due": 10002, "answered": 10002, "unanswered": 0, "unsent": 0, "answered_per_s": 714}, "response_ms": {"p50": 1}, "lateness_us": {"p99": 20},
  "threads": [{"busy_share": 0.1}], "verdicts": [], "response_histogram": [[1000000, 10000], [2000000000, 2]]}');
-- expect: closed - 28.6% - likely
-- says: not overload-past-knee: a closed loop asks for no more than it gets
-- says: of its time spent in these: 28.57 %
-- says not: claims before
-- says: slower than ten times the middle one: 0.02 % of requests
-- says: not too-few-workers: a stall holds those who ask, not a queue

-- case: hit a client that is busy itself
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 1000000, 100000, 90000, cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 1000000 - 300000, i * 1000000 - 50000, i * 1000000 + 150000, 200, NULL FROM n;
INSERT INTO meta VALUES ('load_result', '{"plan": {"pace": "constant", "rate_per_s": 20000, "connections": 100}, "window_s": 5, "requests": {"due": 100000, "answered": 100000, "unanswered": 0, "unsent": 0, "answered_per_s": 20000}, "response_ms": {"p50": 0.4}, "lateness_us": {"p99": 300},
  "threads": [{"busy_share": 0.97}, {"busy_share": 0.2}], "verdicts": [{"id": "late", "invalid": true, "text": "late"}, {"id": "busy", "invalid": true, "text": "thread 1 was busy"}], "response_histogram": [[400000, 100000]]}');
-- expect: busy - 71.4% - likely
-- says: because: thread 1 was busy

-- case: near-miss too-few-workers: sent at once, they wait in the server
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, sleep_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 30000000, 30000000, 500000, 29500000, cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 30000000 - 90000000, i * 30000000 - 80000000, i * 30000000 + 30100000, 200, NULL FROM n;
INSERT INTO meta VALUES ('load_result', '{"plan": {"pace": "poisson", "rate_per_s": 100, "connections": 100}, "window_s": 5, "requests": {"due": 478, "answered": 341, "unanswered": 2, "unsent": 135, "answered_per_s": 63.6}, "response_ms": {"p50": 120}, "lateness_us": {"p99": 20},
  "threads": [{"busy_share": 0.01}], "verdicts": [{"id": "connections", "invalid": false, "text": "-c 100 allows"}], "response_histogram": [[100000000, 50], [120000000, 291]]}');

-- case: near-miss overload-past-knee: the server falls behind
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 3000000, 3000000, 2900000, cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 3000000 - 90000000, i * 3000000 - 80000000, i * 3000000 + 3100000, 200, NULL FROM n;
INSERT INTO meta VALUES ('load_result', '{"plan": {"pace": "poisson", "rate_per_s": 500, "connections": 100}, "window_s": 5, "requests": {"due": 2443, "answered": 1205, "unanswered": 100, "unsent": 1138, "answered_per_s": 238}, "response_ms": {"p50": 2250}, "lateness_us": {"p99": 20},
  "threads": [{"busy_share": 0.03}], "verdicts": [{"id": "backlog", "invalid": false, "text": "the server fell behind"}], "response_histogram": [[2000000000, 600], [3000000000, 605]]}');

-- case: miss a machine that woke the client late: that is not the client's own
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 1000000, 100000, 90000, cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 1000000 - 300000, i * 1000000 - 50000, i * 1000000 + 150000, 200, NULL FROM n;
INSERT INTO meta VALUES ('load_result', '{"plan": {"pace": "constant", "rate_per_s": 200, "connections": 100}, "window_s": 5, "requests": {"due": 1000, "answered": 1000, "unanswered": 0, "unsent": 0, "answered_per_s": 200}, "response_ms": {"p50": 0.4}, "lateness_us": {"p99": 300},
  "threads": [{"busy_share": 0.02}], "verdicts": [{"id": "late", "invalid": true, "text": "late"}], "response_histogram": [[400000, 1000]]}');

-- case: miss a closed loop whose slow answers are no rare ones: its percentiles show them
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 1000000, 1000000, 900000, cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 1000000 - 50000, i * 1000000 - 50000, i * 1000000 + 1000000, 200, NULL FROM n;
INSERT INTO meta VALUES ('load_result', '{"plan": {"pace": "closed", "rate_per_s": null, "connections": 14}, "window_s": 4, "requests": {"due": 10002, "answered": 10002, "unanswered": 0, "unsent": 0, "answered_per_s": 2500}, "response_ms": {"p50": 5}, "lateness_us": {"p99": 20},
  "threads": [{"busy_share": 0.1}], "verdicts": [], "response_histogram": [[5000000, 9820], [56000000, 180]]}');

-- case: miss a closed loop without stalls
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 1000000, 1000000, 900000, cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 1000000 - 50000, i * 1000000 - 50000, i * 1000000 + 1000000, 200, NULL FROM n;
INSERT INTO meta VALUES ('load_result', '{"plan": {"pace": "closed", "rate_per_s": null, "connections": 1}, "window_s": 10, "requests": {"due": 10002, "answered": 10002, "unanswered": 0, "unsent": 0, "answered_per_s": 1000}, "response_ms": {"p50": 1}, "lateness_us": {"p99": 20},
  "threads": [{"busy_share": 0.1}], "verdicts": [], "response_histogram": [[1000000, 10000], [20000000, 2]]}');
-- says: ruled out: the client was busy 10 % of its time and sent up to 0.020 ms late; stalls are no large part of its time

-- case: miss all connections of the load wait at a listening socket that refuses some
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, sleep_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 30000000, 30000000, 500000, 29500000, cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 30000000 - 90000000, i * 30000000 - 100000, i * 30000000 + 30100000, 200, NULL FROM n;
INSERT INTO meta VALUES ('load_result', '{"plan": {"pace": "poisson", "rate_per_s": 100, "connections": 2}, "window_s": 5, "requests": {"due": 478, "answered": 341, "unanswered": 2, "unsent": 135, "answered_per_s": 63.6}, "response_ms": {"p50": 120}, "lateness_us": {"p99": 20},
  "threads": [{"busy_share": 0.01}], "verdicts": [{"id": "connections", "invalid": false, "text": "-c 2 allows about 63.6/s"}], "response_histogram": [[100000000, 50], [120000000, 291]]}');
INSERT INTO listener_second VALUES (1000000000, 1, '0.0.0.0:8000', 2, 2, 3);
