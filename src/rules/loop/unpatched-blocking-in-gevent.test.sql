-- case: hit a driver in C waits on the hub's thread; clients wait until they are taken
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/gevent/hub.py', 'Hub.run', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 0, 9, 0, 647, 1, 0);
INSERT INTO sample_10s VALUES (0, 1, 1, NULL, 0, 900, 'call', NULL, NULL, 1, 400, 0, 2000000000, 0, 0);
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns) VALUES (7, 1, 'socket', 'postgresql', 'db:5432', 0);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 25000000, 20000000, 1000000, 18000000, CAST(i AS BLOB) FROM n WHERE i < 40;
INSERT INTO event SELECT i * 25000000 + 1000000, 18000000, i + 1, 1, 'poll', 25, 7, NULL, 0, 20000, 0, 128, 0, 0, 1 FROM n WHERE i < 40;
INSERT INTO client_request(trace, intended_ns, sent_ns, done_ns, status) SELECT CAST(i AS BLOB), i * 25000000 - 10000000, i * 25000000 - 10000000, i * 25000000 + 20000000, 200 FROM n WHERE i BETWEEN 1 AND 39;
-- expect: hub /srv/app.py:25 16.7% >=3.600ms proven
-- says: A call that does not wait as greenlets do (poll) holds up all others of the worker for 18.0 ms a request.
-- says: route: /
-- says: its client waited 4.00 ms for it until its request was begun
-- says: clients waited for it until they were taken: 4 ms per request

-- case: hit eventlet, by gunicorn's worker class; nobody saw the clients, and one that was begun stands still
INSERT INTO fact VALUES (1, 'gunicorn.worker_class', 'eventlet');
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, sleep_ns) SELECT i + 1, 1, 1, 'request', 1, i * 25000000, 30000000, 1000000, 18000000 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 25000000 + 1000000, 18000000, i + 1, 1, 'sleep', 25, NULL, NULL, 0, 20000, 0, 128, 0, 0, 1 FROM n WHERE i < 40;
-- expect: hub /srv/app.py:25 59.9% >=0.000ms likely
-- says: not seen: clients that wait until they are taken
-- says: others that were begun stood still: 3.9 ms per request

-- case: near-miss too-few-workers: a synchronous worker waits for its database
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns) VALUES (7, 1, 'socket', 'postgresql', 'db:5432', 0);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, db_ns) SELECT i + 1, 1, 1, 'request', 1, i * 25000000, 20000000, 1000000, 18000000 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 25000000 + 1000000, 18000000, i + 1, 1, 'poll', 25, 7, NULL, 0, 20000, 0, 128, 0, 0, 1 FROM n WHERE i < 40;

-- case: near-miss blocking-call-in-event-loop: the same on a loop of asyncio
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns) VALUES (7, 1, 'socket', 'postgresql', 'db:5432', 0);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, running_ns, suspended_ns, ready_ns, steps, db_ns) SELECT i + 1, 1, 1, 'request', 1, i * 25000000, 20000000, 1000000, 19000000, 1000000, 0, 2, 18000000 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 25000000 + 1000000, 18000000, i + 1, 1, 'poll', 25, 7, NULL, 0, 20000, 0, 192, 0, 0, 1 FROM n WHERE i < 40;

-- case: miss patched code: the hub waits, and now and then a call is preempted
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/venv/lib/python3.12/site-packages/gevent/hub.py', 'Hub.run', 1, 'library', 1, x''), (10, '/venv/lib/python3.12/site-packages/gevent/_socketcommon.py', 'SocketMixin.recv', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 0, 9, 0, 647, 1, 0), (901, 25, 10, 0, 656, 3, 25);
INSERT INTO sample_10s VALUES (0, 1, 1, NULL, 0, 900, 'call', NULL, NULL, 1, 400, 0, 2000000000, 0, 0);
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns) VALUES (7, 1, 'socket', 'postgresql', 'db:5432', 0);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns) SELECT i + 1, 1, 1, 'request', 1, i * 25000000, 20000000, 1000000, 3000000 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 25000000 + 1000000, 9000000, i + 1, 1, 'recv', 25, 7, NULL, 0, 20000, 0, 128, 0, 0, 1 FROM n WHERE i < 11;
INSERT INTO event SELECT i * 25000000 + 11000000, 3000000, i + 1, 1, 'recv', 901, 7, NULL, 0, 20000, 0, 128, 0, 0, 1 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 25000000 + 15000000, 3000000, i + 1, 1, 'send', 25, 7, NULL, 0, 20000, 0, 128, 0, 0, 1 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 25000000 + 15000000, 3000000, i + 1, 1, 'poll', 25, 7, NULL, 0, 2000000, 0, 128, 0, 0, 1 FROM n WHERE i < 40;
-- says: ruled out: 11 calls of requests waited on a thread of greenlets, in too few requests to be more than chance

-- case: hit two fifths of the requests; a second line is a tenth of it, a third nearly nothing; too few clients were seen
INSERT INTO fact VALUES (1, 'gunicorn.worker_class', 'gevent');
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, sleep_ns, trace) SELECT i + 1, 1, 1, 'request', 1, i * 25000000, 24000000, 1000000, 18000000, CAST(i AS BLOB) FROM n WHERE i < 40;
INSERT INTO event SELECT i * 25000000 + 1000000, 18000000, i + 1, 1, 'sleep', 25, NULL, NULL, 0, 20000, 0, 128, 0, 0, 1 FROM n WHERE i < 16;
INSERT INTO event SELECT i * 25000000 + 19500000, 1600000, i + 1, 1, 'sleep', 26, NULL, NULL, 0, 20000, 0, 128, 0, 0, 1 FROM n WHERE i < 16;
INSERT INTO event SELECT i * 25000000 + 21500000, 700000, i + 1, 1, 'sleep', 27, NULL, NULL, 0, 20000, 0, 128, 0, 0, 1 FROM n WHERE i < 16;
INSERT INTO client_request(trace, intended_ns, sent_ns, done_ns, status) SELECT CAST(i AS BLOB), i * 25000000 - 10000000, i * 25000000 - 10000000, i * 25000000 + 20000000, 200 FROM n WHERE i BETWEEN 1 AND 15;
-- expect: hub /srv/app.py:25 33.7% >=0.000ms likely
-- says: at /srv/app.py:26
-- says not: at /srv/app.py:27
-- says: saving: 0.000 to 8.096 ms

-- case: hit on two routes
INSERT INTO fact VALUES (1, 'gunicorn.worker_class', 'gevent');
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, sleep_ns) SELECT i + 1, 1, 1, 'request', 1 + i % 2, i * 25000000, 20000000, 1000000, 18000000 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 25000000 + 1000000, 18000000, i + 1, 1, 'sleep', 25, NULL, NULL, 0, 20000, 0, 128, 0, 0, 1 FROM n WHERE i < 40;
-- expect: hub /srv/app.py:25 89.9% >=0.000ms proven
-- says not: route:

-- case: miss a quarter of the requests
INSERT INTO fact VALUES (1, 'gunicorn.worker_class', 'gevent');
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, sleep_ns) SELECT i + 1, 1, 1, 'request', 1, i * 25000000, 20000000, 1000000, 18000000 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 25000000 + 1000000, 18000000, i + 1, 1, 'sleep', 25, NULL, NULL, 0, 20000, 0, 128, 0, 0, 1 FROM n WHERE i < 10;
