-- id: deep-copy
-- group: cpu
-- needs: v1_unit v1_sample v1_unit_sample v1_frame
-- excludes: slow-serialisation cold-start
-- floor: 0.05
-- level: likely
-- saving: S1
-- fix: copy only what is changed (dict(x), x | {…}, [*x], dataclasses.replace), or keep the shared value immutable
--   (tuples, frozen dataclasses, types.MappingProxyType) and do not copy it at all
-- doc: docs/causes/deep-copy.md
-- order: 10
-- units: 3

-- Time below copy.deepcopy, and dataclasses.asdict, which is one (a fifth of the time, as a few fields are soon copied), which walks every object in Python and remembers each; the place is the line that asked. What a
-- library copies for itself (Django's forms their fields) is not the application's to leave out. Or a line's source writes a value as
-- text or bytes and reads it again at once, which is a copy, too.
WITH hot AS (
  SELECT app_file AS file, app_line AS line FROM sampled WHERE has_app GROUP BY 1, 2 ORDER BY total(ns) DESC LIMIT 40
), trip AS MATERIALIZED (
  SELECT h.*, k.column1 AS way FROM (SELECT file, line, ' ' || source_at(file, line, (SELECT value FROM v1_meta WHERE key = 'started_realtime_ns')) AS text FROM hot) h
  JOIN (VALUES ('json'), ('pickle'), ('marshal'), ('orjson'), ('ujson'), ('simplejson')) k ON h.text GLOB '*[^a-z]' || k.column1 || '.loads(' || k.column1 || '.dumps(*'
), again AS (
  SELECT t.file, t.line, t.way, max(s.app_function) AS function, total(s.ns) AS ns, total(s.ticks) AS ticks, max(s.stack_id) AS stack_id, iif(count(DISTINCT coalesce(s.route, '')) = 1, max(s.route), NULL) AS route,
    (SELECT count(DISTINCT u.unit_id) FROM v1_unit_sample u JOIN basis b ON b.id = u.unit_id JOIN v1_frame f ON f.id = u.stack_id WHERE f.app_file = t.file AND f.app_line = t.line) AS seen_units
  FROM trip t JOIN sampled s ON s.app_file = t.file AND s.app_line = t.line GROUP BY t.file, t.line
), costs AS (
  SELECT a.*, t.ticks AS all_ticks, t.scale, min(t.python_ns, a.ns * t.scale) AS cost_ns, b.kind, b.units, b.wall_ns,
    (SELECT total(r.units) FROM route_units r WHERE coalesce(r.route, '') IN (SELECT coalesce(s.route, '') FROM sampled s WHERE s.app_file = a.file AND s.app_line = a.line)) AS unit_count
  FROM again a, sampled_total t, basis_total b WHERE a.ticks >= 10 AND b.wall_ns > 0
)
SELECT repeats AND copier IS NULL AND (way = 'copy.deepcopy' OR percent >= 20) AS fires, subject, stack_id, route, places, unit_count AS units, cost_ns AS share_ns,
  printf('%s takes %.0f %% of a %s%s.', way, percent, one, iif(way = 'copy.deepcopy', '', ': it copies all that is below, field by field')) AS title, iif(way = 'copy.deepcopy', NULL, 'take the fields that are wanted by hand ({"id": x.id, …}), or give the dataclass itself to an encoder that reads it (orjson.dumps); ' || way || '() copies each list, dict and dataclass below it, whoever asks') AS fix,
  low_ns AS saving_low_ns, mid_ns AS saving_mid_ns, gil_part, high_ns AS saving_high_ns, claims, evidence, because,
  json_array(json_array('slow-serialisation', printf('the innermost function that was asked for is %s, no encoder', way)),
    json_array('cold-start', iif(seen_units > 0, printf('seen in %s, also in the second half of the recording', counted(seen_units, one)), NULL))) AS excluded,
  printf('%s takes %.1f %% of a %s%s', way, percent, one, coalesce(', asked for by ' || copier, iif(repeats, '', ', at its first runs alone'))) AS ruled_out
FROM (SELECT w.*, (SELECT CASE WHEN file NOT LIKE '%/dataclasses.py' THEN 'copy.deepcopy' WHEN function LIKE '%tuple%' THEN 'dataclasses.astuple' ELSE 'dataclasses.asdict' END FROM v1_frame WHERE id = w.stack_id) AS way, (SELECT coalesce(package_of(p.file), base_name(p.file)) FROM v1_frame e JOIN v1_frame p ON p.id = e.parent_id
  WHERE e.id = w.stack_id AND p.kind <> 'app' AND p.file NOT LIKE '%/dataclasses.py') AS copier FROM work_finding w), noun WHERE work = 'copy'
UNION ALL SELECT seen_units >= 3 OR kind IN ('run', 'thread'), printf('%s:%d', base_name(file), line), stack_id, route, json_array(json_array(file, line, function)), iif(kind = 'thread', 0, unit_count), cost_ns,
  printf('Copying by %s.loads(%s.dumps(…)) takes %.0f %% of a %s.', way, way, 100.0 * cost_ns / wall_ns, one), NULL, cost_ns * spread_low(ticks, all_ticks, 0.85) / units, cost_ns / units, NULL, min(cost_ns * spread_high(ticks, all_ticks, 1.2), wall_ns) / units,
  (SELECT json_group_array(json_array(key, ns)) FROM (SELECT printf('work:%s:%d:copy', c.file, c.line) AS key, c.cost_ns AS ns UNION ALL SELECT printf('python:%s:%s', s.file, s.function), total(s.ns) * c.scale FROM sampled s WHERE s.app_file = c.file AND s.app_line = c.line AND s.kind = 'app' GROUP BY s.file, s.function)),
  json_array(json_array('samples in it', ticks, printf('of %d on a CPU', all_ticks)), json_array('it takes', cost_ns / 1e6 / units, 'ms per ' || one), json_array(printf('%ss seen in it', one), seen_units, '')),
  printf('%d samples on a line that writes a value and reads it again', ticks), json_array(json_array('slow-serialisation', 'what is written is read again on the same line'), json_array('cold-start', iif(seen_units > 0, printf('seen in %s', counted(seen_units, one)), NULL))),
  printf('%s.loads(%s.dumps(…)) takes %.1f %% of a %s, seen in %s', way, way, 100.0 * cost_ns / wall_ns, one, counted(seen_units, one))
FROM costs c, noun ORDER BY share_ns DESC;
