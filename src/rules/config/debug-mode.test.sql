-- case: hit Django's DEBUG under gunicorn
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 10000000, 1000000, 1000000 FROM n;
INSERT INTO fact VALUES (1, 'server', 'gunicorn'), (1, 'django.debug', 'True');
-- expect: django.debug - 0.0% - possible
-- says: because: django.debug = True in 1 process that serves requests

-- case: miss it is off
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 10000000, 1000000, 1000000 FROM n;
INSERT INTO fact VALUES (1, 'server', 'gunicorn'), (1, 'django.debug', 'False'), (1, 'debug', '0');
-- says: ruled out: debug = 0
