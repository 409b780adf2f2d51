-- Temporary tables for rules about work that a library does for a line of the application, after
-- samples.sql. Samples say what part of the time of units is below which functions; the ledger says how
-- much that time is. All states count: code that is not run neither computes nor waits for the GIL or a CPU.

CREATE TEMP TABLE slow_here AS
-- Rows of slow_version.csv of which this app has the package in such a version; work: what known_work calls it.
SELECT s.*, f.value AS version, printf('version %s %s', s.package, s.since) AS work
FROM slow_version s JOIN (SELECT DISTINCT key, value FROM v1_fact) f ON f.key = 'package.' || s.package
WHERE version_key(f.value) >= version_key(s.since) AND version_key(f.value) < version_key(s.before);

CREATE TEMP TABLE known_work AS
-- Functions that are entered for one kind of work alone, so that all below them is that work. A row is a
-- file (LIKE) and the last part of the function's name, '%' for all: before 3.11 a code object has no more.
-- What a cache answers does not enter them (jinja2, Django and re look into theirs before).
SELECT column1 AS work, column2 AS file, column3 AS name FROM (VALUES
  ('template', '%/jinja2/environment.py', 'compile'), ('template', '%/jinja2/loaders.py', 'load'),
  ('template', '%/django/template/base.py', 'compile_nodelist'), ('template', '%/django/template/loaders/base.py', 'get_template'),
  ('template', '%/mako/template.py', '_compile'), ('template', '%/mako/template.py', '_compile_from_file'),
  ('template', '%/chameleon/template.py', 'cook'), ('template', '%/tornado/template.py', '_generate_python'),
  ('tls', '%/ssl.py', 'create_default_context'), ('tls', '%/ssl.py', '_create_unverified_context'),
  ('tls', '%/ssl.py', 'load_default_certs'), ('tls', '%/ssl.py', 'load_verify_locations'),
  ('tls', '%/ssl.py', 'set_default_verify_paths'), ('tls', '%/urllib3/util/ssl_.py', 'create_urllib3_context'),
  ('tls', '%/httpx/_config.py', 'create_ssl_context'), ('tls', '%/httpx/_config.py', 'load_ssl_context'),
  ('tls', '%/aiohttp/connector.py', '_make_ssl_context'), ('tls', '%/grpc/__init__.py', 'ssl_channel_credentials'),
  ('compile', '%/re/_compiler.py', 'compile'), ('compile', '%/sre_compile.py', 'compile'),
  ('compile', '%/regex/_regex_core.py', '%'), ('compile', '%/pydantic/type_adapter.py', '__init__'),
  ('compile', '%/pydantic/_internal/_model_construction.py', '__new__'), ('compile', '%/jsonschema/validators.py', 'check_schema'),
  ('copy', '%/copy.py', 'deepcopy'), ('copy', '%/dataclasses.py', '_asdict_inner'), ('copy', '%/dataclasses.py', 'asdict'),
  ('copy', '%/dataclasses.py', '_astuple_inner'), ('copy', '%/dataclasses.py', 'astuple'),
  ('debug', '%/logging/__init__.py', 'debug'),
  ('serialise', '%/fastapi/encoders.py', 'jsonable_encoder'), ('serialise', '%/fastapi/routing.py', 'serialize_response'),
  ('serialise', '%/json/encoder.py', '_iterencode'), ('serialise', '%/json/encoder.py', '_iterencode_dict'),
  ('serialise', '%/json/encoder.py', '_iterencode_list'), ('serialise', '%/simplejson/encoder.py', '_iterencode'),
  ('serialise', '%/pydantic/v1/main.py', 'json'), ('serialise', '%/pydantic/v1/main.py', 'dict'), ('serialise', '%/pydantic/main.py', '_iter'),
  ('serialise', '%/marshmallow/schema.py', 'dump'), ('serialise', '%/rest_framework/serializers.py', 'to_representation'),
  ('serialise', '%/django/core/serializers/base.py', 'serialize'), ('serialise', '%/flask_restful/__init__.py', 'marshal'), ('serialise', '%/flask_restx/marshalling.py', 'marshal'),
  ('parse', '%/json/__init__.py', 'load'), ('parse', '%/json/__init__.py', 'loads'), ('parse', '%/yaml/__init__.py', 'load'),
  ('parse', '%/yaml/__init__.py', 'load_all'), ('parse', '%/ruamel/yaml/main.py', 'load'), ('parse', '%/tomllib/_parser.py', 'loads'),
  ('parse', '%/tomli/_parser.py', 'loads'), ('parse', '%/toml/decoder.py', 'loads'), ('parse', '%/configparser.py', '_read'),
  ('parse', '%/xml/etree/ElementTree.py', 'parse'), ('parse', '%/xml/dom/minidom.py', 'parse'), ('parse', '%/plistlib.py', 'load'),
  ('parse', '%/dotenv/parser.py', 'parse_stream'), ('parse', '%/dotenv/main.py', 'parse'), ('parse', '%/openpyxl/reader/excel.py', 'load_workbook'))
UNION ALL SELECT work, file, function FROM slow_here
UNION ALL SELECT 'beside ' || work, '%/' || package || '/%', beside FROM slow_here WHERE beside <> '';

CREATE TEMP TABLE known_owner AS
-- Libraries all of whose own time is that work, whoever they call: theirs is a sample whose nearest frame that is
-- neither the standard library's nor anyio's (task groups and streams of starlette's middleware) is in such a file.
SELECT column1 AS work, column2 AS file FROM (VALUES
  ('middleware', '%/starlette/middleware/base.py'),
  ('monitoring', '%/sentry_sdk/%'), ('monitoring', '%/raven/%'), ('monitoring', '%/opentelemetry/%'), ('monitoring', '%/opencensus/%'),
  ('monitoring', '%/ddtrace/%'), ('monitoring', '%/datadog/%'), ('monitoring', '%/newrelic/%'), ('monitoring', '%/elasticapm/%'),
  ('monitoring', '%/scout_apm/%'), ('monitoring', '%/appsignal/%'), ('monitoring', '%/rollbar/%'), ('monitoring', '%/bugsnag/%'),
  ('monitoring', '%/honeybadger/%'), ('monitoring', '%/logfire/%'), ('monitoring', '%/prometheus_client/%'),
  ('monitoring', '%/django_prometheus/%'), ('monitoring', '%/jaeger_client/%'), ('monitoring', '%/aws_xray_sdk/%'),
  ('monitoring', '%/silk/%'), ('monitoring', '%/pyinstrument/%'), ('monitoring', '%/coverage/%'), ('monitoring', '%/line_profiler/%'),
  ('monitoring', '%/viztracer/%'), ('monitoring', '%/yappi.py'), ('monitoring', '%/memory_profiler.py'), ('monitoring', '%/werkzeug/middleware/profiler.py'),
  ('monitoring', '%/cProfile.py'), ('monitoring', '%/lib/python%/profile.py'), ('monitoring', '%/pstats.py'), ('monitoring', '%/lib/python%/trace.py'),
  ('monitoring', '%/bdb.py'), ('monitoring', '%/tracemalloc.py'));

CREATE TEMP TABLE owned AS
-- Stacks whose nearest such frame is of a known owner, with that frame.
WITH RECURSIVE code AS MATERIALIZED (
  SELECT file, kind, (SELECT work FROM known_owner k WHERE c.file LIKE k.file) AS work,
    kind = 'stdlib' OR file LIKE '%/anyio/%' AS helps
  FROM (SELECT DISTINCT file, kind FROM v1_frame WHERE EXISTS (SELECT 1 FROM v1_sampled)) c
), frame AS MATERIALIZED (
  SELECT f.id, f.parent_id, iif(f.kind IN ('library', 'stdlib', 'server'), c.work, NULL) AS work, c.helps FROM v1_frame f
  JOIN code c ON c.file = f.file AND c.kind = f.kind WHERE EXISTS (SELECT 1 FROM code WHERE work IS NOT NULL)
), down(id, work, owner_id) AS (
  SELECT id, work, iif(work IS NULL, NULL, id) FROM frame WHERE parent_id = 0
  UNION ALL SELECT f.id, iif(f.helps AND d.work IS NOT NULL, d.work, f.work), CASE WHEN f.helps AND d.work IS NOT NULL THEN d.owner_id WHEN f.work IS NOT NULL THEN f.id END
  FROM down d JOIN frame f ON f.parent_id = d.id
)
SELECT id AS stack_id, work, owner_id FROM down WHERE work IS NOT NULL;

CREATE TEMP TABLE working AS
-- Stacks that are such work: a stack has one kind, an owner's, or else the outermost one that was entered, which is what was
-- asked for; a slow version comes before these, for it makes them slow. entry_id: the owner's frame, or that function's. Of the whole recording, as stacks are.
WITH RECURSIVE code AS MATERIALIZED (
  SELECT file, function, (SELECT work FROM known_work k WHERE c.file LIKE k.file
      AND (k.name = '%' OR c.function = k.name OR substr(c.function, -length(k.name) - 1) = '.' || k.name)
      ORDER BY k.work LIKE 'version %' DESC LIMIT 1) AS work
  FROM (SELECT DISTINCT file, function FROM v1_frame WHERE kind IN ('stdlib', 'library') AND EXISTS (SELECT 1 FROM v1_sampled)) c
), frame AS MATERIALIZED (
  SELECT f.id, f.parent_id, c.work, coalesce(c.work LIKE 'version %', 0) AS slow FROM v1_frame f
  LEFT JOIN code c ON c.work IS NOT NULL AND c.file = f.file AND c.function = f.function AND f.kind <> 'app'
  WHERE EXISTS (SELECT 1 FROM code WHERE work IS NOT NULL)
), down(id, work, entry_id) AS (
  SELECT id, work, iif(work IS NULL, NULL, id) FROM frame WHERE parent_id = 0
  UNION ALL SELECT f.id, iif(f.slow > coalesce(d.work LIKE 'version %', 0), f.work, coalesce(d.work, f.work)),
    iif(f.slow > coalesce(d.work LIKE 'version %', 0), f.id, coalesce(d.entry_id, iif(f.work IS NULL, NULL, f.id)))
  FROM down d JOIN frame f ON f.parent_id = d.id
)
SELECT id AS stack_id, work, entry_id FROM down WHERE work IS NOT NULL AND id NOT IN (SELECT stack_id FROM owned)
UNION ALL SELECT stack_id, work, owner_id FROM owned;

CREATE TEMP TABLE thread_part AS
-- One row: the time of units in threads (not suspended) of the ledger, and the samples of it.
SELECT l.ticks, l.ns, iif(b.kind = 'thread', l.ns, max(0, b.wall_ns - u.away_ns)) AS ledger_ns, b.kind, b.units, b.wall_ns
FROM (SELECT total(ticks) AS ticks, total(wall_ns) AS ns FROM looked) l, basis_total b,
  (SELECT total(weight * (coalesce(await_ns, 0) + coalesce(db_await_ns, 0) + coalesce(loop_busy_ns, 0))) AS away_ns FROM basis) u;

CREATE TEMP TABLE work_at AS
-- Samples in it, by the line of the application that asked for it, and what is one finding (subject): that line; where
-- a thing is missing or superfluous in one place, all lines. Nobody asks for monitoring: its places are its package's own.
SELECT w.work, CASE WHEN w.work = 'monitoring' THEN coalesce(package_of(f.file), 'profiler')
    WHEN w.work IN ('template', 'tls', 'middleware') OR w.work LIKE 'version %' OR NOT f.has_app THEN 'all' ELSE printf('%s:%d', base_name(f.app_file), f.app_line) END AS subject,
  iif(f.asked, f.app_file, f.file) AS file, iif(f.asked, f.app_line, f.line) AS line, iif(f.asked, f.app_function, f.function) AS function,
  f.asked AS has_app, w.entry_id, w.stack_id
FROM working w JOIN (SELECT *, has_app AND (kind = 'stdlib' OR NOT EXISTS (SELECT 1 FROM known_owner k WHERE k.work = 'monitoring' AND v.file LIKE k.file)) AS asked
  FROM v1_frame v) f ON f.id = w.entry_id;

CREATE TEMP TABLE work_seen AS
-- Units that were sampled in it, and those of them in the second half of the recording: a thing done at first
-- use is not seen there. late_part: the same of all that were sampled: ticks become fewer when their budget is used up.
SELECT w.work, w.subject, count(DISTINCT s.unit_id) AS units,
  count(DISTINCT iif(s.start_ns > (SELECT min(start_ns) + (SELECT window_ns / 2 FROM basis_total) FROM basis), s.unit_id, NULL)) AS late,
  (SELECT avg(a.start_ns > (SELECT min(start_ns) + (SELECT window_ns / 2 FROM basis_total) FROM basis)) FROM v1_unit_sample a JOIN basis c ON c.id = a.unit_id) AS late_part
FROM v1_unit_sample s
JOIN basis b ON b.id = s.unit_id
JOIN work_at w ON w.stack_id = s.stack_id
GROUP BY 1, 2;

CREATE TEMP TABLE work_line AS
-- A row a finding and line: the time sampled there, and the parts of it on a CPU and waiting for the GIL.
SELECT w.work, w.subject, w.file, w.line, w.function, max(w.has_app) AS has_app, total(l.ticks) AS ticks, total(l.wall_ns) AS ns,
  total(iif(l.state IN ('python', 'native'), l.wall_ns, 0)) AS on_cpu_ns, total(iif(l.state = 'gil', l.wall_ns, 0)) AS gil_ns, max(w.entry_id) AS stack_id
FROM looked l JOIN work_at w ON w.stack_id = l.stack_id
GROUP BY 1, 2, 3, 4, 5;

CREATE TEMP TABLE work_finding AS
-- A row a kind of work and subject, ready for a rule's SELECT. The saving is that the work is not done (S1): its part of the
-- samples on a CPU, of the CPU that the ledger has, and so of those that wait for the GIL; at most its part of all time. On a busy machine samples find
-- what lets another thread run (a send) more often than it is, and what waits for a CPU does so for its neighbours; with the ends of the interval of the share (Wilson, 90 %), and what other
-- such shares were off by (15 % below, 20 % above): independent, so their factors are joined (spread_low, spread_high). repeats: it is done again and again. places: lines with 5 % of it or
-- more; of a template those of a function in their order: what is got in a line before is rendered in another, which compiles what it extends. Of fewer than ten samples it may save nothing. because: the interval of percent by chance of sampling alone; samples have no time that is awaited, units do. grows: in the second half of the recording at least twice as much
-- as in the first, which chance does once in two hundred times: the saving is of its mean. gil_part: of the saving, what waits for the GIL. has_app 0: no line of the application asked for it, the place is the library's. claims: the work of its lines, and of functions of the application below it.
WITH whole AS (
  SELECT work, subject, total(ticks) AS ticks, total(ns) AS ns, total(on_cpu_ns) AS on_cpu_ns, total(gil_ns) AS gil_ns, max(has_app) AS has_app FROM work_line GROUP BY 1, 2
), routes AS (
  SELECT work, subject, iif(count(DISTINCT coalesce(r.route, '')) = 1, max(r.route), NULL) AS route, total(u.units) AS units
  FROM (SELECT DISTINCT w.work, w.subject, l.route FROM looked l JOIN work_at w ON w.stack_id = l.stack_id) r
  LEFT JOIN route_units u ON u.route IS r.route GROUP BY 1, 2
), costs AS (
  SELECT w.*, r.route, n.units AS seen_units, n.late AS seen_late, coalesce(n.late > n.units * n.late_part AND (n.late - n.units * n.late_part) * (n.late - n.units * n.late_part) >= 6.8 * n.units * n.late_part * (1 - n.late_part)
      AND n.late * (1 - n.late_part) >= 2 * (n.units - n.late) * n.late_part, 0) AS grows, t.ticks AS all_ticks, t.units, t.wall_ns, t.kind, min(w.on_cpu_ns / t.ns * t.ledger_ns, s.python_ns) + (w.ns - w.on_cpu_ns) / t.ns * t.ledger_ns AS cost_ns, min(w.ns / t.ns * t.ledger_ns, min(w.on_cpu_ns * s.scale, s.python_ns) + coalesce(w.gil_ns * g.ledger_ns / g.ns, 0)) AS work_ns, coalesce(w.gil_ns * g.ledger_ns / g.ns, 0) AS work_gil_ns, t.ledger_ns / t.ns AS scale,
    iif(t.kind = 'thread', 0, min(t.units, r.units)) AS unit_count,
    CASE t.kind WHEN 'thread' THEN w.ticks >= 10 WHEN 'run' THEN w.ticks >= 5 ELSE coalesce(n.units >= 3 AND n.late > 0 AND 4.0 * n.late >= min(0.5, n.late_part) * n.units, 0) END AS repeats
  FROM whole w JOIN routes r USING (work, subject) LEFT JOIN work_seen n USING (work, subject), thread_part t, sampled_total s, (SELECT nullif(total(iif(state = 'gil', wall_ns, 0)), 0) AS ns, (SELECT total(weight * gil_ns) FROM basis) AS ledger_ns FROM looked) g
  WHERE t.ns > 0 AND t.wall_ns > 0 AND w.ticks >= 5
)
SELECT c.*, iif(c.ticks < 10 AND c.kind <> 'run', 0, c.work_ns * spread_low(c.ticks, c.all_ticks, 0.85) / c.units) AS low_ns, c.work_ns / c.units AS mid_ns, min(1, c.work_gil_ns / nullif(c.work_ns, 0)) AS gil_part, min(c.cost_ns * spread_high(c.ticks, c.all_ticks, 1.2), c.wall_ns) / c.units AS high_ns,
  100.0 * c.cost_ns / c.wall_ns AS percent, (SELECT stack_id FROM work_line l WHERE l.work = c.work AND l.subject = c.subject ORDER BY ns DESC LIMIT 1) AS stack_id,
  (SELECT json_group_array(json_array(file, line, function)) FROM (SELECT file, line, function FROM work_line l
    WHERE l.work = c.work AND l.subject = c.subject AND l.ns >= 0.05 * c.ns AND l.has_app = c.has_app ORDER BY iif(l.work = 'template', max(l.ns) OVER (PARTITION BY l.file, l.function), l.ns) DESC, l.file, iif(l.work = 'template', l.line, 0), l.line LIMIT 5)) AS places,
  (SELECT json_group_array(json_array(key, ns)) FROM (
    SELECT printf('work:%s:%d:%s', l.file, l.line, l.work) AS key, l.ns * c.scale AS ns FROM work_line l WHERE l.work = c.work AND l.subject = c.subject
    UNION ALL SELECT printf('python:%s:%s', p.file, p.function), total(p.ns) * c.scale FROM sampled p JOIN work_at w ON w.stack_id = p.stack_id
      WHERE p.kind = 'app' AND w.work = c.work AND w.subject = c.subject GROUP BY p.file, p.function
    UNION ALL SELECT printf('python:%s:%s', l.file, l.function), total(l.ns) * c.scale FROM work_line l -- cpu-hog-in-event-loop counts these
      WHERE c.work = 'tls' AND l.work = c.work AND l.subject = c.subject GROUP BY l.file, l.function)) AS claims,
  json_array(json_array('samples in it', c.ticks, printf('of %d in %ss', c.all_ticks, n.one)), json_array('it takes', c.cost_ns / 1e6 / c.units, 'ms per ' || n.one),
    json_array(printf('%ss seen in it', n.one), nullif(c.seen_units, 0), iif(c.grows, printf('%d of them in the second half of the recording: it grows, and with it what its cure saves', c.seen_late), 'all through the recording'))) AS evidence,
  printf('%d samples (95 %%: %.0f to %.0f %% of the time of %ss)', c.ticks, 100.0 * c.cost_ns / c.wall_ns * c.all_ticks / c.ticks * share_low(c.ticks, c.all_ticks), min(100, 100.0 * c.cost_ns / c.wall_ns * c.all_ticks / c.ticks * share_high(c.ticks, c.all_ticks)), n.one) AS because
FROM costs c, noun n;

CREATE TEMP TABLE looped_call AS
-- A row a line of the application that calls into a library and is run in a loop (looped.h), its own or that of one of the three functions of
-- the application that called it last, awaiting nothing: what is below it, no known work, no statement and no question to another service, where it is Python's own (the hottest
-- line of the library has at most six tenths; code in C has one) and two fifths of all or more. called: what the line calls.
WITH RECURSIVE began AS (SELECT value AS ns FROM v1_meta WHERE key = 'started_realtime_ns'), asks AS MATERIALIZED (
  SELECT DISTINCT f.app_file AS file, f.app_line AS line FROM v1_usage g JOIN v1_frame f ON f.id = g.stack_id WHERE g.kind IN ('send', 'exchange') AND g.peer_kind IS NOT NULL AND g.peer_kind <> 'client'
), site AS MATERIALIZED (
  SELECT *, row_number() OVER () AS nth FROM (SELECT app_file AS file, app_line AS line, app_function AS function, total(ns) AS ns, total(ticks) AS ticks, iif(count(DISTINCT coalesce(route, '')) = 1, max(route), NULL) AS route
  FROM sampled s WHERE has_app AND kind IN ('stdlib', 'library') AND state = 'python' AND app_function <> '<module>' AND stack_id NOT IN (SELECT stack_id FROM working)
  GROUP BY 1, 2, 3 HAVING total(ticks) >= 20 AND total(ns) >= 0.4 * (SELECT ns FROM sampled_total)) s, began
  WHERE NOT EXISTS (SELECT 1 FROM told t WHERE t.file = s.file AND t.line = s.line) AND NOT EXISTS (SELECT 1 FROM asks a WHERE a.file = s.file AND a.line = s.line)
    AND source_at(file, line, began.ns) NOT LIKE '%await %' AND source_at(file, line, began.ns) NOT LIKE '%yield %'
), leaf AS MATERIALIZED (
  SELECT s.nth, t.stack_id, t.file, t.line, total(t.ns) AS ns FROM site s JOIN sampled t ON t.app_file = s.file AND t.app_line = s.line AND t.app_function = s.function
  WHERE t.kind <> 'app' AND t.state = 'python' AND t.stack_id NOT IN (SELECT stack_id FROM working) GROUP BY 1, 2
), up(nth, ns, id, apps) AS ( -- apps: frames of the application up to this one
  SELECT nth, ns, stack_id, 0 FROM leaf
  UNION ALL SELECT u.nth, u.ns, f.id, u.apps + (f.kind = 'app') FROM up u JOIN v1_frame c ON c.id = u.id JOIN v1_frame f ON f.id = c.parent_id WHERE u.apps < 4
), frame AS MATERIALIZED (
  SELECT u.nth, u.apps, f.file, f.line, f.function, f.kind, p.kind AS caller, total(u.ns) AS ns FROM (SELECT nth, id, apps, total(ns) AS ns FROM up GROUP BY 1, 2, 3) u JOIN v1_frame f ON f.id = u.id LEFT JOIN v1_frame p ON p.id = f.parent_id GROUP BY 1, 2, 3, 4, 5, 6, 7
), loop AS ( -- columns beside are of min()'s row
  SELECT nth, file, line, function, min(apps) AS apps FROM frame, began WHERE kind = 'app' AND looped_source(file, line, began.ns) GROUP BY 1
), costs AS (
  SELECT s.*, l.file AS loop_file, l.line AS loop_line, l.function AS loop_function, min(t.python_ns, s.ns * t.scale) AS cost_ns, t.ticks AS all_ticks, b.wall_ns, b.units, b.window_ns,
    (SELECT printf('%s() of %s', function, base_name(file)) FROM frame f WHERE f.nth = s.nth AND f.apps = 0 AND f.caller = 'app' GROUP BY file, function ORDER BY total(f.ns) DESC LIMIT 1) AS called,
    (SELECT file FROM leaf e WHERE e.nth = s.nth GROUP BY file ORDER BY total(ns) DESC LIMIT 1) AS leaf_file,
    (SELECT max(stack_id) FROM leaf e WHERE e.nth = s.nth) AS stack_id,
    coalesce((SELECT total(u.units) FROM route_units u WHERE u.route = s.route), b.units) AS unit_count
  FROM site s JOIN loop l ON l.nth = s.nth, sampled_total t, basis_total b
  WHERE b.wall_ns > 0
    AND (SELECT max(ns) / total(ns) FROM (SELECT total(ns) AS ns FROM leaf e WHERE e.nth = s.nth GROUP BY e.file, e.line)) <= 0.6
)
SELECT cost_ns >= 2e6 * min(unit_count, units) AS felt, stack_id, route, file, line, min(unit_count, units) AS units, cost_ns, cost_ns / units AS each_ns, 100.0 * cost_ns / wall_ns AS percent, called, function, ticks, all_ticks, wall_ns / units AS wall_ns,
  iif(loop_line = line AND loop_file = file, json_array(json_array(file, line, function)), json_array(json_array(file, line, function), json_array(loop_file, loop_line, loop_function))) AS places,
  json_array(json_array(printf('python:%s:%s', file, function), cost_ns)) AS claims,
  CASE WHEN leaf_file LIKE '%/_strptime.py' THEN 'read ISO dates with datetime.fromisoformat(), which is in C and some 30 times faster than strptime(), other fixed forms by slices and int(); or keep what equal texts gave (functools.lru_cache)'
    WHEN leaf_file LIKE '%/dateutil/%' THEN 'dateutil.parser.parse() guesses the form of each text anew: where the form is known use datetime.fromisoformat(), or keep what equal texts gave (functools.lru_cache)' END AS fix
FROM costs;
