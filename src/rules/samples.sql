-- Temporary tables for rules about samples, after common.sql. A rule's cost is a share of the sampled
-- CPU time of units, of the CPU that the ledger has for them, and never more than its Python state: a
-- sample says where, the ledger how much. On the basis of threads samples are the ledger, too.

CREATE TEMP TABLE sampled AS
-- Places in which units of work (or busy threads) were on a CPU: a row a route, thread, stack and state.
SELECT s.route, s.process_id, s.thread_id, s.state, s.stack_id, total(s.ticks) AS ticks, total(s.wall_ns) AS ns,
  min(s.slot) AS first_slot, max(s.slot) AS last_slot,
  f.file, f.line, of_function(f.function) AS function, f.kind, f.has_app, f.app_file, f.app_line,
  of_function(f.app_function) AS app_function
FROM looked s
JOIN v1_frame f ON f.id = s.stack_id
WHERE s.state IN ('python', 'native')
GROUP BY s.route, s.process_id, s.thread_id, s.state, s.stack_id;

CREATE TEMP TABLE sampled_total AS
-- One row: all of it, without a Python frame too; what the ledger has; ledger nanoseconds for a
-- sampled one.
SELECT ticks, ns, iif(kind = 'thread', ns, python_ns) AS python_ns, iif(kind = 'thread', ns, cpu_ns) AS cpu_ns,
  iif(kind = 'thread', ns, cpu_ns) / nullif(ns, 0) AS scale
FROM (SELECT total(ticks) AS ticks, total(wall_ns) AS ns FROM looked WHERE state IN ('python', 'native')),
  (SELECT total(weight * python_ns) AS python_ns, total(weight * (python_ns + db_cpu_ns + gc_ns)) AS cpu_ns FROM basis),
  (SELECT kind FROM basis_total);

CREATE TEMP TABLE python_line AS
-- One row: what of Python's own work is to be said where no line of it is named.
SELECT CASE WHEN EXISTS (SELECT 1 FROM sampled) THEN 'no line of which stands out'
  WHEN scheduled = 0 THEN 'and which line of it cannot be told without sampling'
  WHEN held = 0 THEN printf('and which line of it is not known: none of %d looks at its threads held', scheduled)
  ELSE printf('and which line of it is not known: none of %d looks found a %s on a CPU', held, one) END AS words
FROM (SELECT total(scheduled) AS scheduled, total(verified + caught) AS held FROM v1_engine WHERE name <> 'none'), noun;

CREATE TEMP TABLE passing AS
-- Samples in own frames of the application, by their line, and by that of their caller, in whose loop they may be.
-- name, of_file: the function that was sampled.
SELECT file, line, function, stack_id, ns, ticks, route, file AS of_file, function AS name FROM sampled WHERE kind = 'app' AND state = 'python'
UNION ALL SELECT p.file, p.line, p.function, s.stack_id, s.ns, s.ticks, s.route, s.file, s.function
FROM sampled s JOIN v1_frame f ON f.id = s.stack_id JOIN v1_frame p ON p.id = f.parent_id
WHERE s.kind = 'app' AND s.state = 'python' AND p.kind = 'app' AND (p.file <> s.file OR p.function <> s.function);

CREATE TEMP TABLE route_units AS
-- Units of the basis by route, for the number that a place on it concerns, and all their time.
SELECT route, sum(weight) AS units, sum(weight * wall_ns) AS wall_ns FROM basis GROUP BY route;

CREATE TEMP TABLE squared AS
-- The six functions in which, or just below which, most samples pass: those whose hottest line does work that grows with the
-- square of something, by its source (square.h), and has three tenths of it; the loop may be that of a caller. part: of all that is sampled on a CPU; unit_count: units of the routes that it is found in.
WITH RECURSIVE line AS (
  SELECT file, function, line, max(stack_id) AS stack_id, total(ns) AS ns, total(ticks) AS ticks, iif(count(DISTINCT coalesce(route, '')) = 1, max(route), '') AS route
  FROM passing GROUP BY 1, 2, 3
), hot AS MATERIALIZED ( -- columns beside are of max()'s row
  SELECT file, function, line, stack_id, max(ns) AS line_ns, total(ns) AS ns, total(ticks) AS ticks, iif(count(DISTINCT coalesce(route, '')) = 1, group_concat(DISTINCT nullif(route, '')), NULL) AS route
  FROM line GROUP BY file, function HAVING total(ticks) >= 20 ORDER BY 6 DESC LIMIT 6
), began AS (
  SELECT value AS ns FROM v1_meta WHERE key = 'started_realtime_ns'
), up(stack_id, id, depth) AS ( -- who calls it
  SELECT stack_id, stack_id, 0 FROM hot UNION ALL SELECT u.stack_id, f.parent_id, u.depth + 1 FROM up u JOIN v1_frame f ON f.id = u.id WHERE u.depth < 3
), caller AS MATERIALIZED ( -- columns beside are of min()'s row
  SELECT u.stack_id, min(u.depth), f.file, f.line FROM up u JOIN v1_frame f ON f.id = u.id, began
  WHERE u.depth > 0 AND f.kind = 'app' AND looped_source(f.file, f.line, began.ns) GROUP BY u.stack_id
)
SELECT h.*, coalesce(square_source(file, line, (SELECT ns FROM began)), (SELECT searched_source(h.file, h.line, (SELECT ns FROM began)) || printf(', in each round of the loop at %s:%d', base_name(c.file), c.line) FROM caller c WHERE c.stack_id = h.stack_id)) AS words, h.ns / t.ns AS part, min(t.python_ns, h.ns * t.scale) AS cost_ns, t.ticks AS all_ticks,
  share_low(h.ticks, t.ticks) / (h.ticks / t.ticks) AS least, share_high(h.ticks, t.ticks) / (h.ticks / t.ticks) AS most, b.units, b.wall_ns, b.window_ns,
  (SELECT coalesce(nullif(total(u.units), 0), b.units) FROM route_units u WHERE u.route IN (SELECT o.route FROM passing o WHERE o.file = h.file AND o.function = h.function)) AS unit_count
FROM hot h, sampled_total t, basis_total b WHERE b.wall_ns > 0 AND b.units > 0 AND h.line_ns >= 0.3 * h.ns AND words IS NOT NULL;

CREATE TEMP TABLE tls_stack AS
-- Stacks in which a TLS context is made: its certificates are loaded by C code that the innermost frame
-- calls. Before 3.11 a function's name has no class.
SELECT id FROM v1_frame
WHERE (file LIKE '%/ssl.py' AND function IN ('create_default_context', 'SSLContext.__new__', 'SSLContext.load_verify_locations',
    'SSLContext.load_default_certs', 'load_default_certs', 'SSLContext.set_default_verify_paths'))
  OR (file LIKE '%/httpx/_config.py' AND function LIKE '%ssl_context%');

CREATE TEMP TABLE importing AS
-- Stacks below the import machinery, with the frame that asked for the import (the outermost one: a
-- module's own imports are part of its cost). Callers have lower ids. Stacks are of the whole recording, whatever route is looked at (scope.h).
WITH RECURSIVE begun AS MATERIALIZED (
  SELECT f.id, f.parent_id FROM v1_frame f JOIN v1_frame c ON c.id = f.parent_id
  WHERE f.file = '<frozen importlib._bootstrap>' AND c.file NOT LIKE '<frozen importlib%'
    AND EXISTS (SELECT 1 FROM v1_sampled)
), called AS MATERIALIZED (
  SELECT id, parent_id FROM v1_frame WHERE EXISTS (SELECT 1 FROM begun)
), under(id, importer) AS (
  SELECT id, parent_id FROM begun
  UNION
  SELECT c.id, u.importer FROM under u JOIN called c ON c.parent_id = u.id
)
SELECT id AS stack_id, min(importer) AS importer_id FROM under GROUP BY id;

CREATE TEMP TABLE place_time AS
-- A row an application line and what its time there is (name): all that passes below it, waits measured and Python sampled,
-- never more than all there is. What is said of a line where no cause is known.
SELECT file, line, function, name, min(sum(ns), (SELECT wall_ns FROM basis_total)) AS ns FROM (
  SELECT f.app_file AS file, f.app_line AS line, f.app_function AS function,
    CASE WHEN e.kind = 'spawn' OR f.file LIKE '%/subprocess.py' OR c.file LIKE '%/subprocess.py' THEN 'waiting for a child process'
      WHEN e.kind = 'sleep' AND '/asyncio/base_events.py' IN (substr(f.file, -23), substr(c.file, -23)) THEN 'waiting for timers of its event loop (asyncio.sleep, call_later, time limits)'
      WHEN e.kind IN ('sleep', 'lock') THEN e.kind WHEN e.kind IN ('open', 'read', 'write', 'fsync') THEN 'files' WHEN e.kind LIKE 'sqlite%' OR e.is_database THEN 'the database'
      ELSE 'waiting for another service' END AS name,
    e.weight * e.ns AS ns
  FROM (SELECT e.kind, e.stack_id, b.weight, max(0, e.dur_ns - coalesce(e.cpu_ns, 0)) AS ns,
      coalesce(h.is_database, 0) AS is_database
    FROM v1_event e JOIN basis b ON b.id = e.unit_id LEFT JOIN v1_handle h ON h.id = e.handle_id
    WHERE NOT e.nested AND e.kind NOT IN ('callback', 'gc', 'span', 'exception', 'gil', 'statement')
      AND h.peer_kind IS NOT 'client') e
  JOIN v1_frame f ON f.id = e.stack_id LEFT JOIN v1_frame c ON c.id = f.parent_id WHERE f.has_app
  UNION ALL
  SELECT s.file, s.line, s.function, 'a database statement', b.weight * s.dur_ns FROM told s JOIN basis b ON b.id = s.unit_id WHERE s.file IS NOT NULL
  UNION ALL SELECT app_file, app_line, app_function, 'Python', min(ns * scale, python_ns) FROM sampled, (SELECT scale, python_ns FROM sampled_total) WHERE has_app
  UNION ALL SELECT app_file, app_line, app_function, n.column2, l.wall_ns FROM looked l JOIN state_name n ON n.column1 = l.ledger JOIN v1_frame f ON f.id = l.stack_id WHERE f.has_app
)
GROUP BY file, line, function, name;
