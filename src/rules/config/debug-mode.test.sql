-- case: hit Django's DEBUG under gunicorn
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 10000000, 1000000, 1000000 FROM n;
INSERT INTO fact VALUES (1, 'server', 'gunicorn'), (1, 'django.debug', 'True');
-- expect: django.debug - 0.0% - possible
-- says: because: django.debug = True in 1 process that serves requests

-- case: miss it is off
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 10000000, 1000000, 1000000 FROM n;
INSERT INTO fact VALUES (1, 'server', 'gunicorn'), (1, 'django.debug', 'False'), (1, 'debug', '0');
-- says: ruled out: debug = 0

-- case: hit a development server that is asked for more than a person asks for by hand
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT p.i * 10 + q.i + 1, 1, 'request', 1, (p.i * 10 + q.i) * 10000000, 1000000, 1000000 FROM n p, n q WHERE p.i < 22 AND q.i < 10;
INSERT INTO fact VALUES (1, 'server', 'werkzeug'), (1, 'flask.debug', 'True');
-- expect: flask.debug - 0.0% - possible

-- case: miss a development server that somebody tries
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT p.i * 10 + q.i + 1, 1, 'request', 1, (p.i * 10 + q.i) * 10000000, 1000000, 1000000 FROM n p, n q WHERE p.i < 20 AND q.i < 10;
INSERT INTO fact VALUES (1, 'server', 'werkzeug'), (1, 'flask.debug', 'True');

-- case: miss thirty requests are few
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 10000000, 1000000, 1000000 FROM n WHERE i < 30;
INSERT INTO fact VALUES (1, 'server', 'gunicorn'), (1, 'django.debug', 'True');

-- case: hit asyncio's debug mode, which an environment variable switches on
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 10000000, 1000000, 1000000 FROM n;
INSERT INTO fact VALUES (1, 'server', 'gunicorn'), (1, 'asyncio.debug', 'True');
-- expect: asyncio.debug - 0.0% - possible
-- says: Debug mode is on (asyncio: PYTHONASYNCIODEBUG).
-- says: PYTHONASYNCIODEBUG is set in the environment
-- says: raw_env
