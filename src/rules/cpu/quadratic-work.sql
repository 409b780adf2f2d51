-- id: quadratic-work
-- group: cpu
-- needs: v1_unit v1_statement v1_unit_sample v1_frame
-- excludes: hot-python-loop regex-backtracking
-- floor: 0.10
-- level: likely
-- saving: S9
-- fix: look things up in a set or dict instead of a list, collect the parts and join them at the end instead of adding to a str or bytes,
--   take from a collections.deque instead of list.pop(0), and do not slice off what is left in each round
-- doc: docs/causes/quadratic-work.md
-- order: 11
-- units: 20

-- CPU of a route's units against a size that is known of each: bytes of the request's body or of the answer, rows, statements. The
-- exponent is the slope of the logarithms over the upper octave of sizes, past what units of a sixteenth of the size or less take:
-- linear work stays below 1.15 then, and without such small units below 1; a linear part beside the square keeps it below 2. It has to be 1.7, and 1.5 at the lower end of its 95 % interval.
-- Where sizes do not tell, as all requests go through the same, the source of the hottest line may (square.h); called a cause is what would be felt.
WITH rows AS (SELECT unit_id, total(rows) AS rows FROM v1_statement GROUP BY 1), sizes AS MATERIALIZED (
  SELECT b.id, b.route, b.weight, b.python_ns, w.what, CASE w.nth WHEN 1 THEN b.bytes_in WHEN 2 THEN r.rows WHEN 3 THEN b.statements ELSE b.bytes_out END AS size
  FROM basis b LEFT JOIN rows r ON r.unit_id = b.id, (SELECT 1 AS nth, 'bytes of the request''s body' AS what UNION ALL SELECT 2, 'rows read' UNION ALL SELECT 3, 'statements' UNION ALL SELECT 4, 'bytes of the response') w
  WHERE b.finished AND NOT b.failed AND b.python_ns > 0
), tops AS ( SELECT route, what, max(size) AS top FROM sizes WHERE size > 0 GROUP BY 1, 2 HAVING count(*) >= 20 AND max(size) >= 3 * percentile(size, 0.2)
), small AS ( SELECT t.*, coalesce((SELECT iif(count(*) >= 3, median(s.python_ns), 0) FROM sizes s WHERE s.route IS t.route AND s.what = t.what AND s.size <= t.top / 16.0), 0) AS base_ns FROM tops t
), large AS MATERIALIZED ( SELECT s.*, t.top, t.base_ns, s.python_ns - t.base_ns AS grown_ns FROM sizes s JOIN small t ON t.route IS s.route AND t.what = s.what WHERE s.size >= t.top / 2.0 AND s.python_ns > t.base_ns
), fits AS MATERIALIZED (
  SELECT route, what, max(top) AS top, count(*) AS units, count(DISTINCT round(8 * log2(size))) AS steps, slope(ln(size), ln(grown_ns)) AS k, slope_low(ln(size), ln(grown_ns)) AS k_low, slope_high(ln(size), ln(grown_ns)) AS k_high, max(base_ns) AS base_ns, (SELECT percentile(1.0 * max(0, s.python_ns - l.base_ns) / s.size, 0.1) FROM sizes s WHERE s.route IS l.route AND s.what = l.what AND s.size > l.top / 16.0) AS least_ns
  FROM large l GROUP BY route, what
), best AS ( SELECT *, k >= 1.7 AND k_low >= 1.5 AND units >= 15 AND steps >= 4 AS grows, row_number() OVER (PARTITION BY route ORDER BY (k >= 1.7 AND k_low >= 1.5) DESC, k_low DESC) AS nth FROM fits
), sampled_at AS MATERIALIZED ( -- in large units: the function of the application, and whether the work is re's
  SELECT b.route, b.what, iif(f.has_app, f.app_file, f.file) AS file, iif(f.has_app, f.app_line, f.line) AS line, iif(f.has_app, f.app_function, f.function) AS function,
    max(u.stack_id) AS stack_id, total(u.wall_ns) AS ns, count(*) AS samples, max(f.file LIKE '%/re/__init__.py' OR f.file LIKE '%/lib/python%/re.py') AS by_re
  FROM best b JOIN large l ON l.route IS b.route AND l.what = b.what JOIN v1_unit_sample u ON u.unit_id = l.id AND u.state IN ('python', 'native') JOIN v1_frame f ON f.id = u.stack_id WHERE b.nth = 1 GROUP BY 1, 2, 3, 4, 5
), sites AS (
  SELECT *, of_function / sum(ns) OVER (PARTITION BY route, what) AS part, row_number() OVER (PARTITION BY route, what ORDER BY of_function DESC, ns DESC) AS hottest
  FROM (SELECT *, sum(ns) OVER (PARTITION BY route, what, file, function) AS of_function FROM sampled_at)
), costs AS (
  SELECT b.*, s.file, s.line, s.function, s.stack_id, s.samples, s.by_re, s.part, t.units AS all_units, t.wall_ns,
    source_at(s.file, s.line, (SELECT value FROM v1_meta WHERE key = 'started_realtime_ns')) AS text,
    (SELECT total(weight) FROM sizes z WHERE z.route IS b.route AND z.what = b.what AND z.size > 0) AS unit_count,
    (SELECT total(weight * python_ns) FROM sizes z WHERE z.route IS b.route AND z.what = b.what AND z.size > 0) * s.part AS cost_ns,
    (SELECT total(weight * max(0, python_ns - b.base_ns - b.least_ns * size)) FROM sizes z WHERE z.route IS b.route AND z.what = b.what AND z.size > 0) AS over_ns
  FROM best b JOIN sites s ON s.route IS b.route AND s.what = b.what AND s.hottest = 1, basis_total t WHERE b.nth = 1 AND t.wall_ns > 0
)
SELECT grows AND part >= 0.3 AND NOT by_re AS fires, printf('%s:%d', base_name(file), line) AS subject, stack_id, route, unit_count AS units, cost_ns AS share_ns, printf('The work at %s:%d grows with the square of the %s.', base_name(file), line, what) AS title, json_array(json_array(file, line, function)) AS places,
  0.8 * min(over_ns, cost_ns) / all_units AS saving_low_ns, (min(over_ns, cost_ns) + cost_ns) / 2 / all_units AS saving_mid_ns, cost_ns / all_units AS saving_high_ns,
  json_array(json_array(printf('python:%s:%s', file, function), cost_ns)) AS claims,
  json_array(json_array('CPU grows with the power', round(k, 2), printf('of the %s (%.2f to %.2f)', what, k_low, k_high)), json_array('largest', top, what), json_array('CPU in this function', cost_ns / 1e6 / all_units, 'ms per ' || one),
    json_array('part of the CPU of large ones', 100 * part, '%')) AS evidence,
  json_array(json_array('hot-python-loop', printf('twice the size takes %.1f times the CPU, not twice', pow(2, k))), json_array('regex-backtracking', 'the time is not in a match')) AS excluded,
  CASE WHEN text LIKE '%.pop(0)%' THEN 'pop(0) moves all that is left' WHEN text LIKE '% in %' AND text NOT LIKE '%for % in %' THEN '`in` walks a list or tuple from its start' WHEN text LIKE '%+=%' THEN '+= may copy all that was added before' END AS fix_more,
  printf('over %d %ss with %.3g and more %s the exponent is %.2f (95 %%: %.2f to %.2f)', units, one, top / 2.0, what, k, k_low, k_high) AS because,
  printf('CPU grows with the power %.2f of the %s (95 %%: %.2f to %.2f)', k, what, k_low, k_high) AS ruled_out
FROM costs, noun WHERE k IS NOT NULL
UNION ALL SELECT part >= 0.3 AND cost_ns >= min(2e6 * min(unit_count, units), 0.1 * window_ns), printf('%s:%d', base_name(file), line), stack_id, route, min(unit_count, units), cost_ns, printf('The work at %s:%d grows with the square of what it goes through: %s.', base_name(file), line, words), json_array(json_array(file, line, function)),
  0.5 * cost_ns * least / units, 0.9 * cost_ns / units, min(cost_ns * most, wall_ns) / units, (SELECT json_group_array(json_array(k.key, k.ns * t.scale)) FROM sampled_total t, (SELECT printf('python:%s:%s', of_file, name) AS key, total(p.ns) AS ns FROM passing p WHERE file = r.file AND function = r.function GROUP BY 1) k),
  json_array(json_array('samples of it', ticks, printf('of %d on a CPU', all_ticks)), json_array('CPU in this function', cost_ns / 1e6 / min(unit_count, units), 'ms per ' || one), json_array('part of the CPU', 100 * part, '%')),
  json_array(json_array('hot-python-loop', 'its source: ' || words), json_array('regex-backtracking', 'the time is not in a match')),
  CASE WHEN words LIKE '%.replace(…) goes%' THEN 'replace all in one pass: re.sub() with a function that looks up what was found, or string.Template' WHEN words LIKE 'what `in`%' THEN 'make it once, before the loop' WHEN words LIKE '`==`%' THEN 'make a dict of it by what is compared, once, before the loop' END, printf('%d samples; its source: %s', ticks, words), printf('%s(): its source says so (%s), but it takes %s a %s', function, words, ms(cost_ns / min(unit_count, units)), one) FROM squared r, noun WHERE NOT EXISTS (SELECT 1 FROM costs c WHERE c.file = r.file AND c.function = r.function AND grows AND c.part >= 0.3 AND NOT by_re)
ORDER BY cost_ns DESC;
