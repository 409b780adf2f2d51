-- id: regex-backtracking
-- group: cpu
-- needs: v1_unit v1_sample v1_unit_sample v1_frame
-- excludes: compile-per-request hot-python-loop
-- floor: 0.10
-- level: likely
-- saving: S11
-- fix: write the pattern so that a text can be matched in one way only: a repeat inside a repeat needs something between the rounds
--   that it cannot match itself (\w+(?:,\w+)* for (\w+,?)+), or a possessive one (++, since Python 3.11); and limit the text's length
-- doc: docs/causes/regex-backtracking.md
-- order: 10
-- units: 1

-- A match runs in C: its time is that of the frame that calls it, of re itself or a line whose source calls a pattern's method. How long
-- one match took is not seen, so the pattern has to show it: in the source (of the line, or where the line's file, or a module that it imports from, gives it that name)
-- a group is repeated that is a repeat, in it nothing else that has to match: (\w+)+, (?:\w+[ -]?)+ (pattern.h). Ends of the saving: the 90 % of the share, and what of it may be plain matching that stays (to 0.7), or is not sampled (to 1.25).
WITH RECURSIVE busy AS MATERIALIZED (
  SELECT s.stack_id, s.ns, s.ticks, s.state, s.route, iif(m.id IS NULL, s.file, m.file) AS file, iif(m.id IS NULL, s.line, m.line) AS line, iif(m.id IS NULL, s.function, m.function) AS function
  FROM sampled s LEFT JOIN v1_frame f ON f.id = s.stack_id AND (s.file LIKE '%/re/__init__.py' OR s.file LIKE '%/lib/python%/re.py')
    AND s.function IN ('match', 'fullmatch', 'search', 'sub', 'subn', 'split', 'findall', 'finditer') LEFT JOIN v1_frame m ON m.id = f.parent_id
), sites AS MATERIALIZED (
  SELECT file, line, function, total(ns) AS ns, total(ticks) AS ticks, max(stack_id) AS stack_id, iif(count(DISTINCT coalesce(route, '')) = 1, max(route), NULL) AS route,
    json_group_array(DISTINCT coalesce(route, '')) AS routes, source_at(file, line, (SELECT value FROM v1_meta WHERE key = 'started_realtime_ns')) AS text
  FROM busy GROUP BY 1, 2, 3 HAVING total(ns) >= 0.05 * (SELECT ns FROM sampled_total) AND total(ticks) >= 20 ORDER BY 4 DESC LIMIT 5
), calls AS MATERIALIZED ( SELECT * FROM sites WHERE text LIKE '%.match(%' OR text LIKE '%.fullmatch(%' OR text LIKE '%.search(%' OR text LIKE '%.sub(%' OR text LIKE '%.subn(%' OR text LIKE '%.findall(%' OR text LIKE '%.finditer(%'
), numbered(n) AS (SELECT 1 WHERE EXISTS (SELECT 1 FROM calls) UNION ALL SELECT n + 1 FROM numbered WHERE n < 2000
), source AS MATERIALIZED (
  SELECT file, file AS by_file, n, source_at(file, n, (SELECT value FROM v1_meta WHERE key = 'started_realtime_ns')) AS text FROM (SELECT DISTINCT file FROM calls), numbered
), imports AS MATERIALIZED ( -- modules that it imports names from, by their place next to it or to its package
  SELECT file AS by_file, rtrim(file, replace(file, '/', '')) AS dir, replace(trim(substr(text, 6, instr(text, ' import ') - 6), '. '), '.', '/') || '.py' AS path FROM source WHERE text LIKE 'from % import %'
), beside AS MATERIALIZED ( SELECT by_file, file FROM (SELECT by_file, dir || path AS file FROM imports UNION SELECT by_file, rtrim(rtrim(dir, '/'), replace(dir, '/', '')) || path FROM imports WHERE dir <> '')
  WHERE coalesce(source_at(file, 1, (SELECT value FROM v1_meta WHERE key = 'started_realtime_ns')), source_at(file, 3, (SELECT value FROM v1_meta WHERE key = 'started_realtime_ns'))) IS NOT NULL LIMIT 8
), all_source AS MATERIALIZED (
  SELECT * FROM source UNION ALL SELECT b.file, b.by_file, n, source_at(b.file, n, (SELECT value FROM v1_meta WHERE key = 'started_realtime_ns')) FROM beside b, numbered
), defined AS (
  SELECT s.by_file AS file, s.text || coalesce(iif(s.text LIKE '%(', (SELECT t.text FROM all_source t WHERE t.file = s.file AND t.n = s.n + 1), ''), '') AS pattern,
    trim(substr(s.text, 1, instr(replace(s.text, ':', '='), '=') - 1)) AS name
  FROM all_source s WHERE s.text LIKE '%=%re%.compile(%'
), patterns AS (
  SELECT c.file, c.line, p.pattern, ambiguous_pattern(p.pattern) AS ways
  FROM calls c JOIN (SELECT file, name, pattern FROM defined UNION ALL SELECT file, 're', text FROM calls WHERE text LIKE '%re.%(r%') p
    ON p.file = c.file AND p.name <> '' AND instr(' ' || c.text, p.name || '.') > 0 AND substr(' ' || c.text, instr(' ' || c.text, p.name || '.') - 1, 1) NOT GLOB '[A-Za-z0-9_]'
    AND (p.name <> 're' OR p.pattern = c.text)
), per_unit AS (
  SELECT b.file, b.line, u.unit_id, total(u.wall_ns) AS ns FROM v1_unit_sample u JOIN basis ON basis.id = u.unit_id JOIN (SELECT DISTINCT stack_id, file, line FROM busy) b ON b.stack_id = u.stack_id GROUP BY 1, 2, 3
), costs AS (
  SELECT c.*, (SELECT max(ways) FROM patterns p WHERE p.file = c.file AND p.line = c.line) AS ways, (SELECT pattern FROM patterns p WHERE p.file = c.file AND p.line = c.line ORDER BY ways DESC LIMIT 1) AS pattern,
    (SELECT total(r.units) FROM route_units r WHERE coalesce(r.route, '') IN (SELECT value FROM json_each(c.routes))) AS unit_count, (SELECT max(ns) FROM per_unit u WHERE u.file = c.file AND u.line = c.line) AS most_ns,
    min(t.python_ns, c.ns * t.scale) AS cost_ns, t.ticks AS all_ticks, b.wall_ns, b.units
  FROM calls c, sampled_total t, basis_total b WHERE b.wall_ns > 0
)
SELECT coalesce(ways, 0) AS fires, printf('%s:%d', base_name(file), line) AS subject, stack_id, route, json_array(json_array(file, line, function)) AS places, unit_count AS units, cost_ns AS share_ns,
  printf('A regular expression that can match one text in many ways takes %.0f %% of a %s.', 100.0 * cost_ns / wall_ns, one) AS title,
  0.95 * cost_ns * spread_low(ticks, all_ticks, 0.7) / units AS saving_low_ns, 0.95 * cost_ns / units AS saving_mid_ns, min(0.95 * cost_ns * spread_high(ticks, all_ticks, 1.25), wall_ns) / units AS saving_high_ns,
  json_array(json_array(printf('work:%s:%d:re', file, line), cost_ns), json_array(printf('python:%s:%s', file, function), cost_ns)) AS claims,
  json_array(json_array('samples in matching', ticks, printf('of %d on a CPU', all_ticks)), json_array('matching', cost_ns / 1e6 / units, 'ms per ' || one), json_array('in one ' || one, most_ns / 1e6, 'ms at most')) AS evidence,
  json_array(json_array('compile-per-request', 'the innermost frame is the one that matches, not the compiler''s'), json_array('hot-python-loop', 'the line''s own work is a call into re, in C')) AS excluded,
  'in the source a repeat is itself repeated: ' || substr(pattern, 1, 90) AS because,
  printf('%s:%d spends %.1f %% of the time in matching, %s', base_name(file), line, 100.0 * cost_ns / wall_ns, iif(ways IS NULL, 'by a pattern that its file does not show', 'by a pattern with no repeat in a repeat')) AS ruled_out
FROM costs, noun ORDER BY cost_ns DESC;
