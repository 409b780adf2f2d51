-- case: hit one worker of 3 ms, 500 a second: they pile up
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 3000000, 3000000, 2900000, cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 3000000 - 90000000, i * 3000000 - 80000000, i * 3000000 + 3100000, 200, NULL FROM n;
INSERT INTO meta VALUES ('load_result', '{"plan": {"pace": "poisson", "rate_per_s": 500, "connections": 100}, "window_s": 5, "requests": {"due": 2443, "answered": 1205, "unanswered": 100, "unsent": 1138, "answered_per_s": 238}, "response_ms": {"p50": 2250}, "lateness_us": {"p99": 20},
  "threads": [{"busy_share": 0.03}], "verdicts": [{"id": "backlog", "invalid": false, "text": "the server fell behind"}], "response_histogram": [[2000000000, 600], [3000000000, 605]]}');
-- expect: server - 96.8% - likely
-- says: claims before:queue: 9000.000 ms
-- says: More requests come than it can serve: 488 a second, where 1 worker of 3.00 ms each do 333.3 at most, and those that wait grow in number.
-- says: 3 in all would be busy to seven tenths at this rate
-- says: not cpu-quota-throttling: without what a limit makes it wait it is still 146 %
-- says: not noisy-neighbour: without what waits for a CPU (0 % of a request), too

-- case: near-miss too-few-workers: one worker that waits for others
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 30000000, 30000000, 2000000, 28000000, cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 30000000 - 90000000, i * 30000000 - 80000000, i * 30000000 + 30100000, 200, NULL FROM n;
INSERT INTO meta VALUES ('load_result', '{"plan": {"pace": "poisson", "rate_per_s": 50, "connections": 100}, "window_s": 5, "requests": {"due": 250, "answered": 150, "unanswered": 100, "unsent": 0, "answered_per_s": 30}, "response_ms": {"p50": 950}, "lateness_us": {"p99": 20},
  "threads": [{"busy_share": 0.03}], "verdicts": [{"id": "backlog", "invalid": false, "text": "the server fell behind"}], "response_histogram": [[900000000, 150]]}');
-- says: ruled out: requests came at 150 % of what serves them, but because each waits for others for 93 % of its time, not for its own work: what it waits for, and how many serve, make the queue

-- case: near-miss cpu-quota-throttling: a limit holds it up
INSERT INTO meta VALUES ('cpus', 4);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, runqueue_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 30000000, 30000000, 3000000, 27000000, cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 30000000 - 90000000, i * 30000000 - 80000000, i * 30000000 + 30100000, 200, NULL FROM n;
INSERT INTO host_second SELECT i * 1000000000, 1, 100000000, 800000000, 0, 20, 1 FROM n WHERE i BETWEEN 1 AND 10;
INSERT INTO cpu_use SELECT i * 1000000000, 1000000000, w.column1, NULL, w.column2 FROM n, (VALUES ('own', 100000000), ('watcher', 10000000), ('other', 200000000), ('stolen', 0)) w WHERE i BETWEEN 1 AND 10;
INSERT INTO cgroup_second SELECT i * 1000000000, 1, '/sys/fs/cgroup/a', 10000000, 100000000, 10, 9, 850000000, 100000000, NULL, NULL, NULL, NULL, NULL FROM n WHERE i BETWEEN 1 AND 10;
INSERT INTO meta VALUES ('load_result', '{"plan": {"pace": "poisson", "rate_per_s": 200, "connections": 100}, "window_s": 5, "requests": {"due": 1000, "answered": 250, "unanswered": 100, "unsent": 1150, "answered_per_s": 50}, "response_ms": {"p50": 950}, "lateness_us": {"p99": 20},
  "threads": [{"busy_share": 0.03}], "verdicts": [{"id": "backlog", "invalid": false, "text": "the server fell behind"}], "response_histogram": [[900000000, 150]]}');

-- case: near-miss noisy-neighbour: others have its CPUs
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, runqueue_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 10000000, 10000000, 3000000, 7000000, cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 10000000 - 90000000, i * 10000000 - 80000000, i * 10000000 + 10100000, 200, NULL FROM n;
INSERT INTO host_second SELECT i * 1000000000, 1, 300000000, 700000000, 0, 20, 1 FROM n WHERE i BETWEEN 1 AND 10;
INSERT INTO cpu_use SELECT i * 1000000000, 1000000000, w.column1, NULL, w.column2 FROM n, (VALUES ('own', 300000000), ('watcher', 10000000), ('other', 1680000000), ('stolen', 0)) w WHERE i BETWEEN 1 AND 10;
INSERT INTO meta VALUES ('load_result', '{"plan": {"pace": "poisson", "rate_per_s": 200, "connections": 100}, "window_s": 5, "requests": {"due": 1000, "answered": 500, "unanswered": 100, "unsent": 900, "answered_per_s": 100}, "response_ms": {"p50": 950}, "lateness_us": {"p99": 20},
  "threads": [{"busy_share": 0.03}], "verdicts": [{"id": "backlog", "invalid": false, "text": "the server fell behind"}], "response_histogram": [[900000000, 150]]}');

-- case: near-miss load-generator-lies: the client has no more connections, and what it sends begins at once
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 3000000, 3000000, 2900000, cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 3000000 - 90000000, i * 3000000 - 100000, i * 3000000 + 3100000, 200, NULL FROM n;
INSERT INTO meta VALUES ('load_result', '{"plan": {"pace": "poisson", "rate_per_s": 500, "connections": 1}, "window_s": 5, "requests": {"due": 2443, "answered": 1205, "unanswered": 100, "unsent": 1138, "answered_per_s": 238}, "response_ms": {"p50": 2250}, "lateness_us": {"p99": 20},
  "threads": [{"busy_share": 0.03}], "verdicts": [{"id": "connections", "invalid": false, "text": "-c 1 allows"}], "response_histogram": [[2000000000, 600], [3000000000, 605]]}');

-- case: miss it is loaded to nine tenths, and no backlog grows
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 3000000, 3000000, 2900000, cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 3000000 - 9000000, i * 3000000 - 8000000, i * 3000000 + 3100000, 200, NULL FROM n;
INSERT INTO meta VALUES ('load_result', '{"plan": {"pace": "poisson", "rate_per_s": 300, "connections": 100}, "window_s": 5, "requests": {"due": 1500, "answered": 1500, "unanswered": 0, "unsent": 0, "answered_per_s": 300}, "response_ms": {"p50": 10}, "lateness_us": {"p99": 20},
  "threads": [{"busy_share": 0.03}], "verdicts": [], "response_histogram": [[10000000, 1500]]}');
-- says: ruled out: requests came at 90 % of what serves them, but those that waited did not grow in number

-- case: miss a call that waits holds the event loop: what it could serve is not known
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, net_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 30000000, 30000000, 2000000, 30000000, 28000000, cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 30000000 - 90000000, i * 30000000 - 80000000, i * 30000000 + 30100000, 200, NULL FROM n;
INSERT INTO meta VALUES ('load_result', '{"plan": {"pace": "poisson", "rate_per_s": 50, "connections": 100}, "window_s": 5, "requests": {"due": 250, "answered": 150, "unanswered": 100, "unsent": 0, "answered_per_s": 30}, "response_ms": {"p50": 950}, "lateness_us": {"p99": 20},
  "threads": [{"busy_share": 0.03}], "verdicts": [{"id": "backlog", "invalid": false, "text": "the server fell behind"}], "response_histogram": [[900000000, 150]]}');
-- says not: ruled out:

-- case: miss two fifths of the time on the loop a call holds it
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, net_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 30000000, 30000000, 18000000, 30000000, 30000000 - 18000000, cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 30000000 - 90000000, i * 30000000 - 80000000, i * 30000000 + 30100000, 200, NULL FROM n;
INSERT INTO meta VALUES ('load_result', '{"plan": {"pace": "poisson", "rate_per_s": 50, "connections": 100}, "window_s": 5, "requests": {"due": 250, "answered": 150, "unanswered": 100, "unsent": 0, "answered_per_s": 30}, "response_ms": {"p50": 950}, "lateness_us": {"p99": 20},
  "threads": [{"busy_share": 0.03}], "verdicts": [{"id": "backlog", "invalid": false, "text": "the server fell behind"}], "response_histogram": [[900000000, 150]]}');
-- says not: ruled out:

-- case: miss a fifth of it
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, net_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 30000000, 30000000, 24000000, 30000000, 30000000 - 24000000, cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 30000000 - 90000000, i * 30000000 - 80000000, i * 30000000 + 30100000, 200, NULL FROM n;
INSERT INTO meta VALUES ('load_result', '{"plan": {"pace": "poisson", "rate_per_s": 50, "connections": 100}, "window_s": 5, "requests": {"due": 150, "answered": 150, "unanswered": 100, "unsent": 0, "answered_per_s": 30}, "response_ms": {"p50": 950}, "lateness_us": {"p99": 20},
  "threads": [{"busy_share": 0.03}], "verdicts": [{"id": "backlog", "invalid": false, "text": "the server fell behind"}], "response_histogram": [[900000000, 150]]}');
-- says: ruled out: requests came at 72 % of what serves them

-- case: miss two fifths of a request are its own work
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, net_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 30000000, 30000000, 12000000, NULL, 30000000 - 12000000, cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 30000000 - 90000000, i * 30000000 - 80000000, i * 30000000 + 30100000, 200, NULL FROM n;
INSERT INTO meta VALUES ('load_result', '{"plan": {"pace": "poisson", "rate_per_s": 50, "connections": 100}, "window_s": 5, "requests": {"due": 250, "answered": 150, "unanswered": 100, "unsent": 0, "answered_per_s": 30}, "response_ms": {"p50": 950}, "lateness_us": {"p99": 20},
  "threads": [{"busy_share": 0.03}], "verdicts": [{"id": "backlog", "invalid": false, "text": "the server fell behind"}], "response_histogram": [[900000000, 150]]}');
-- says: ruled out: requests came at 150 % of what serves them, but because each waits for others for 60 % of its time

-- case: miss three fifths of what it serves
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, net_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 30000000, 30000000, 28000000, NULL, 30000000 - 28000000, cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 30000000 - 90000000, i * 30000000 - 80000000, i * 30000000 + 30100000, 200, NULL FROM n;
INSERT INTO meta VALUES ('load_result', '{"plan": {"pace": "poisson", "rate_per_s": 50, "connections": 100}, "window_s": 5, "requests": {"due": 100, "answered": 150, "unanswered": 100, "unsent": 0, "answered_per_s": 30}, "response_ms": {"p50": 950}, "lateness_us": {"p99": 20},
  "threads": [{"busy_share": 0.03}], "verdicts": [{"id": "backlog", "invalid": false, "text": "the server fell behind"}], "response_histogram": [[900000000, 150]]}');
-- says: ruled out: requests came at 60 % of what serves them
-- says not: did not grow
