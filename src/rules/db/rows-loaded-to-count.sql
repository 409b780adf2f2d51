-- id: rows-loaded-to-count
-- group: db
-- needs: v1_statement v1_frame v1_meta
-- excludes: unbounded-result orm-over-hydration
-- floor: 0.05
-- level: possible
-- saving: S1
-- fix: let the database count, or say whether there is one: SELECT count(*), SELECT EXISTS (…)
-- doc: docs/causes/rows-loaded-to-count.md
-- order: 14
-- units: 3

-- A statement gives 20 rows or more in the middle, and the source of the function that asks for them uses them for len() or as a condition alone
-- (row_use.h). What runs does not show that, and who calls the function is not looked at: possible at most. The cost is the statement and the
-- Python sampled at the two lines (not the library in C, which is the statement), without samples at least the statement's; what the database takes to count is a part of it that is not known,
-- and so is what it takes to build the statement that counts: 0.85 of that Python is saved, from 0.55 of it.
WITH sites AS (
  SELECT r.file, r.line, r.function, max(r.fingerprint) AS fingerprint, max(r.peer_kind) AS peer_kind, max(r.stack_id) AS stack_id, iif(count(DISTINCT coalesce(r.route, '')) = 1, max(r.route), NULL) AS route,
    median(r.rows) AS row_count, 1.0 * sum(r.weight) / (SELECT sum(weight) FROM basis) AS runs, count(DISTINCT r.unit_id) AS seen_in, sum(r.weight * r.dur_ns) AS statement_ns
  FROM rounds r WHERE NOT r.failed AND r.rows IS NOT NULL AND ltrim(r.fingerprint, ' (') NOT LIKE 'select count(%' GROUP BY r.file, r.line, r.function HAVING median(r.rows) >= 20
), told AS MATERIALIZED (
  SELECT s.*, rows_counted(s.file, (SELECT min(f.first_line) FROM v1_frame f WHERE f.file = s.file AND f.function = s.function AND f.line = s.line), s.line,
    (SELECT value FROM v1_meta WHERE key = 'started_realtime_ns')) AS counts FROM sites s
), costs AS (
  SELECT t.*, cast(counts AS INT) AS at_line, substr(counts, instr(counts, ' ') + 1) AS at_text,
    coalesce((SELECT min(total(p.ns) * x.scale, max(x.python_ns, 0)) FROM sampled p, sampled_total x WHERE p.state = 'python' AND p.app_file = t.file AND p.app_function = t.function AND p.app_line IN (t.line, cast(counts AS INT))), 0) AS python_ns,
    (SELECT total(p.ticks) FROM sampled p WHERE p.state = 'python' AND p.app_file = t.file AND p.app_function = t.function AND p.app_line IN (t.line, cast(counts AS INT))) AS ticks
  FROM told t
)
SELECT counts IS NOT NULL AS fires, printf('%s:%d', base_name(file), line) AS subject, peer_kind, stack_id, route,
  printf('%.0f rows are fetched and then only counted: %s', row_count, at_text) AS title,
  iif(at_line = line, json_array(json_array(file, line, function)), json_array(json_array(file, line, function), json_array(file, at_line, function))) AS places, seen_in AS units,
  statement_ns + python_ns AS share_ns, (0.55 * python_ns + 0.2 * statement_ns) / b.units AS saving_low_ns, (0.85 * python_ns + 0.7 * statement_ns) / b.units AS saving_mid_ns, (1.1 * python_ns + statement_ns) / b.units AS saving_high_ns, ticks < 5 AS at_least,
  json_array(json_array(printf('statement:%s:%d', file, line), statement_ns), json_array(printf('python:%s:%s', file, function), python_ns)) AS claims,
  json_array(json_array('rows of a run', row_count, 'in the middle'), json_array('runs', runs, 'per ' || one), json_array('the statement', statement_ns / 1e6 / b.units, 'ms per ' || one),
    json_array('Python that fetches them', nullif(python_ns, 0) / 1e6 / b.units, 'ms per ' || one)) AS evidence,
  json_array(json_array('unbounded-result', 'the source uses them for nothing else'), json_array('orm-over-hydration', 'the source uses them for nothing else')) AS excluded,
  printf('%s with %.0f rows; all that the source of %s() does with them is to count them', counted(seen_in, one), row_count, function) AS because,
  printf('%.0f rows of a run at %s:%d, and its function''s source does not only count them, or cannot be read', row_count, base_name(file), line) AS ruled_out
FROM costs, basis_total b, noun WHERE b.units > 0 ORDER BY counts IS NOT NULL DESC, statement_ns + python_ns DESC LIMIT 5;
