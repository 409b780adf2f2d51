-- id: import-in-request
-- group: cpu
-- needs: v1_unit v1_sample v1_unit_sample v1_frame
-- excludes: cold-start
-- floor: 0.02
-- level: likely
-- saving: S1
-- fix: import at the top of the module; where the import may fail (an optional package), try it once there and
--   keep the outcome, as a failed import searches every folder again each time
-- doc: docs/causes/import-in-request.md
-- order: 10
-- units: 3

-- Stacks below the import machinery while a unit of work ran. A module that is there is not imported again, so one
-- line that imports at times more than ten seconds apart, in one process, imports in vain or anew each time; or in five of its
-- units and more, a quarter of them in the second half of its life: what first use needs has been loaded by then. What a library does
-- of itself (as looking for a package that is not installed) is a cause where it is much of the time.
WITH imports AS MATERIALIZED (
  SELECT s.*, i.importer_id FROM sampled s JOIN importing i ON i.stack_id = s.stack_id
), sites AS (
  SELECT f.app_file AS file, f.app_line AS line, f.app_function AS function, i.process_id, total(i.ns) AS ns, total(i.ticks) AS ticks,
    max(i.importer_id) AS stack_id, max(i.last_slot) - min(i.first_slot) AS apart, group_concat(DISTINCT i.route) AS routes,
    iif(count(DISTINCT coalesce(i.route, '')) = 1, max(i.route), NULL) AS route
  FROM imports i JOIN v1_frame f ON f.id = i.importer_id GROUP BY 1, 2, 3, 4
), places AS (
  SELECT file, line, function, total(ns) AS ns, total(ticks) AS ticks, max(stack_id) AS stack_id, max(apart) AS apart,
    iif(count(DISTINCT coalesce(route, '')) = 1, max(route), NULL) AS route
  FROM sites s GROUP BY file, line, function ORDER BY total(ns) DESC LIMIT 10
), lives AS (SELECT process_id, min(start_ns) + (max(end_ns) - min(start_ns)) / 2 AS half_ns FROM v1_unit GROUP BY process_id
), seen AS (
  SELECT file, line, max(units) AS seen_units, max(5 <= units AND 4 * late >= units) AS repeats FROM (
    SELECT f.app_file AS file, f.app_line AS line, count(DISTINCT b.id) AS units, count(DISTINCT iif(b.start_ns > l.half_ns, b.id, NULL)) AS late
    FROM v1_unit_sample s JOIN basis b ON b.id = s.unit_id JOIN lives l ON l.process_id = b.process_id JOIN importing i ON i.stack_id = s.stack_id JOIN v1_frame f ON f.id = i.importer_id
    GROUP BY 1, 2, b.process_id) GROUP BY 1, 2
), leaves AS ( -- whose frames the time is in: the same nanoseconds as those of a hot function
  SELECT f.app_file AS file, f.app_line AS line, json_group_array(json_array(printf('python:%s:%s', i.file, i.function), i.ns)) AS claims
  FROM imports i JOIN v1_frame f ON f.id = i.importer_id WHERE i.kind = 'app' GROUP BY 1, 2
), costs AS (
  SELECT p.*, min(t.python_ns, p.ns * t.scale) AS cost_ns, t.ticks AS all_ticks, b.wall_ns, b.units,
    (SELECT f.kind <> 'app' FROM v1_frame f WHERE f.id = p.stack_id) AS by_library,
    (SELECT total(u.units) FROM route_units u WHERE u.route IN (SELECT i.route FROM imports i JOIN v1_frame g ON g.id = i.importer_id
      WHERE g.app_file = p.file AND g.app_line = p.line)) AS unit_count
  FROM places p, sampled_total t, basis_total b WHERE b.wall_ns > 0 AND p.ticks >= 5
)
SELECT (c.apart >= 2 OR coalesce(n.repeats, 0)) AND (NOT by_library OR cost_ns >= 0.15 * wall_ns) AS fires, printf('%s:%d', base_name(c.file), c.line) AS subject, stack_id, route,
  printf('A module is imported %s, again and again: %.0f %% of its time.', iif(one = 'busy thread', 'by a thread at work', 'in the middle of a ' || one), 100.0 * cost_ns / wall_ns) AS title,
  json_array(json_array(c.file, c.line, c.function)) AS places, min(unit_count, units) AS units, cost_ns AS share_ns,
  cost_ns * spread_low(ticks, all_ticks, 0.85) / units AS saving_low_ns, cost_ns / units AS saving_mid_ns, min(cost_ns * spread_high(ticks, all_ticks, 1.2), wall_ns) / units AS saving_high_ns,
  coalesce(l.claims, '[]') AS claims,
  json_array(json_array('samples below an import', ticks, printf('of %d on a CPU', all_ticks)), json_array('importing', cost_ns / 1e6 / units, 'ms per ' || one)) AS evidence,
  json_array(json_array('cold-start', iif(apart >= 2, printf('seen again up to %d s later in the same process', 10 * apart),
    printf('seen in %d %ss of one process, also in the second half of its life', n.seen_units, one)))) AS excluded,
  (SELECT printf('here the import is in a library (%s:%d): what it asks for is not installed, or goes on being loaded; install that, upgrade the library, or call it less', base_name(f.file), f.line)
    FROM v1_frame f WHERE f.id = c.stack_id AND f.kind <> 'app') AS fix_more,
  printf('%d samples (95 %%: %.1f to %.1f %% of the CPU of %ss)', ticks, 100 * share_low(ticks, all_ticks), 100 * share_high(ticks, all_ticks), one) AS because,
  iif(by_library AND (c.apart >= 2 OR n.repeats), printf('a library imports at %s:%d in each %s: %.0f %% of its time', base_name(c.file), c.line, one, 100.0 * cost_ns / wall_ns),
    printf('%s:%d imports within a %s, but once in a process: first use', base_name(c.file), c.line, one)) AS ruled_out
FROM costs c LEFT JOIN leaves l ON l.file = c.file AND l.line = c.line LEFT JOIN seen n ON n.file = c.file AND n.line = c.line, noun
ORDER BY cost_ns DESC;
