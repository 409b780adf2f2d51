-- id: query-built-per-request
-- group: db
-- needs: v1_statement v1_sample v1_frame
-- excludes: sql-literals-defeat-cache engine-per-request
-- floor: 0.01
-- level: proven
-- saving: S1
-- fix: give the library what it needs to keep the compiled form: cache_ok = True on custom types, no
--   query_cache_size=0, and a statement whose parts do not change with its values
-- doc: docs/causes/query-built-per-request.md
-- order: 14
-- units: 3

-- A library makes the text of a statement anew at (nearly) each run, though it comes out the same: what it keeps
-- compiled forms by does not match. There only what compiling takes is measured; building the statement before is not.
-- Or the text is kept, and putting the statement together in Python is what takes the time: samples in SQLAlchemy's expressions and what keys it by
-- their parts, 2 ms and a fifth of a unit (its waits for a CPU left out) that asks for few statements, and more than the database takes.
WITH runs AS (
  SELECT a.file, a.line, a.function, max(a.peer_kind) AS peer_kind, max(a.stack_id) AS stack_id, iif(count(DISTINCT coalesce(b.route, '')) = 1, max(b.route), NULL) AS route,
    count(*) AS runs, sum(b.weight) AS weighted, count(DISTINCT a.raw_hash) AS texts, count(DISTINCT a.unit_id) AS unit_rows, min(a.fingerprint) AS fingerprint
  FROM asked a JOIN basis b ON b.id = a.unit_id WHERE NOT a.failed GROUP BY 1, 2, 3
), compiled AS (
  SELECT file, line, max(calls) FILTER (WHERE subject LIKE '%.compile') AS calls, sum(each_ns) AS each_ns FROM library_work GROUP BY 1, 2
), fresh AS ( -- connections are made and dropped by each unit: an engine of its own keeps nothing for the next
  SELECT peer_kind, total(opens) >= 0.9 * total(touching) AND peer_kind NOT IN (SELECT peer_kind FROM connection WHERE beside) AS always FROM database_use GROUP BY 1 -- beside: of a driver's thread, below an engine
), judged AS (
  SELECT r.*, c.calls, c.each_ns, c.calls >= 0.5 * r.weighted AS anew, r.texts < 0.3 * r.runs AS same, coalesce(f.always, 0) AS always,
    min(c.calls, r.weighted) * c.each_ns AS ns
  FROM runs r JOIN compiled c ON c.file = r.file AND c.line = r.line LEFT JOIN fresh f ON f.peer_kind = r.peer_kind WHERE c.calls IS NOT NULL
), building AS (
  SELECT app_file AS file, app_line AS line, app_function AS function, total(ns) AS ns, total(ticks) AS ticks, max(stack_id) AS stack_id, route
  FROM sampled WHERE has_app AND file LIKE '%/sqlalchemy/sql/%' AND file NOT LIKE '%/sqlalchemy/sql/compiler.py' GROUP BY 1, 2, 3, route
), built AS (
  SELECT b.*, t.ticks AS all_ticks, min(t.python_ns, b.ns * t.scale) AS cost_ns, w.units, w.wall_ns, w.wall_ns - u.queue_ns AS own_ns, u.asked, u.db_ns, u.unit_count
  FROM (SELECT total(ns) AS ns, total(ticks) AS ticks, iif(count(DISTINCT coalesce(route, '')) = 1, max(route), NULL) AS route FROM building) b, sampled_total t, basis_total w,
    (SELECT total(weight) AS unit_count, total(weight * io_db_ns) AS db_ns, total(weight * statements) AS asked, (SELECT total(weight * coalesce(runqueue_ns, 0)) FROM basis) AS queue_ns FROM basis WHERE coalesce(route, '') IN (SELECT coalesce(route, '') FROM building)) u
  WHERE b.ticks >= 20 AND u.unit_count > 0 AND w.wall_ns > 0
)
SELECT anew AND same AND NOT always AS fires, printf('%s:%d', base_name(file), line) AS subject, peer_kind, stack_id, route, 1 AS at_least,
  'The library makes the text of a statement anew each time, and it comes out the same.' AS title,
  json_array(json_array(file, line, function)) AS places, unit_rows AS units, ns AS share_ns,
  0.9 * ns / units AS saving_low_ns, ns / units AS saving_mid_ns, 1.1 * ns / units AS saving_high_ns,
  json_array(json_array(printf('literal:%s:%d', file, line), ns)) AS claims,
  json_array(json_array('compiled', calls, printf('times in %d runs', weighted)), json_array('different texts', texts, ''), json_array('compiling one', each_ns / 1e6, 'ms')) AS evidence,
  json_array(json_array('sql-literals-defeat-cache', printf('%s in %d runs', counted(texts, 'text'), runs)),
    json_array('engine-per-request', 'its connections are kept, so the engine is, too')) AS excluded,
  printf('compiled %s in %s, into %s', counted(calls, 'time'), counted(weighted, 'run'), counted(texts, 'text')) AS because,
  CASE WHEN always THEN printf('compiled %s, but connections are not kept either, and what keeps compiled statements may go with them', counted(calls, 'time'))
    ELSE printf('compiled %s in %s of %s', counted(calls, 'time'), counted(weighted, 'run'), counted(texts, 'text')) END AS ruled_out, NULL AS fix
FROM judged, basis_total, noun
UNION ALL SELECT cost_ns >= 2e6 * unit_count AND cost_ns >= 0.2 * own_ns AND cost_ns > db_ns AND asked <= 4 * unit_count AND NOT EXISTS (SELECT 1 FROM judged WHERE anew AND same AND NOT always), 'building', NULL,
  (SELECT stack_id FROM building ORDER BY ns DESC LIMIT 1), route, 0, printf('Statements are put together in Python anew: %.0f %% of a %s, more than asking them takes.', 100.0 * cost_ns / wall_ns, one),
  (SELECT json_group_array(json_array(file, line, function)) FROM (SELECT file, line, function FROM building GROUP BY 1, 2, 3 HAVING sum(ns) >= 0.05 * built.ns ORDER BY sum(ns) DESC, file, line LIMIT 5)), min(unit_count, units), cost_ns,
  0.5 * cost_ns * spread_low(ticks, all_ticks, 0.85) / units, 0.7 * cost_ns / units, min(cost_ns * spread_high(ticks, all_ticks, 1.2), wall_ns) / units,
  (SELECT json_group_array(json_array(printf('python:%s:%s', k.file, k.function), k.ns * t.scale)) FROM sampled_total t, (SELECT file, function, sum(ns) AS ns FROM building GROUP BY 1, 2) k),
  json_array(json_array('samples in expressions of SQLAlchemy', ticks, printf('of %d on a CPU', all_ticks)), json_array('putting them together', cost_ns / 1e6 / unit_count, 'ms per ' || one), json_array('asking the database', db_ns / 1e6 / unit_count, 'ms per ' || one), json_array('statements', asked / unit_count, 'per ' || one)),
  json_array(json_array('sql-literals-defeat-cache', 'it is not the text that is made, but what it is made of'), json_array('engine-per-request', NULL)), -- sampled, not counted: likely at most
  printf('%d samples (95 %%: %.0f to %.0f %% of the CPU of %ss)', ticks, 100 * share_low(ticks, all_ticks), 100 * share_high(ticks, all_ticks), one), printf('putting statements together takes %s a %s', ms(cost_ns / unit_count), one),
  'make the statement once, at module level, with bindparam() where values go, or by lambda_stmt(), which keys it by its code; one expression for a whole list (in_(), a tuple) in place of one for each item'
FROM built, noun ORDER BY fires DESC, share_ns DESC;
