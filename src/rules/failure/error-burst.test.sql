-- case: hit every request fails at one line
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, status, error_id) SELECT i + 1, 1, 'request', 1, i * 10000000, 1000000, 1000000, 500, 6 FROM n;
INSERT INTO exception SELECT i * 10000000, i + 1, 6, 25 FROM n;
-- expect: ValueError app.py:25 /srv/app.py:25 100.0% - proven

-- case: hit a twelfth of the requests, all those of one route
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, status, error_id) SELECT i + 1, 1, 'request', iif(i < 8, 2, 1), i * 10000000, 1000000, 1000000, iif(i < 8, 500, 200), iif(i < 8, 6, NULL) FROM n;
INSERT INTO exception SELECT i * 10000000, i + 1, 6, 25 FROM n WHERE i < 8;
-- expect: ValueError app.py:25 /srv/app.py:25 8.0% - proven
-- says: 8 of 8 requests of /orders fail with ValueError.
-- says: of them answered with a status of 500 or more: 8 

-- case: hit the app answers with 503 itself
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, status) SELECT i + 1, 1, 'request', 1, i * 10000000, 1000000, 1000000, iif(i < 40, 503, 200) FROM n;
-- expect: status 503 -:0 - 40.0% - likely

-- case: hit the only request of a first try, whose client had no answer
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, error_id) VALUES (1, 1, 'request', 1, 0, 1000000, 1000000, 6);
INSERT INTO exception VALUES (0, 1, 6, 25);
-- expect: ValueError app.py:25 /srv/app.py:25 100.0% - proven
-- says: The only request fails with ValueError.

-- case: near-miss no-timeout-retry-storm: a few of all wait long for another service and give up
INSERT INTO text VALUES (60, 'builtins.TimeoutError');
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, status, error_id) SELECT i + 1, 1, 'request', 1, i * 10000000, iif(i < 5, 900000000, 1000000), 1000000, iif(i < 5, 899000000, 0), iif(i < 5, 504, 200), iif(i < 5, 60, NULL) FROM n;
INSERT INTO exception SELECT i * 10000000, i + 1, 60, 25 FROM n WHERE i < 5;

-- case: miss clients ask for what is not there
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, status) SELECT i + 1, 1, 'request', 1, i * 10000000, 1000000, 1000000, 404 FROM n;
-- says: ruled out: none of 100 requests failed

-- case: hit one in eight is answered with 503
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, status) SELECT i + 1, 1, 'request', 1, i * 10000000, 1000000, 1000000, iif(i < 12, 503, 200) FROM n;
-- expect: status 503 -:0 - 12.0% - likely

-- case: hit five of the eight requests of a route
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, status, error_id) SELECT i + 1, 1, 'request', iif(i < 8, 2, 1), i * 10000000, 1000000, 1000000, iif(i < 8, 500, 200), iif(i < 8, 6, NULL) FROM n;
INSERT INTO exception SELECT i * 10000000, i + 1, 6, 25 FROM n WHERE i < 5;
-- expect: ValueError app.py:25 /srv/app.py:25 5.0% - proven
