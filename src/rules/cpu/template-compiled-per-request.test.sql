-- case: hit a template is compiled in each request
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/venv/lib/python3.12/site-packages/jinja2/environment.py', 'Environment.compile', 1, 'library', 1, x''), (10, '/venv/lib/python3.12/site-packages/jinja2/lexer.py', 'Lexer.tokeniter', 1, 'library', 1, x''),
  (11, '<template>', 'root', 1, 'generated', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 760, 3, 41), (901, 900, 10, 0, 706, 4, 41), (902, 41, 11, 0, 12, 3, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 80, 0, 400000000, 400000000, 0), (0, 1, 1, 1, 1, 901, 'gil', NULL, NULL, 1, 20, 0, 100000000, 0, 0),
  (0, 1, 1, 1, 1, 902, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 901, NULL FROM n;
-- expect: all /srv/app.py:41 50.0% 4.000ms likely
-- says: not cold-start: seen in 100 requests, also in the second half of the recording

-- case: near-miss cold-start: compiled at first use, by the first requests alone
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/venv/lib/python3.12/site-packages/django/template/base.py', 'Template.compile_nodelist', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 760, 3, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 20, 0, 100000000, 100000000, 0), (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 180, 0, 900000000, 900000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n WHERE i < 20;

-- case: miss a long page is rendered from a compiled template
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/venv/lib/python3.12/site-packages/django/template/base.py', 'NodeList.render', 1, 'library', 1, x''), (10, '/venv/lib/python3.12/site-packages/django/template/loaders/cached.py', 'Loader.get_template', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 990, 3, 41), (901, 41, 10, 0, 49, 3, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 180, 0, 900000000, 900000000, 0), (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 20, 0, 100000000, 100000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n;

-- case: miss compiled between the requests, by a thread of its own
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/venv/lib/python3.12/site-packages/jinja2/environment.py', 'Environment.compile', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 760, 3, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, NULL, 0, 900, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0), (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 180, 0, 900000000, 900000000, 0);

-- case: hit seen from outside: busy threads compile
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/venv/lib/python3.12/site-packages/mako/template.py', '_compile', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 41, 9, 0, 760, 3, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, NULL, 0, 900, 'python', NULL, NULL, 2, 40, 0, 400000000, 400000000, 0), (0, 1, 1, NULL, 0, 12, 'native', NULL, NULL, 2, 60, 0, 600000000, 600000000, 0),
  (0, 1, 1, NULL, 0, 1000, 'call', 'pselect6', NULL, 2, 5900, 0, 59000000000, 0, 0);
-- expect: all /srv/app.py:41 40.0% - likely
-- says: A template is compiled by a thread at work, again and again: 40 % of its time.

-- case: hit most is compiled where it is rendered (what it extends), but what was made for it is got in the line before
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/venv/lib/python3.12/site-packages/jinja2/environment.py', 'Environment.compile', 1, 'library', 1, x'');
INSERT INTO stack VALUES (900, 42, 9, 0, 760, 3, 42), (901, 41, 9, 0, 760, 3, 41);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 80, 0, 400000000, 400000000, 0), (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 20, 0, 100000000, 100000000, 0),
  (0, 1, 1, 1, 1, 12, 'native', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 900, NULL FROM n;
-- expect: all /srv/app.py:41 50.0% 4.500ms likely
-- says: at /srv/app.py:42 handler

-- case: hit a text is rendered by Flask: a template in a file is kept
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES
  (9, '/venv/lib/python3.12/site-packages/jinja2/environment.py', 'Environment.compile', 1, 'library', 1, x''), (10, '/venv/lib/python3.12/site-packages/jinja2/lexer.py', 'Lexer.tokeniter', 1, 'library', 1, x''),
  (11, '<template>', 'root', 1, 'generated', 1, x''), (12, 'tests/rules/source_templates.py', 'shelf', 4, 'app', 1, x'');
INSERT INTO meta VALUES ('started_realtime_ns', 4000000000000000000);
INSERT INTO stack VALUES (899, 1000, 12, 0, 5, 2, 899), (900, 899, 9, 0, 760, 3, 899), (901, 900, 10, 0, 706, 4, 899), (902, 899, 11, 0, 12, 3, 899);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 901, 'python', NULL, NULL, 1, 80, 0, 400000000, 400000000, 0), (0, 1, 1, 1, 1, 901, 'gil', NULL, NULL, 1, 20, 0, 100000000, 0, 0),
  (0, 1, 1, 1, 1, 902, 'python', NULL, NULL, 1, 100, 0, 500000000, 500000000, 0);
INSERT INTO unit_sample SELECT i + 1, 1, i * 100000000 + 1000000, 5000000, 'python', 901, NULL FROM n;
-- expect: all tests/rules/source_templates.py:5 50.0% 4.000ms likely
-- says: call render_template(
