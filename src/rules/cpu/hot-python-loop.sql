-- id: hot-python-loop
-- group: cpu
-- needs: v1_unit v1_sample v1_frame v1_call_arguments
-- excludes: gc-pause monitoring-overhead
-- floor: 0.30
-- level: likely
-- saving: S1
-- fix: do it once and keep the result, do less of it, or hand the loop to code in C (a built-in over the whole
--   sequence, numpy, a query of the database)
-- doc: docs/causes/hot-python-loop.md
-- order: 30
-- units: 3

-- A line that calls into a library again and again (looped_call); or one function of the application computes in its own frame for 30 % of the time or more; or, where none does alone, one with
-- those that it calls: a loop whose body is a helper. The caller is the loop if it computes itself, for a tenth of what the
-- helpers do. The cost is its share of the sampled CPU, of the ledger's. What a better form of it saves is not known: printed is that of a tenfold
-- faster one, from a twofold one to not doing it at all, joined with the 90 % of the share. Every request passes somewhere: a line that takes most of a quick one, of a process
-- that is mostly idle, is its work and no fault. Called a cause is what a cure would let be felt: 2 ms a request, or a tenth of a CPU.
WITH own AS (
  SELECT file, function, total(ns) AS ns, total(ticks) AS ticks, max(stack_id) AS stack_id, NULL AS helpers,
    iif(count(DISTINCT coalesce(route, '')) = 1, max(route), NULL) AS route
  FROM sampled WHERE kind = 'app' AND state = 'python' GROUP BY file, function ORDER BY ns DESC LIMIT 10
), called AS (
  SELECT p.file, of_function(p.function) AS function, p.line, s.file AS helper_file, s.function AS helper, s.ns, s.ticks FROM sampled s JOIN v1_frame f ON f.id = s.stack_id JOIN v1_frame p ON p.id = f.parent_id
  WHERE s.kind = 'app' AND s.state = 'python' AND p.kind = 'app' AND (p.file <> s.file OR of_function(p.function) <> s.function)
    AND s.function NOT LIKE '%\_\_repr\_\_' ESCAPE '\' AND s.function NOT LIKE '%\_\_str\_\_' ESCAPE '\' -- a text is made: no helper of a loop
), sites AS (
  SELECT * FROM own UNION ALL SELECT o.file, o.function, o.ns + total(c.ns), o.ticks + total(c.ticks), o.stack_id, group_concat(DISTINCT c.helper || '()'), o.route
  FROM own o JOIN called c ON c.file = o.file AND c.function = o.function, sampled_total t, basis_total b GROUP BY o.file, o.function
  HAVING o.ns >= 0.1 * total(c.ns) AND NOT EXISTS (SELECT 1 FROM own x WHERE x.ticks >= 20 AND x.ns * t.scale >= 0.3 * b.wall_ns)
), lines AS (
  SELECT file, function, line, helped, total(ns) AS ns, row_number() OVER (PARTITION BY file, function, helped ORDER BY total(ns) DESC, line) AS nth FROM (
    SELECT file, function, line, ns, column1 AS helped FROM sampled, (VALUES (0), (1)) WHERE kind = 'app' AND state = 'python' UNION ALL SELECT file, function, line, ns, 1 FROM called)
  GROUP BY file, function, line, helped
), costs AS (
  SELECT s.*, l.line, l.ns / s.ns AS line_part, min(t.python_ns, s.ns * t.scale) AS cost_ns, t.ticks AS all_ticks, b.wall_ns, b.units, b.window_ns,
    (SELECT total(weight * gc_ns) FROM basis) AS gc_ns, (SELECT coalesce(nullif(total(u.units), 0), b.units) FROM route_units u WHERE u.route IN (
      SELECT o.route FROM sampled o WHERE o.file = s.file AND o.function = s.function AND o.kind = 'app')) AS unit_count
  FROM sites s JOIN lines l ON l.file = s.file AND l.function = s.function AND l.helped = (s.helpers IS NOT NULL) AND l.nth = 1, sampled_total t, basis_total b
  WHERE b.wall_ns > 0 AND s.ticks >= 20
)
SELECT coalesce(cost_ns >= 2e6 * min(unit_count, units) OR cost_ns >= 0.1 * window_ns, 1) AS fires, printf('%s:%s', base_name(file), function) AS subject, stack_id, route,
  printf('%.0f %% of a %s is Python''s own work in %s()%s.', 100.0 * cost_ns / wall_ns, one, function, coalesce(' and in what it calls, ' || replace(helpers, ',', ', '), '')) AS title, NULL AS fix,
  coalesce((SELECT json_array(json_array(c.file, c.line, c.function), json_array(k.file, k.line, k.function)) FROM called k WHERE k.helper_file = c.file AND k.helper = c.function AND looped_source(k.file, k.line, (SELECT value FROM v1_meta WHERE key = 'started_realtime_ns')) GROUP BY k.file, k.line ORDER BY total(k.ns) DESC LIMIT 1),
    json_array(json_array(file, line, function))) AS places, min(unit_count, units) AS units, cost_ns AS share_ns,
  0.9 * cost_ns * spread_low(ticks, all_ticks, 0.55) / units AS saving_low_ns, 0.9 * cost_ns / units AS saving_mid_ns, min(0.9 * cost_ns * spread_high(ticks, all_ticks, 1.11), wall_ns) / units AS saving_high_ns,
  iif(helpers IS NULL, json_array(json_array(printf('python:%s:%s', file, function), cost_ns)), (SELECT json_group_array(json_array(printf('python:%s:%s', file, function), ns))
    FROM (SELECT o.file, o.function, o.ns * (SELECT scale FROM sampled_total) AS ns FROM own o WHERE (o.file = c.file AND o.function = c.function)
      OR EXISTS (SELECT 1 FROM called k WHERE k.file = c.file AND k.function = c.function AND k.helper_file = o.file AND k.helper = o.function)))) AS claims,
  json_array(json_array('samples in its own frame' || iif(helpers IS NULL, '', ' and theirs'), ticks, printf('of %d on a CPU', all_ticks)),
    json_array('part of it on this line', 100 * line_part, '%'), json_array('its own work', cost_ns / 1e6 / units, 'ms per ' || one)) AS evidence, json_array(json_array('gc-pause', iif(units > 0 AND gc_ns < 0.25 * cost_ns, printf('collections take %s a %s', ms(gc_ns / units), one), NULL)),
    json_array('monitoring-overhead', 'its own frame is the innermost one: no tracer''s runs below it')) AS excluded,
  (SELECT printf('if it is called again with the same arguments, results can be kept: `unslow run --calls=%s:%d --arguments` tells', base_name(f.file), f.first_line) FROM v1_frame f JOIN v1_frame p ON p.id = f.parent_id
    WHERE f.id = c.stack_id AND p.kind = 'app' AND helpers IS NULL AND NOT EXISTS (SELECT 1 FROM v1_call_arguments)) AS fix_more,
  printf('%d samples (95 %%: %.0f to %.0f %% of the CPU of %ss)', ticks, 100 * share_low(ticks, all_ticks), 100 * share_high(ticks, all_ticks), one) AS because,
  printf('the hottest function, %s(), takes %.1f %% of the time in its own frame', function, 100.0 * cost_ns / wall_ns) || iif(units > 0, printf(', %s a %s and %.1f %% of a CPU', ms(cost_ns / min(unit_count, units)), one, 100.0 * cost_ns / window_ns), '') AS ruled_out
FROM costs c, noun WHERE cost_ns >= 0.3 * wall_ns OR ns = (SELECT max(ns) FROM sites WHERE ticks >= 20)
UNION ALL SELECT 1, printf('%s:%d', base_name(file), line), stack_id, route, printf('%.0f %% of a %s is spent in %s, which %s() calls in a loop.', percent, one, called, function), fix, places, units, cost_ns, 0.9 * each_ns * spread_low(ticks, all_ticks, 0.55), 0.9 * each_ns, min(0.9 * each_ns * spread_high(ticks, all_ticks, 1.11), wall_ns), claims,
  json_array(json_array('samples below the line', ticks, printf('of %d on a CPU', all_ticks)), json_array('it takes', each_ns / 1e6, 'ms per ' || one)), json_array(json_array('gc-pause', 'the samples are in the library''s code'), json_array('monitoring-overhead', 'the line calls it')), NULL,
  printf('%d samples in code of a library that the line calls in rounds (95 %%: %.0f to %.0f %% of the CPU of %ss)', ticks, 100 * share_low(ticks, all_ticks), 100 * share_high(ticks, all_ticks), one), '' FROM looped_call, noun WHERE felt ORDER BY share_ns DESC;
