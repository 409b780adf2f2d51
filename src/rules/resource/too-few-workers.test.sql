-- case: hit one worker that waits for others, and clients that wait for it
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 40000000, iif(i % 10 = 0, 20000000, 40000000), 2000000, iif(i % 10 = 0, 18000000, 38000000), cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 40000000 - 30000000, i * 40000000 - 30000000, i * 40000000 + 40000000, 200, NULL FROM n;
-- expect: server - 44.1% 28.500ms likely
-- says: A request waits 30.0 ms for a free worker, while the only one waits most of its time for others.
-- says: CPUs in use by them: 2.5 %
-- says: claims before:free: 3000.000 ms
-- says: not lock-contention: locks take 0 % of the time
-- says: not db-pool-exhausted: waiting for a pool takes 0 %

-- case: near-miss lock-contention: threads that wait for one another are not helped by more of them
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, lock_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 40000000, 40000000, 2000000, 38000000, cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 40000000 - 30000000, i * 40000000 - 30000000, i * 40000000 + 40000000, 200, NULL FROM n;

-- case: near-miss db-pool-exhausted: nor those that wait for a pool
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, pool_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 40000000, 40000000, 2000000, 38000000, cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 40000000 - 30000000, i * 40000000 - 30000000, i * 40000000 + 40000000, 200, NULL FROM n;

-- case: miss a client that waits for each answer before it asks again: nothing is seen of its side
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns) SELECT i + 1, 1, 1, 'request', 1, i * 40000000, 39900000, 2000000, 37900000 FROM n;
-- says: ruled out: whether clients wait for a worker is not known: nothing on this host saw their side

-- case: miss Python's own work: another thread would wait for the GIL
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 40000000, 40000000, 39900000, cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 40000000 - 30000000, i * 40000000 - 30000000, i * 40000000 + 40000000, 200, NULL FROM n;

-- case: miss a thread is free whenever a request comes
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, trace) SELECT i + 1, 1, i % 4, 'request', 1, i * 40000000, 60000000, 2000000, 58000000, cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 40000000 - 300000, i * 40000000 - 300000, i * 40000000 + 60000000, 200, NULL FROM n;
-- says: ruled out: 0 % of requests began right after another, 0.30 ms after they were sent

-- case: hit thirty clients were seen
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 40000000, iif(i % 10 = 0, 20000000, 40000000), 2000000, iif(i % 10 = 0, 18000000, 38000000), cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 40000000 - 30000000, i * 40000000 - 30000000, i * 40000000 + 40000000, 200, NULL FROM n WHERE i < 30;
-- expect: server - 44.1% 28.500ms likely

-- case: miss twelve clients were seen
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 40000000, iif(i % 10 = 0, 20000000, 40000000), 2000000, iif(i % 10 = 0, 18000000, 38000000), cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 40000000 - 30000000, i * 40000000 - 30000000, i * 40000000 + 40000000, 200, NULL FROM n WHERE i < 12;
-- says: ruled out: whether clients wait for a worker is not known: nothing on this host saw their side

-- case: miss three in ten begin right after another
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 40000000, iif(i % 10 < 7, 30000000, 40000000), 2000000, 28000000, cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 40000000 - 30000000, i * 40000000 - 30000000, i * 40000000 + 40000000, 200, NULL FROM n;

-- case: hit half of them begin right after another
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 40000000, iif(i % 10 < 5, 30000000, 40000000), 2000000, 28000000, cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 40000000 - 30000000, i * 40000000 - 30000000, i * 40000000 + 40000000, 200, NULL FROM n;
-- expect: server - 46.2% 28.500ms likely
-- says: 0.9 are in work in the mean, so about 2 threads in all leave half of them free at this load

-- case: hit they wait for others for three quarters of their time
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 40000000, iif(i % 10 = 0, 20000000, 40000000), iif(i % 10 = 0, 4000000, 9000000), iif(i % 10 = 0, 16000000, 30000000), cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 40000000 - 30000000, i * 40000000 - 30000000, i * 40000000 + 40000000, 200, NULL FROM n;
-- expect: server - 44.1% 28.500ms likely

-- case: miss they wait for others for two fifths of their time
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 40000000, iif(i % 10 = 0, 20000000, 40000000), iif(i % 10 = 0, 12000000, 24000000), iif(i % 10 = 0, 8000000, 16000000), cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 40000000 - 30000000, i * 40000000 - 30000000, i * 40000000 + 40000000, 200, NULL FROM n;

-- case: hit its CPU is half used
INSERT INTO meta VALUES ('cpus', 1);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 40000000, iif(i % 10 = 0, 20000000, 40000000), iif(i % 10 = 0, 10000000, 19000000), iif(i % 10 = 0, 10000000, 21000000), cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 40000000 - 30000000, i * 40000000 - 30000000, i * 40000000 + 40000000, 200, NULL FROM n;
-- expect: server - 44.1% 28.500ms likely

-- case: miss no CPU is free for another worker
INSERT INTO meta VALUES ('cpus', 1);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 40000000, iif(i % 10 = 0, 20000000, 40000000), iif(i % 10 = 0, 15000000, 30000000), iif(i % 10 = 0, 18000000, 38000000), cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 40000000 - 30000000, i * 40000000 - 30000000, i * 40000000 + 40000000, 200, NULL FROM n;

-- case: hit a lock takes a seventh of it
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, lock_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 40000000, iif(i % 10 = 0, 20000000, 40000000), 2000000, iif(i % 10 = 0, 14000000, 32000000), 5500000, cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 40000000 - 30000000, i * 40000000 - 30000000, i * 40000000 + 40000000, 200, NULL FROM n;
-- expect: server - 44.1% 28.500ms likely
-- says not: not lock-contention: locks take 14 % of the time

-- case: hit a lock takes a fifteenth of it
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, lock_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 40000000, iif(i % 10 = 0, 20000000, 40000000), 2000000, iif(i % 10 = 0, 14000000, 34000000), 2600000, cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 40000000 - 30000000, i * 40000000 - 30000000, i * 40000000 + 40000000, 200, NULL FROM n;
-- expect: server - 44.1% 28.500ms likely
-- says: not lock-contention: locks take 7 % of the time

-- case: hit a pool takes a seventh of it
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, pool_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 40000000, iif(i % 10 = 0, 20000000, 40000000), 2000000, iif(i % 10 = 0, 14000000, 32000000), 5500000, cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 40000000 - 30000000, i * 40000000 - 30000000, i * 40000000 + 40000000, 200, NULL FROM n;
-- expect: server - 44.1% 28.500ms likely
-- says not: not db-pool-exhausted: waiting for a pool takes 14 %

-- case: hit a pool takes a fifteenth of it
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, pool_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 40000000, iif(i % 10 = 0, 20000000, 40000000), 2000000, iif(i % 10 = 0, 14000000, 34000000), 2600000, cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 40000000 - 30000000, i * 40000000 - 30000000, i * 40000000 + 40000000, 200, NULL FROM n;
-- expect: server - 44.1% 28.500ms likely
-- says: not db-pool-exhausted: waiting for a pool takes 7 %

-- case: hit the server says how many workers and threads it has
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO fact VALUES (1, 'gunicorn.workers', '1'), (1, 'gunicorn.threads', '3');
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 40000000, iif(i % 10 = 0, 20000000, 40000000), 2000000, iif(i % 10 = 0, 18000000, 38000000), cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 40000000 - 30000000, i * 40000000 - 30000000, i * 40000000 + 40000000, 200, NULL FROM n;
-- expect: server - 44.1% 28.500ms likely
-- says: all of them are busy all the time, so how many the load needs is not seen: at least 2 threads in all (gunicorn.workers is 1, gunicorn.threads 3)

-- case: hit the next begins a thirtieth of a request after the last
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 40000000, iif(i % 10 = 0, 20000000, 38700000), 2000000, iif(i % 10 = 0, 18000000, 38000000), cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 40000000 - 30000000, i * 40000000 - 30000000, i * 40000000 + 40000000, 200, NULL FROM n;
-- expect: server - 44.9% 28.500ms likely

-- case: miss the next begins a fifteenth of a request after the last
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 40000000, iif(i % 10 = 0, 20000000, 37500000), 2000000, iif(i % 10 = 0, 18000000, 38000000), cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 40000000 - 30000000, i * 40000000 - 30000000, i * 40000000 + 40000000, 200, NULL FROM n;

-- case: hit what comes says how many are needed: one worker never has more than one in work
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 40000000, iif(i % 10 = 0, 20000000, 40000000), 2000000, iif(i % 10 = 0, 18000000, 38000000), cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 40000000 - 30000000, i * 40000000 - 30000000, i * 40000000 + 40000000, 200, NULL FROM n;
INSERT INTO meta VALUES ('load_result', '{"plan": {"pace": "constant", "rate_per_s": 150, "connections": 100}, "window_s": 10, "requests": {"due": 1500, "answered": 100, "unanswered": 100, "unsent": 0, "answered_per_s": 25}, "response_ms": {"p50": 950}, "lateness_us": {"p99": 20}, "threads": [{"busy_share": 0.03}], "verdicts": [], "response_histogram": [[900000000, 150]]}');
-- expect: server - 44.1% 28.500ms likely
-- says: 150 a second of 38.0 ms each keep 5.7 threads busy, so about 12 in all leave half of them free at this load

-- case: hit a client that waits for its answers does not say what would come
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 40000000, iif(i % 10 = 0, 20000000, 40000000), 2000000, iif(i % 10 = 0, 18000000, 38000000), cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 40000000 - 30000000, i * 40000000 - 30000000, i * 40000000 + 40000000, 200, NULL FROM n;
INSERT INTO meta VALUES ('load_result', '{"plan": {"pace": "closed", "rate_per_s": null, "connections": 100}, "window_s": 10, "requests": {"due": 1500, "answered": 100, "unanswered": 100, "unsent": 0, "answered_per_s": 25}, "response_ms": {"p50": 950}, "lateness_us": {"p99": 20}, "threads": [{"busy_share": 0.03}], "verdicts": [], "response_histogram": [[900000000, 150]]}');
-- expect: server - 44.1% 28.500ms likely
-- says: how many the load needs is not seen: at least 2 threads in all

-- case: near-miss unpatched-blocking-in-gevent: the thread could serve many at once, and waits in a call
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO fact VALUES (1, 'gunicorn.worker_class', 'gevent');
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 40000000, iif(i % 10 = 0, 20000000, 40000000), 2000000, iif(i % 10 = 0, 18000000, 38000000), cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 40000000 - 30000000, i * 40000000 - 30000000, i * 40000000 + 40000000, 200, NULL FROM n;
INSERT INTO event SELECT i * 40000000 + 1000000, 18000000, i + 1, 1, 'poll', 25, NULL, NULL, 0, 20000, 0, 128, 0, 0, 1 FROM n WHERE i < 30;
-- says: on a thread that greenlets hold

-- case: miss others have the CPUs: the database that is waited for has none either
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 40000000, 40000000, 2000000, 38000000, cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 40000000 - 30000000, i * 40000000 - 30000000, i * 40000000 + 40000000, 200, NULL FROM n;
INSERT INTO host_second SELECT i * 1000000000, 1, 50000000, 100000000, 0, 20, 1 FROM n WHERE i BETWEEN 1 AND 4;
INSERT INTO cpu_use SELECT i * 1000000000, 1000000000, w.column1, w.column2, w.column3 FROM n, (VALUES ('own', NULL, 50000000), ('other', NULL, 1900000000), ('other', 'cc1', 1400000000)) w WHERE i BETWEEN 1 AND 4;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'socket', 'unknown', '127.0.0.1:8000');
-- says: ruled out: cannot tell: 99 % of requests began right after another, 30.0 ms after they were sent, but the machine has no CPU free, so what they wait for may have none either

-- case: hit others have the CPUs, but what is waited for is on another host, and these are let run at once
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, runqueue_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 40000000, 40000000, 2000000, 37500000, 500000, cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 40000000 - 30000000, i * 40000000 - 30000000, i * 40000000 + 40000000, 200, NULL FROM n;
INSERT INTO host_second SELECT i * 1000000000, 1, 50000000, 100000000, 0, 20, 1 FROM n WHERE i BETWEEN 1 AND 4;
INSERT INTO cpu_use SELECT i * 1000000000, 1000000000, w.column1, w.column2, w.column3 FROM n, (VALUES ('own', NULL, 50000000), ('other', NULL, 1900000000), ('other', 'cc1', 1400000000)) w WHERE i BETWEEN 1 AND 4;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'socket', 'http', '10.0.0.7:443'), (2, 1, 'socket', 'client', '127.0.0.1:4444');
-- expect: server - 42.9% 28.500ms likely

-- case: miss likewise, but these wait for a CPU, too
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, runqueue_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 40000000, 40000000, 2000000, 35500000, 2500000, cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 40000000 - 30000000, i * 40000000 - 30000000, i * 40000000 + 40000000, 200, NULL FROM n;
INSERT INTO host_second SELECT i * 1000000000, 1, 50000000, 100000000, 0, 20, 1 FROM n WHERE i BETWEEN 1 AND 4;
INSERT INTO cpu_use SELECT i * 1000000000, 1000000000, w.column1, w.column2, w.column3 FROM n, (VALUES ('own', NULL, 50000000), ('other', NULL, 1900000000), ('other', 'cc1', 1400000000)) w WHERE i BETWEEN 1 AND 4;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'socket', 'http', '10.0.0.7:443');

-- case: hit others have a half of the CPUs
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 40000000, 40000000, 2000000, 38000000, cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 40000000 - 30000000, i * 40000000 - 30000000, i * 40000000 + 40000000, 200, NULL FROM n;
INSERT INTO host_second SELECT i * 1000000000, 1, 50000000, 100000000, 0, 20, 1 FROM n WHERE i BETWEEN 1 AND 4;
INSERT INTO cpu_use SELECT i * 1000000000, 1000000000, w.column1, w.column2, w.column3 FROM n, (VALUES ('own', NULL, 50000000), ('other', NULL, 1200000000), ('other', 'cc1', 1100000000)) w WHERE i BETWEEN 1 AND 4;
-- expect: server - 42.9% 28.500ms likely
-- says not: the machine has no CPU free

-- case: miss others have the CPUs, what is waited for is on another host, and these wait for a CPU for a thirtieth of their time
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, runqueue_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 40000000, 40000000, 2000000, 36800000, 1200000, cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 40000000 - 30000000, i * 40000000 - 30000000, i * 40000000 + 40000000, 200, NULL FROM n;
INSERT INTO host_second SELECT i * 1000000000, 1, 50000000, 100000000, 0, 20, 1 FROM n WHERE i BETWEEN 1 AND 4;
INSERT INTO cpu_use SELECT i * 1000000000, 1000000000, w.column1, w.column2, w.column3 FROM n, (VALUES ('own', NULL, 50000000), ('other', NULL, 1900000000), ('other', 'cc1', 1400000000)) w WHERE i BETWEEN 1 AND 4;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'socket', 'http', '10.0.0.7:443');

-- case: hit others have six tenths of the CPUs: the database on this host can have one, too
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 40000000, 40000000, 2000000, 38000000, cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 40000000 - 30000000, i * 40000000 - 30000000, i * 40000000 + 40000000, 200, NULL FROM n;
INSERT INTO host_second SELECT i * 1000000000, 1, 50000000, 100000000, 0, 20, 1 FROM n WHERE i BETWEEN 1 AND 4;
INSERT INTO cpu_use SELECT i * 1000000000, 1000000000, w.column1, w.column2, w.column3 FROM n, (VALUES ('own', NULL, 50000000), ('other', NULL, 1200000000), ('other', 'cc1', 1100000000)) w WHERE i BETWEEN 1 AND 4;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'socket', 'unknown', '127.0.0.1:8000');
-- expect: server - 42.9% 28.500ms likely

-- case: miss a thread is free, and others have six tenths of the CPUs: that says nothing against it
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 40000000, 30000000, 2000000, 28000000, cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 40000000 - 30000000, i * 40000000 - 30000000, i * 40000000 + 40000000, 200, NULL FROM n;
INSERT INTO host_second SELECT i * 1000000000, 1, 50000000, 100000000, 0, 20, 1 FROM n WHERE i BETWEEN 1 AND 4;
INSERT INTO cpu_use SELECT i * 1000000000, 1000000000, w.column1, w.column2, w.column3 FROM n, (VALUES ('own', NULL, 50000000), ('other', NULL, 1200000000), ('other', 'cc1', 1100000000)) w WHERE i BETWEEN 1 AND 4;
INSERT INTO handle(id, process_id, kind, peer_kind, peer) VALUES (1, 1, 'socket', 'unknown', '127.0.0.1:8000');
-- says: ruled out: 0 % of requests began right after another
-- says not: the machine has no CPU free

-- case: hit greenlets could take turns, but for a call that holds the thread in a fifth of the requests
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO fact VALUES (1, 'gunicorn.worker_class', 'gevent');
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 40000000, iif(i % 10 = 0, 20000000, 40000000), 2000000, iif(i % 10 = 0, 18000000, 38000000), cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 40000000 - 30000000, i * 40000000 - 30000000, i * 40000000 + 40000000, 200, NULL FROM n;
INSERT INTO event SELECT i * 40000000 + 1000000, 18000000, i + 1, 1, 'poll', 25, NULL, NULL, 0, 20000, 0, 128, 0, 0, 1 FROM n WHERE i < 20;
-- expect: server - 44.1% 28.500ms likely

-- case: miss the same, and a thread is free whenever a request comes
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO fact VALUES (1, 'gunicorn.worker_class', 'gevent');
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 40000000, 30000000, 2000000, 28000000, cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 40000000 - 30000000, i * 40000000 - 30000000, i * 40000000 + 40000000, 200, NULL FROM n;
INSERT INTO event SELECT i * 40000000 + 1000000, 18000000, i + 1, 1, 'poll', 25, NULL, NULL, 0, 20000, 0, 128, 0, 0, 1 FROM n WHERE i < 20;
-- says: ruled out: 0 % of requests began right after another
-- says not: on a thread that greenlets hold

-- case: miss thirty clients were seen, and a thread is free whenever a request comes
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 40000000, 30000000, 2000000, 28000000, cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 40000000 - 30000000, i * 40000000 - 30000000, i * 40000000 + 40000000, 200, NULL FROM n WHERE i < 30;
-- says: ruled out: 0 % of requests began right after another

-- case: miss twelve clients were seen, and a thread is free: there is nothing to ask about
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 40000000, 30000000, 2000000, 28000000, cast(printf('%016d', i) AS BLOB) FROM n;
INSERT INTO client_request SELECT cast(printf('%016d', i) AS BLOB), i * 40000000 - 30000000, i * 40000000 - 30000000, i * 40000000 + 40000000, 200, NULL FROM n WHERE i < 12;
-- says not: whether clients wait for a worker is not known

-- case: miss six in ten begin right after another: what their clients see is asked for
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 40000000, iif(i % 10 < 4, 30000000, 40000000), 2000000, 28000000, cast(printf('%016d', i) AS BLOB) FROM n;
-- says: ruled out: whether clients wait for a worker is not known

-- case: miss three in ten begin right after another: nothing is asked
INSERT INTO meta VALUES ('cpus', 2);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 40000000, iif(i % 10 < 7, 30000000, 40000000), 2000000, 28000000, cast(printf('%016d', i) AS BLOB) FROM n;
-- says not: whether clients wait for a worker is not known
