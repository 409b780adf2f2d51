-- case: hit each request reads a file that is not in memory
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, file_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 6000000, 4000000 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, closed_ns, open_unit_id, close_unit_id) SELECT i + 1, 1, 'file', 'unknown', '/srv/3.map', i * 100000000 + 900000, i * 100000000 + 6900000, i + 1, i + 1 FROM n WHERE i < 20;
INSERT INTO event SELECT i * 100000000 + 1000000, 5000000, i + 1, 1, 'read', 8, i + 1, NULL, 3000000, 1000000, 0, 128, 0, 0, 1 FROM n WHERE i < 20;
INSERT INTO usage_10s VALUES (0, 1, 'read', 8, NULL, NULL, 0, 0, 20, 20, 0, 100000000, 20000000, 5000000, 60000000, 0, 0);
-- expect: app.py:8 /srv/app.py:8 50.0% 5.000ms proven
-- says: reads of 3.map: 1 per request
-- says: route: /

-- case: near-miss sync-log-write: it is written
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, file_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 6000000, 4000000 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns) VALUES (1, 1, 'file', 'unknown', '/srv/app.log', 5);
INSERT INTO event SELECT i * 100000000 + 1000000, 5000000, i + 1, 1, 'write', 8, 1, NULL, 3000, 1000000, 0, 128, 0, 0, 1 FROM n WHERE i < 20;
INSERT INTO usage_10s VALUES (0, 1, 'write', 8, NULL, NULL, 0, 0, 20, 20, 0, 100000000, 20000000, 5000000, 60000, 0, 0);

-- case: near-miss blocking-call-in-event-loop: the loop waits for the disk
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, file_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 6000000, 4000000 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns) VALUES (1, 1, 'file', 'unknown', '/srv/3.map', 5);
INSERT INTO event SELECT i * 100000000 + 1000000, 5000000, i + 1, 1, 'read', 8, 1, NULL, 3000000, 1000000, 0, 192, 0, 0, 1 FROM n WHERE i < 20;
INSERT INTO usage_10s VALUES (0, 1, 'read', 8, NULL, NULL, 0, 1, 20, 20, 0, 100000000, 20000000, 5000000, 60000000, 0, 0);

-- case: miss files in the cache: copying is CPU, and three of twenty requests were preempted while they copied
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, file_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 2000000, 1900000, 100000 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns) VALUES (1, 1, 'file', 'unknown', '/srv/3.map', 5);
INSERT INTO event SELECT i * 100000000 + 1000000, iif(i < 3, 4000000, 400000), i + 1, 1, 'read', 8, 1, NULL, 3000000, 380000, 0, 128, 0, 0, 1 FROM n WHERE i < 20;
INSERT INTO usage_10s VALUES (0, 1, 'read', 8, NULL, NULL, 0, 0, 20, 20, 0, 18800000, 7600000, 4000000, 60000000, 0, 0);
-- says: ruled out: reading at app.py:8 waits in 3 of 20 requests

-- case: miss what is read from another process's pipe
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, file_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 6000000, 4000000 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns) VALUES (1, 1, 'pipe', 'unknown', NULL, 5);
INSERT INTO event SELECT i * 100000000 + 1000000, 5000000, i + 1, 1, 'read', 8, 1, NULL, 3000, 1000000, 0, 128, 0, 0, 1 FROM n WHERE i < 20;
INSERT INTO usage_10s VALUES (0, 1, 'read', 8, NULL, NULL, 0, 0, 20, 20, 0, 100000000, 20000000, 5000000, 60000, 0, 0);

-- case: hit half of the reads wait
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, file_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 6000000, 4000000 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, closed_ns, open_unit_id, close_unit_id) SELECT i + 1, 1, 'file', 'unknown', '/srv/3.map', i * 100000000 + 900000, i * 100000000 + 6900000, i + 1, i + 1 FROM n WHERE i < 20;
INSERT INTO event SELECT i * 100000000 + 1000000, 5000000, i + 1, 1, 'read', 8, i + 1, NULL, 3000000, 1000000, 0, 128, 0, 0, 1 FROM n WHERE i < 11;
INSERT INTO usage_10s VALUES (0, 1, 'read', 8, NULL, NULL, 0, 0, 20, 20, 0, 100000000, 20000000, 5000000, 60000000, 0, 0);
-- expect: app.py:8 /srv/app.py:8 27.5% 2.750ms proven

-- case: miss two of five reads wait
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, file_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 6000000, 4000000 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, closed_ns, open_unit_id, close_unit_id) SELECT i + 1, 1, 'file', 'unknown', '/srv/3.map', i * 100000000 + 900000, i * 100000000 + 6900000, i + 1, i + 1 FROM n WHERE i < 20;
INSERT INTO event SELECT i * 100000000 + 1000000, 5000000, i + 1, 1, 'read', 8, i + 1, NULL, 3000000, 1000000, 0, 128, 0, 0, 1 FROM n WHERE i < 8;
INSERT INTO usage_10s VALUES (0, 1, 'read', 8, NULL, NULL, 0, 0, 20, 20, 0, 100000000, 20000000, 5000000, 60000000, 0, 0);

-- case: hit a file of the cache that each request reads again
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, file_ns, bytes_out) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 9900000, 100000, 2000 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, closed_ns, open_unit_id, close_unit_id) SELECT i + 1, 1, 'file', 'unknown', '/srv/3.map', i * 100000000 + 900000, i * 100000000 + 6900000, i + 1, i + 1 FROM n WHERE i < 20;
INSERT INTO event SELECT i * 100000000 + 1000000, 5000000, i + 1, 1, 'read', 8, i + 1, NULL, 3000000, 4980000, 0, 128, 0, 0, 1 FROM n WHERE i < 20;
INSERT INTO usage_10s VALUES (0, 1, 'read', 8, NULL, NULL, 0, 0, 20, 20, 0, 100000000, 99600000, 5000000, 60000000, 0, 0);
-- expect: app.py:8 /srv/app.py:8 50.0% >=5.000ms proven
-- says: A request reads 3.map, what others before it have read: 5.00 ms each time.
-- says: because: 20 of 20 requests open it anew
-- says: different files: 1 in 20 requests looked at
-- says: keep in memory what is made of it

-- case: hit nine files, by turns
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, file_ns, bytes_out) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 9900000, 100000, 2000 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, closed_ns, open_unit_id, close_unit_id) SELECT i + 1, 1, 'file', 'unknown', '/srv/' || (i % 9) || '.map', i * 100000000 + 900000, i * 100000000 + 6900000, i + 1, i + 1 FROM n WHERE i < 20;
INSERT INTO event SELECT i * 100000000 + 1000000, 5000000, i + 1, 1, 'read', 8, i + 1, NULL, 3000000, 4980000, 0, 128, 0, 0, 1 FROM n WHERE i < 20;
INSERT INTO usage_10s VALUES (0, 1, 'read', 8, NULL, NULL, 0, 0, 20, 20, 0, 100000000, 99600000, 5000000, 60000000, 0, 0);
-- expect: app.py:8 /srv/app.py:8 50.0% >=5.000ms proven
-- says: A request reads what others before it have read: 5.00 ms each time.

-- case: miss eleven files in twenty requests
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, file_ns, bytes_out) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 9900000, 100000, 2000 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, closed_ns, open_unit_id, close_unit_id) SELECT i + 1, 1, 'file', 'unknown', '/srv/' || (i % 11) || '.map', i * 100000000 + 900000, i * 100000000 + 6900000, i + 1, i + 1 FROM n WHERE i < 20;
INSERT INTO event SELECT i * 100000000 + 1000000, 5000000, i + 1, 1, 'read', 8, i + 1, NULL, 3000000, 4980000, 0, 128, 0, 0, 1 FROM n WHERE i < 20;
INSERT INTO usage_10s VALUES (0, 1, 'read', 8, NULL, NULL, 0, 0, 20, 20, 0, 100000000, 99600000, 5000000, 60000000, 0, 0);
-- says: ruled out: reading at app.py:8 waits in 0 of 20 requests

-- case: miss three of twenty were opened for an earlier request
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, file_ns, bytes_out) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 9900000, 100000, 2000 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, closed_ns, open_unit_id, close_unit_id) SELECT i + 1, 1, 'file', 'unknown', '/srv/3.map', i * 100000000 + 900000, i * 100000000 + 6900000, iif(i BETWEEN 1 AND 3, NULL, i + 1), i + 1 FROM n WHERE i < 20;
INSERT INTO event SELECT i * 100000000 + 1000000, 5000000, i + 1, 1, 'read', 8, i + 1, NULL, 3000000, 4980000, 0, 128, 0, 0, 1 FROM n WHERE i < 20;
INSERT INTO usage_10s VALUES (0, 1, 'read', 8, NULL, NULL, 0, 0, 20, 20, 0, 100000000, 99600000, 5000000, 60000000, 0, 0);

-- case: hit two of twenty were
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, file_ns, bytes_out) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 9900000, 100000, 2000 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, closed_ns, open_unit_id, close_unit_id) SELECT i + 1, 1, 'file', 'unknown', '/srv/3.map', i * 100000000 + 900000, i * 100000000 + 6900000, iif(i BETWEEN 1 AND 2, NULL, i + 1), i + 1 FROM n WHERE i < 20;
INSERT INTO event SELECT i * 100000000 + 1000000, 5000000, i + 1, 1, 'read', 8, i + 1, NULL, 3000000, 4980000, 0, 128, 0, 0, 1 FROM n WHERE i < 20;
INSERT INTO usage_10s VALUES (0, 1, 'read', 8, NULL, NULL, 0, 0, 20, 20, 0, 100000000, 99600000, 5000000, 60000000, 0, 0);
-- expect: app.py:8 /srv/app.py:8 50.0% >=5.000ms proven

-- case: miss it is sent, piece by piece
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, file_ns, bytes_out) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 9900000, 100000, 3000000 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, closed_ns, open_unit_id, close_unit_id) SELECT i + 1, 1, 'file', 'unknown', '/srv/3.map', i * 100000000 + 900000, i * 100000000 + 6900000, i + 1, i + 1 FROM n WHERE i < 20;
INSERT INTO event SELECT i * 100000000 + 1000000, 5000000, i + 1, 1, 'read', 8, i + 1, NULL, 3000000, 4980000, 0, 128, 0, 0, 1 FROM n WHERE i < 20;
INSERT INTO usage_10s VALUES (0, 1, 'read', 8, NULL, NULL, 0, 0, 20, 80, 0, 100000000, 99600000, 5000000, 60000000, 0, 0);

-- case: hit it is sent, as a whole
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, file_ns, bytes_out) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 9900000, 100000, 3000000 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, closed_ns, open_unit_id, close_unit_id) SELECT i + 1, 1, 'file', 'unknown', '/srv/3.map', i * 100000000 + 900000, i * 100000000 + 6900000, i + 1, i + 1 FROM n WHERE i < 20;
INSERT INTO event SELECT i * 100000000 + 1000000, 5000000, i + 1, 1, 'read', 8, i + 1, NULL, 3000000, 4980000, 0, 128, 0, 0, 1 FROM n WHERE i < 20;
INSERT INTO usage_10s VALUES (0, 1, 'read', 8, NULL, NULL, 0, 0, 20, 40, 0, 100000000, 99600000, 5000000, 60000000, 0, 0);
-- expect: app.py:8 /srv/app.py:8 50.0% >=5.000ms proven

-- case: hit it is read piece by piece, and little is sent
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, file_ns, bytes_out) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 9900000, 100000, 1400000 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, closed_ns, open_unit_id, close_unit_id) SELECT i + 1, 1, 'file', 'unknown', '/srv/3.map', i * 100000000 + 900000, i * 100000000 + 6900000, i + 1, i + 1 FROM n WHERE i < 20;
INSERT INTO event SELECT i * 100000000 + 1000000, 5000000, i + 1, 1, 'read', 8, i + 1, NULL, 3000000, 4980000, 0, 128, 0, 0, 1 FROM n WHERE i < 20;
INSERT INTO usage_10s VALUES (0, 1, 'read', 8, NULL, NULL, 0, 0, 20, 160, 0, 100000000, 99600000, 5000000, 60000000, 0, 0);
-- expect: app.py:8 /srv/app.py:8 50.0% >=5.000ms proven

-- case: miss it takes a third of a request
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, file_ns, bytes_out) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 15000000, 14900000, 100000, 2000 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, closed_ns, open_unit_id, close_unit_id) SELECT i + 1, 1, 'file', 'unknown', '/srv/3.map', i * 100000000 + 900000, i * 100000000 + 6900000, i + 1, i + 1 FROM n WHERE i < 20;
INSERT INTO event SELECT i * 100000000 + 1000000, 5000000, i + 1, 1, 'read', 8, i + 1, NULL, 3000000, 4980000, 0, 128, 0, 0, 1 FROM n WHERE i < 20;
INSERT INTO usage_10s VALUES (0, 1, 'read', 8, NULL, NULL, 0, 0, 20, 20, 0, 100000000, 99600000, 5000000, 60000000, 0, 0);
