-- case: hit four look-ups in each request, for datagrams
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 8000000, 2000000 FROM n WHERE i < 20;
INSERT INTO usage_10s VALUES (0, 1, 'dns', 7, NULL, NULL, 0, 0, 20, 80, 0, 40000000, 4000000, 600000, 0, 0, 0);
-- expect: app.py:7 /srv/app.py:7 20.0% 2.000ms proven
-- says: route: /
-- says: A name is looked up 4.0 times in each request.

-- case: near-miss no-upstream-keep-alive: a name is looked up when a connection is made, and that is kept
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 8000000, 2000000 FROM n WHERE i < 20;
INSERT INTO handle(id, process_id, kind, peer_kind, peer, opened_ns, open_unit_id, open_stack_id, uses) SELECT i + 1, 1, 'socket', 'http', 'stock:80', i * 500000000 + 1000, i * 5 + 1, 7, 5 FROM n WHERE i < 4;
INSERT INTO usage_10s VALUES (0, 1, 'dns', 7, NULL, NULL, 0, 0, 4, 4, 0, 40000000, 400000, 10000000, 0, 0, 0);
-- says: ruled out: 4 look-ups of names in 20 requests

-- case: miss addresses that are written as numbers: nothing is asked, and it takes no time
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 8000000, 2000000 FROM n WHERE i < 20;
INSERT INTO usage_10s VALUES (0, 1, 'dns', 7, NULL, NULL, 0, 0, 20, 20, 0, 160000, 160000, 12000, 0, 0, 0);
-- says: ruled out: seen, 0.1 % of the time; it is called a cause from 3 % on
