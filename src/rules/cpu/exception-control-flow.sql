-- id: exception-control-flow
-- group: cpu
-- needs: v1_unit v1_sample v1_frame
-- excludes: error-burst hot-python-loop
-- floor: 0.03
-- level: likely
-- saving: S1
-- fix: where a value is missing or malformed as often as not, ask first: key in d, d.get(key), text.isdigit(), getattr(x, name, None),
--   a check before the call; an exception that is seldom raised costs nothing
-- doc: docs/causes/exception-control-flow.md
-- order: 10
-- units: 3

-- An `except` line runs only when an exception has come to it, and only compares it; the first line below, if it calls nothing
-- (return None, pass), has no work but to let the exception go. To be sampled there, it has to be so hundreds of times a request. Making the exception, its
-- traceback and its way up are sampled where it is raised: 2 to 17 times as much (measured, on the page), 6 mostly, and no more than the lines
-- below `try` and what they call take: printed is the middle of 6 and 17 times, each at most all that is below `try`.
WITH RECURSIVE lines AS MATERIALIZED (
  SELECT file, line, function, total(ns) AS ns, total(ticks) AS ticks, max(stack_id) AS stack_id,
    source_at(file, line, (SELECT value FROM v1_meta WHERE key = 'started_realtime_ns')) AS text,
    source_at(file, line - 1, (SELECT value FROM v1_meta WHERE key = 'started_realtime_ns')) AS above
  FROM sampled WHERE kind = 'app' AND state = 'python' GROUP BY 1, 2, 3 ORDER BY 4 DESC LIMIT 200
), caught AS ( -- `except` lines, and the first of their blocks if it calls nothing
  SELECT *, line AS n, text AS head FROM lines WHERE text LIKE 'except%'
  UNION ALL SELECT *, line - 1, above FROM lines WHERE instr(text, '(') = 0 AND above LIKE 'except%' AND rtrim(substr(above, 1, instr(above || '#', '#') - 1)) LIKE '%:'
), handlers AS MATERIALIZED (
  SELECT file, n AS line, function, total(ns) AS ns, total(ticks) AS ticks, max(stack_id) AS stack_id, max(head) AS text
  FROM caught WHERE head LIKE 'except %:%' OR head LIKE 'except:%' OR head LIKE 'except(%' GROUP BY 1, 2, 3
), up(file, line, function, n, text) AS ( -- from each to its `try`
  SELECT file, line, function, line, text FROM handlers
  UNION ALL SELECT file, line, function, n - 1, source_at(file, n - 1, (SELECT value FROM v1_meta WHERE key = 'started_realtime_ns'))
  FROM up WHERE text NOT LIKE 'try:%' AND line - n < 40 AND text IS NOT NULL
), tried AS MATERIALIZED (
  SELECT * FROM up u WHERE n < line AND text NOT LIKE 'try:%' AND EXISTS (SELECT 1 FROM up t WHERE t.file = u.file AND t.line = u.line AND t.text LIKE 'try:%')
), down(id, file, line) AS (
  SELECT f.id, t.file, t.line FROM tried t JOIN v1_frame f ON f.file = t.file AND f.line = t.n AND f.function = t.function
  UNION SELECT f.id, d.file, d.line FROM down d JOIN v1_frame f ON f.parent_id = d.id
), sites AS (
  SELECT h.file, h.line, h.function, h.ns, h.ticks, h.stack_id, b.ns AS body_ns, b.ticks AS body_ticks,
    (SELECT t.n FROM tried t LEFT JOIN lines l ON l.file = t.file AND l.line = t.n WHERE t.file = h.file AND t.line = h.line ORDER BY coalesce(l.ns, 0) DESC, t.n DESC LIMIT 1) AS raised_at,
    (SELECT iif(count(DISTINCT coalesce(s.route, '')) = 1, max(s.route), NULL) FROM sampled s WHERE s.file = h.file AND s.function = h.function) AS route,
    (SELECT total(r.units) FROM route_units r WHERE coalesce(r.route, '') IN (SELECT coalesce(s.route, '') FROM sampled s WHERE s.file = h.file AND s.function = h.function)) AS unit_count
  FROM handlers h JOIN (SELECT k.file, k.line, total(s.ns) AS ns, total(s.ticks) AS ticks FROM handlers k LEFT JOIN sampled s ON s.state = 'python' AND s.stack_id IN (SELECT id FROM down d WHERE d.file = k.file AND d.line = k.line) GROUP BY 1, 2) b ON b.file = h.file AND b.line = h.line
), together AS ( -- handlers of a file that are each too seldom sampled, as those of a text tried as a number, then as a date; columns beside are of max()'s row
  SELECT file, line, function, max(ns) AS most_of, total(ns) AS ns, total(ticks) AS ticks, stack_id, total(body_ns) AS body_ns, total(body_ticks) AS body_ticks, raised_at, route, unit_count, json_group_array(line) AS all_lines, count(*) AS handlers FROM (SELECT s.*, s.ns >= 0.01 * t.ns AND s.ticks >= 5 AS often FROM sites s, sampled_total t) GROUP BY file, iif(often, line, 0)
), costs AS (
  SELECT s.*, t.ticks AS all_ticks, t.scale, b.wall_ns, b.units, s.ns * t.scale AS except_ns, (s.ns + s.body_ns) * t.scale AS most_ns, (min(s.ns + s.body_ns, 7 * s.ns) + min(s.ns + s.body_ns, 18 * s.ns)) / 2 * t.scale AS cost_ns, s.ns >= 0.01 * t.ns AND s.ticks >= 5 AS often,
    spread_low(s.ticks, t.ticks, 1) AS least, spread_high(s.ticks, t.ticks, 1) AS most, spread_high(s.ticks + s.body_ticks, t.ticks, 1) AS body_most, (SELECT total(weight * failed) / total(weight) FROM basis) AS failing FROM together s, sampled_total t, basis_total b WHERE b.wall_ns > 0
)
SELECT often AND coalesce(failing, 0) < 0.5 AS fires, printf('%s:%d', base_name(file), line) AS subject, stack_id, route, unit_count AS units, cost_ns AS share_ns,
  printf('Exceptions that are raised and caught take %.0f %% of a %s.', 100.0 * cost_ns / wall_ns, one) AS title,
  iif(raised_at IS NULL, json_array(json_array(file, line, function)), json_array(json_array(file, line, function), json_array(file, raised_at, function))) AS places,
  min(0.8 * cost_ns, 3 * except_ns * least) / units AS saving_low_ns, 0.9 * cost_ns / units AS saving_mid_ns, min(most_ns * body_most, 18 * except_ns * most, wall_ns) / units AS saving_high_ns,
  (SELECT json_group_array(json_array(key, ns)) FROM (SELECT printf('python:%s:%s', s.file, s.function) AS key, total(s.ns) * scale * iif(most_ns <= 18 * except_ns, 1, cost_ns / most_ns) AS ns
    FROM sampled s WHERE s.state = 'python' AND s.kind = 'app' AND (s.stack_id IN (SELECT id FROM down d WHERE d.file = costs.file AND d.line IN (SELECT value FROM json_each(all_lines))) OR (s.file = costs.file AND EXISTS (SELECT 1 FROM json_each(all_lines) WHERE s.line IN (value, value + 1)))) GROUP BY s.file, s.function)) AS claims, -- where it is raised, too
  json_array(json_array('samples on the lines that catch', ticks, printf('of %d on a CPU', all_ticks)), json_array('handlers together', iif(handlers > 1, handlers, NULL), 'of this file'), json_array('with raising and unwinding about', cost_ns / 1e6 / units, 'ms per ' || one), json_array('below its try', most_ns / 1e6 / units, 'ms per ' || one || ' at most'), json_array('of them failing', 100 * failing, '%')) AS evidence,
  json_array(json_array('error-burst', printf('%.3g %% of the %ss fail', 100 * coalesce(failing, 0), one)), json_array('hot-python-loop', 'an except line does nothing but compare an exception that has come')) AS excluded,
  printf('%d samples on except lines (95 %%: %.1f to %.1f %% of the CPU of %ss)', ticks, 100 * share_low(ticks, all_ticks), 100 * share_high(ticks, all_ticks), one) AS because,
  printf('%s:%d catches exceptions for %.1f %% of the time', base_name(file), line, 100.0 * except_ns / wall_ns) AS ruled_out
FROM costs, noun ORDER BY cost_ns DESC;
