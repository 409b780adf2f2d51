-- id: query-built-per-request
-- group: db
-- needs: v1_statement
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
-- compiled forms by does not match. Only what compiling takes is measured; building the statement before is not.
WITH runs AS (
  SELECT a.file, a.line, a.function, max(a.peer_kind) AS peer_kind, max(a.stack_id) AS stack_id, iif(count(DISTINCT coalesce(b.route, '')) = 1, max(b.route), NULL) AS route,
    count(*) AS runs, sum(b.weight) AS weighted, count(DISTINCT a.raw_hash) AS texts, count(DISTINCT a.unit_id) AS unit_rows, min(a.fingerprint) AS fingerprint
  FROM asked a JOIN basis b ON b.id = a.unit_id WHERE NOT a.failed GROUP BY 1, 2, 3
), compiled AS (
  SELECT file, line, max(calls) FILTER (WHERE subject LIKE '%.compile') AS calls, sum(each_ns) AS each_ns FROM library_work GROUP BY 1, 2
), fresh AS ( -- connections are made and dropped by each unit: an engine of its own keeps nothing for the next
  SELECT peer_kind, total(opens) >= 0.9 * total(touching) AS always FROM database_use GROUP BY 1
), judged AS (
  SELECT r.*, c.calls, c.each_ns, c.calls >= 0.5 * r.weighted AS anew, r.texts < 0.3 * r.runs AS same, coalesce(f.always, 0) AS always,
    min(c.calls, r.weighted) * c.each_ns AS ns
  FROM runs r JOIN compiled c ON c.file = r.file AND c.line = r.line LEFT JOIN fresh f ON f.peer_kind = r.peer_kind WHERE c.calls IS NOT NULL
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
    ELSE printf('compiled %s in %s of %s', counted(calls, 'time'), counted(weighted, 'run'), counted(texts, 'text')) END AS ruled_out
FROM judged, basis_total, noun ORDER BY anew AND same DESC, ns DESC;
