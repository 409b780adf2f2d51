-- id: unbounded-result
-- group: db
-- needs: v1_statement v1_unit v1_sample v1_frame
-- excludes: n-plus-one-queries
-- floor: 0.03
-- level: likely
-- saving: S3
-- fix: ask for a page of them: ORDER BY … LIMIT, or WHERE id > the last one seen; where all are needed, read them in
--   parts
-- doc: docs/causes/unbounded-result.md
-- order: 16
-- units: 3

-- A statement without LIMIT gives a thousand rows or more in the middle unit: as many as the table has grown to. Its cost
-- is its own time and the CPU sampled at the line that fetches them, collections that so many objects start included; without samples it is at least the statement's. A page: 100 rows.
WITH wide AS (
  SELECT file, line, function, fingerprint_id, fingerprint, peer_kind, stack_id, route, unit_id, weight, rows, dur_ns,
    count(*) OVER (PARTITION BY unit_id, file, line, fingerprint_id) AS runs FROM rounds
  WHERE (ltrim(fingerprint, ' (') LIKE 'select%' OR fingerprint LIKE 'with%') AND NOT failed AND rows IS NOT NULL
), sites AS (
  SELECT w.file, w.line, w.function, w.fingerprint, max(w.peer_kind) AS peer_kind, max(w.stack_id) AS stack_id, iif(count(DISTINCT coalesce(w.route, '')) = 1, max(w.route), NULL) AS route,
    count(DISTINCT unit_id) AS unit_rows, sum(w.weight) AS weighted, median(w.rows) AS row_count, max(w.rows) AS most, max(w.runs) AS runs, sum(w.weight * w.dur_ns) AS statement_ns,
    sum(w.weight * (w.dur_ns + u.python_ns + u.gc_ns)) AS most_ns, sum(w.weight * u.gc_ns) AS gc_ns,
    w.fingerprint LIKE '% limit %' OR w.fingerprint LIKE '% fetch %' OR w.fingerprint LIKE '% top %' AS bounded, median(u.bytes_out) AS bytes_out
  FROM wide w JOIN v1_unit u ON u.id = w.unit_id GROUP BY w.file, w.line, w.fingerprint_id
), fetched AS (
  SELECT app_file AS file, app_line AS line, total(ns) AS ns, total(ticks) AS ticks FROM sampled GROUP BY 1, 2
), costs AS (
  SELECT s.*, max(s.statement_ns, coalesce(min(f.ns * t.scale, t.cpu_ns), 0)) AS cost_ns, f.ticks FROM sites s LEFT JOIN fetched f ON f.file = s.file AND f.line = s.line, sampled_total t
)
SELECT row_count >= 1000 AND NOT bounded AND runs < 5 AS fires, fingerprint AS subject, peer_kind, stack_id, route, coalesce(ticks, 0) < 5 AS at_least,
  printf('A query without a limit gives %.0f rows in a %s%s.', row_count, one, iif(bytes_out < 4 * row_count, ', more than it sends', '')) AS title,
  json_array(json_array(file, line, function)) AS places, unit_rows AS units, cost_ns AS share_ns,
  0.5 * cost_ns * (1 - 100.0 / row_count) / b.units AS saving_low_ns, cost_ns * (1 - 100.0 / row_count) / b.units AS saving_mid_ns, iif(coalesce(ticks, 0) < 5, most_ns, 1.2 * cost_ns) / b.units AS saving_high_ns,
  json_array(json_array(printf('statement:%s:%d', file, line), statement_ns), json_array('gc:units', min(gc_ns, cost_ns - statement_ns)), json_array(printf('fetch:%s:%d', file, line), max(0, cost_ns - statement_ns - gc_ns))) AS claims,
  json_array(json_array('rows of a run', row_count, printf('in the middle, %d at most', most)), json_array('the statement', statement_ns / 1e6 / b.units, 'ms per ' || one),
    json_array('with fetching them', iif(ticks >= 5, cost_ns / 1e6 / b.units, NULL), 'ms per ' || one), json_array('sent to the client', bytes_out / 1024.0, 'KiB')) AS evidence,
  json_array(json_array('n-plus-one-queries', printf('%s a %s', counted(runs, 'run'), one))) AS excluded,
  printf('%s with %.0f rows of a statement without LIMIT', counted(weighted, one), row_count) AS because,
  printf('at most %.0f rows of a statement without LIMIT', max(iif(bounded, 0, row_count)) OVER ()) AS ruled_out
FROM costs, basis_total b, noun WHERE b.units > 0 ORDER BY row_count >= 1000 AND NOT bounded DESC, cost_ns DESC;
