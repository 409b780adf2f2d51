-- id: gc-pause
-- group: resource
-- needs: v1_event v1_unit v1_frame
-- excludes: hot-python-loop
-- floor: 0.05
-- level: likely
-- saving: S11
-- fix: gc.freeze() after start-up, before the server forks, takes what lives for long out of every collection; a higher gc.set_threshold() makes
--   them rarer
-- doc: docs/causes/gc-pause.md
-- order: 17
-- units: 3

-- Collections are reported by the interpreter, each with its generation and what it freed. A full one walks all objects that refer to others, so
-- it takes as long as the heap is large, whatever it frees. One in every unit is asked for: thresholds alone do not give that. Fewer than three
-- full ones, or none in the second half of the units' time, say nothing of the next minute (start-up leaves its garbage): their time is left out.
-- Events are rare and uneven: even the lower end of what so few of them tell must be a tenth of the units' own time (5 % where they are
-- asked for). What a collection waited for a CPU is not its cost.
WITH collections AS (
  SELECT e.unit_id, b.weight, b.route, e.result AS generation, min(coalesce(e.cpu_ns, e.dur_ns), b.gc_ns) AS dur_ns, e.count AS freed, e.start_ns > (SELECT (min(start_ns) + max(start_ns)) / 2 FROM basis) AS late FROM v1_event e JOIN basis b ON b.id = e.unit_id WHERE e.kind = 'gc'
), by_unit AS (
  SELECT b.id, b.weight, b.route, b.gc_ns, b.wall_ns, total(c.generation = 2) AS full, max(c.dur_ns) AS most_ns FROM basis b LEFT JOIN collections c ON c.unit_id = b.id GROUP BY b.id
), sums AS (
  SELECT count(*) AS long_ones, count(*) FILTER (WHERE generation < 2) AS young, count(*) FILTER (WHERE generation = 2) AS full_seen, total(generation = 2 AND late) AS full_late, coalesce(sum(weight) FILTER (WHERE generation = 2), 0) AS full, total(weight * dur_ns) FILTER (WHERE generation = 2) AS full_ns,
    max(dur_ns) FILTER (WHERE generation = 2) AS most_ns, total(weight * freed) AS freed FROM collections
), whole AS (
  SELECT s.*, total(u.weight * u.gc_ns) AS all_ns, full_seen >= 3 AND full_late > 0 AS again, sum(u.weight) FILTER (WHERE u.gc_ns > 0) AS hit, sum(u.weight) FILTER (WHERE u.full > 0) AS full_units, sum(u.weight) AS seen,
    iif(count(DISTINCT u.route) FILTER (WHERE u.full > 0) = 1, max(u.route) FILTER (WHERE u.full > 0), NULL) AS full_route,
    iif(count(DISTINCT coalesce(u.route, '')) FILTER (WHERE u.gc_ns > 0) = 1, max(u.route) FILTER (WHERE u.gc_ns > 0), NULL) AS hit_route FROM by_unit u, sums s
), lines AS MATERIALIZED (SELECT app_file AS file, app_line AS line, app_function AS function, file AS leaf, function AS leaf_function, max(stack_id) AS stack_id, total(ns) AS ns FROM sampled
  WHERE has_app GROUP BY 1, 2, 4, 5 ORDER BY 7 DESC LIMIT 20
), asked AS ( -- the line that asks for it, where its source is here and as it was
  SELECT * FROM lines WHERE source_at(file, line, (SELECT value FROM v1_meta WHERE key = 'started_realtime_ns')) LIKE '%gc.collect(%' ORDER BY ns DESC LIMIT 1
), judged AS (
  SELECT w.*, iif(again, all_ns, max(0, all_ns - full_ns)) AS ns, iif(again, long_ones, young) AS counted, a.file, a.line, a.function, a.stack_id, a.leaf, a.leaf_function, a.ns * t.scale AS line_ns,
    CASE WHEN full_units >= 0.9 * seen OR a.file IS NOT NULL THEN 'asked' WHEN freed >= 100 * seen THEN 'cycles' ELSE 'heap' END AS why
  FROM whole w, sampled_total t LEFT JOIN asked a ON w.full > 0
), events AS ( -- as many of equal length would vary as much: (Σ d)² / Σ d²
  SELECT sum(dur_ns) * 1.0 * sum(dur_ns) / nullif(sum(1.0 * dur_ns * dur_ns), 0) AS n FROM collections WHERE (SELECT again FROM whole) OR generation < 2
), own AS (SELECT max(1, total(weight * (wall_ns - coalesce(runqueue_ns, 0) - coalesce(throttled_ns, 0)))) AS own_ns FROM basis
), spread AS ( -- of a count of rare events, 95 %: Poisson's is Wilson's for a share near 0
  SELECT n, share_low(n, 1e6) * 1e6 / n AS least, share_high(n, 1e6) * 1e6 / n AS most FROM events
)
SELECT iif(why = 'cycles', counted >= 3, again) AND ns * least >= iif(why = 'asked', 0.05, 0.1) * own_ns AS fires, why AS subject, why AS peer_kind, stack_id, iif(why = 'asked', full_route, hit_route) AS route,
  CASE why WHEN 'asked' THEN printf('A full garbage collection is asked for in %s %s: %s each.', iif(full_units >= 0.9 * seen, 'each', 'a'), one, ms(full_ns / full))
    ELSE printf('Garbage collections take %.0f %% of a %s%s.', 100 * ns / wall_ns, one, iif(again, ', full ones up to ' || ms(most_ns) || ' at a time', '')) END AS title,
  iif(file IS NULL, '[]', json_array(json_array(file, line, function))) AS places, hit AS units, ns AS share_ns,
  iif(why = 'asked', 0.85 * full_ns, 0.5 * ns * coalesce(least, 0)) / units AS saving_low_ns, iif(why = 'asked', full_ns, 0.8 * ns) / units AS saving_mid_ns,
  iif(why = 'asked', min(1.15 * max(ns, full_ns), wall_ns), min(ns * coalesce(most, 1), wall_ns)) / units AS saving_high_ns,
  iif(file IS NULL, json_array(json_array('gc:units', ns)), json_array(json_array(printf('python:%s:%s', leaf, leaf_function), line_ns))) AS claims,
  json_array(json_array('collecting', ns / 1e6 / units, 'ms per ' || one), json_array('full collections', 1.0 * full / seen, 'per ' || one),
    json_array('the longest', most_ns / 1e6, 'ms'), json_array('objects freed', freed / seen, 'per ' || one),
    json((SELECT json_array('in cycles at the last walk: ' || type, n, 'objects') FROM heap_garbage WHERE nth = 1)), json((SELECT json_array('in cycles at the last walk: ' || type, n, 'objects') FROM heap_garbage WHERE nth = 2))) AS evidence,
  json_array(json_array('hot-python-loop', 'the interpreter reports its collections, with their time')) AS excluded,
  printf('%s had collections, %d of them full ones', counted(hit, one), full_units) AS because,
  printf('garbage collection is %.1f %% of the time%s', 100.0 * all_ns / wall_ns,
    CASE WHEN full_seen > 0 AND NOT again THEN printf(', %s of it %s: it takes three, and one in the second half', ms(full_ns), counted(full_seen, 'full one'))
      WHEN ns >= 0.1 * own_ns THEN printf(', or as little as %.1f %%: so few tell no more', 100 * ns * least / own_ns) ELSE '' END) AS ruled_out,
  iif(why = 'heap' AND full_ns > 0, (SELECT printf('of the objects that a full one looks at %.0f %% were there at the first walk: frozen then, they spare %s of each %s', 100 * share, ms(share * full_ns / units), one) FROM heap_frozen), NULL) AS fix_more
FROM judged, spread, basis_total, noun, own WHERE wall_ns > 0 AND all_ns > 0;
