-- id: monitoring-overhead
-- group: cpu
-- needs: v1_unit v1_sample v1_unit_sample v1_frame
-- excludes: debug-mode
-- floor: 0.05
-- level: likely
-- saving: S1
-- fix: take it out of production, or let it look at a sample of the requests; a profiler that has to run there is one that samples
-- doc: docs/causes/monitoring-overhead.md
-- order: 10
-- units: 3

-- Own time of libraries that watch: a sample is theirs if its nearest frame, the standard library's left out, is. What they make
-- others slower by (a tracing function called for each line, a profiler in C for each call) has no frame of theirs: at least. The
-- application's own function is one if its file gives it to sys.setprofile() or settrace() (hook.h).
WITH hot AS (
  SELECT app_file AS file, app_function AS function, total(ns) AS ns, total(ticks) AS ticks, max(stack_id) AS stack_id, iif(count(DISTINCT coalesce(route, '')) = 1, max(route), NULL) AS route
  FROM sampled WHERE has_app GROUP BY 1, 2 ORDER BY total(ns) DESC LIMIT 20
), hook AS MATERIALIZED (
  SELECT h.*, given_to(file, function, (SELECT value FROM v1_meta WHERE key = 'started_realtime_ns')) AS way,
    (SELECT app_line FROM sampled s WHERE s.app_file = h.file AND s.app_function = h.function GROUP BY 1 ORDER BY total(s.ns) DESC, 1 LIMIT 1) AS line FROM hot h
), seen AS (
  SELECT h.file, h.function, count(DISTINCT s.unit_id) AS units FROM hook h JOIN v1_frame f ON f.app_file = h.file AND f.app_function = h.function
  JOIN v1_unit_sample s ON s.stack_id = f.id JOIN basis b ON b.id = s.unit_id WHERE h.way IS NOT NULL GROUP BY 1, 2
), own AS (
  SELECT h.*, n.units AS seen_units, min(t.python_ns, h.ns * t.scale) AS cost_ns, t.ticks AS all_ticks, b.kind, b.units, b.wall_ns, (SELECT coalesce(nullif(total(r.units), 0), b.units) FROM route_units r
    WHERE r.route IN (SELECT s.route FROM sampled s WHERE s.app_file = h.file AND s.app_function = h.function)) AS unit_count
  FROM hook h LEFT JOIN seen n USING (file, function), sampled_total t, basis_total b WHERE h.way IS NOT NULL AND h.ticks >= 10 AND b.wall_ns > 0
)
SELECT repeats AS fires, subject, stack_id, route, places, unit_count AS units, cost_ns AS share_ns, 1 AS at_least,
  printf('%s, which watches this app, takes %.0f %% of a %s.', CASE subject WHEN 'werkzeug' THEN 'werkzeug''s ProfilerMiddleware' WHEN 'profiler' THEN 'A profiler or tracer of the standard library' ELSE subject END, percent, one) AS title,
  low_ns AS saving_low_ns, mid_ns AS saving_mid_ns, gil_part, high_ns AS saving_high_ns, claims, evidence, because,
  json_array(json_array('debug-mode', printf('the time is in frames of %s itself', iif(subject = 'profiler', 'the profiler', subject)))) AS excluded,
  printf('%s takes %.1f %% of a %s', iif(subject = 'profiler', 'a profiler', subject), percent, one) AS ruled_out
FROM work_finding, noun WHERE work = 'monitoring'
UNION ALL SELECT seen_units >= 3 OR kind IN ('run', 'thread'), printf('%s:%s', base_name(file), function), stack_id, route, json_array(json_array(file, line, function)), min(unit_count, units), cost_ns, 1,
  printf('%s(), which watches each call or line (%s), takes %.0f %% of a %s.', function, way, 100.0 * cost_ns / wall_ns, one), 0.9 * cost_ns * spread_low(ticks, all_ticks, 0.85) / units, cost_ns / units, NULL, min(cost_ns * spread_high(ticks, all_ticks, 1.2), wall_ns) / units,
  json_array(json_array(printf('python:%s:%s', file, function), cost_ns)), json_array(json_array('samples in it', ticks, printf('of %d on a CPU', all_ticks)), json_array('it takes', cost_ns / 1e6 / units, 'ms per ' || one), json_array(printf('%ss seen in it', one), seen_units, '')),
  printf('%d samples in the function that its file gives to %s()', ticks, way), json_array(json_array('debug-mode', 'the time is in a function of the application itself')), printf('%s() takes %.1f %% of a %s', function, 100.0 * cost_ns / wall_ns, one)
FROM own, noun ORDER BY share_ns DESC;
