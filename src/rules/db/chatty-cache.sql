-- id: chatty-cache
-- group: db
-- needs: v1_usage v1_frame v1_command
-- excludes: n-plus-one-queries
-- floor: 0.03
-- level: likely
-- saving: S3
-- fix: ask for all of them at once (MGET, HMGET, a pipeline), or keep them under one key
-- doc: docs/causes/chatty-cache.md
-- order: 15
-- units: 3

-- Ten or more round trips to a key-value store from one line of one unit. A round trip is a send; a pipeline is one,
-- whatever it holds. What an event loop awaits for an answer is in no call, so there the saving is a lower bound.
-- Each trip but one goes: the longest stays, for the first of a unit wakes a server that sleeps, as the one that stays does; and none counts
-- for more than three in the middle, for neighbours make trips long.
-- What the client library computes for each, outside its calls, is seen by samples of that line; a third of it is for the values, which are still read.
WITH calls AS (
  SELECT f.app_file AS file, f.app_line AS line, f.app_function AS function, g.stack_id, g.peer_kind, g.route, g.kind, g.units, g.calls, g.dur_ns, g.cpu_ns, g.on_loop
  FROM v1_usage g JOIN v1_frame f ON f.id = g.stack_id
  WHERE NOT g.nested AND g.units > 0 AND g.peer_kind IN ('redis', 'memcache', 'memcached') AND g.kind IN ('send', 'recv', 'poll')
), sites AS (
  SELECT file, line, function, max(stack_id) AS stack_id, max(peer_kind) AS peer_kind, iif(count(DISTINCT coalesce(route, '')) = 1, max(route), NULL) AS route,
    total(calls) FILTER (WHERE kind = 'send') AS trips, sum(dur_ns) AS ns, total(cpu_ns) AS cpu_ns, max(on_loop) AS on_loop,
    (SELECT total(s.units) FROM (SELECT DISTINCT c.route, max(c.units) OVER (PARTITION BY c.route) AS units FROM calls c WHERE c.file = d.file AND c.line = d.line) s) AS slot_units
  FROM calls d GROUP BY file, line, function
), python AS (
  SELECT app_file AS file, app_line AS line, total(ns) AS ns FROM sampled WHERE kind <> 'app' AND state = 'python' GROUP BY 1, 2
), answered AS (
  SELECT file, line, median(dur_ns) AS trip_ns FROM v1_command WHERE NOT is_own AND unit_id IN (SELECT id FROM basis) GROUP BY 1, 2
), by_unit AS (
  SELECT c.file, c.line, b.weight, sum(min(c.dur_ns, 3 * a.trip_ns)) - max(min(c.dur_ns, 3 * a.trip_ns)) AS ns FROM v1_command c JOIN answered a USING (file, line) JOIN basis b ON b.id = c.unit_id WHERE NOT c.is_own GROUP BY c.file, c.line, b.id
), rest AS (SELECT file, line, sum(weight) * midmean(ns) AS ns, sum(weight) * boot_low(ns) AS low, sum(weight) * boot_high(ns) AS high FROM by_unit GROUP BY 1, 2
), costs AS (
  SELECT s.*, (SELECT total(u.units) FROM route_units u WHERE u.route IN (SELECT c.route FROM calls c WHERE c.file = s.file AND c.line = s.line)) AS unit_count,
    coalesce(p.ns * max(0, t.python_ns - s.cpu_ns) / t.ns, 0) AS python_ns, min(coalesce(a.trip_ns, s.ns / s.trips), s.ns / s.trips) AS trip_ns, r.ns AS rest_ns, r.low / r.ns AS least, r.high / r.ns AS most
  FROM sites s LEFT JOIN python p ON p.file = s.file AND p.line = s.line LEFT JOIN answered a ON a.file = s.file AND a.line = s.line LEFT JOIN rest r ON r.file = s.file AND r.line = s.line, sampled_total t WHERE s.trips > 0
), judged AS (
  SELECT *, trips / nullif(unit_count, 0) AS each, min(coalesce(rest_ns, ns), ns * (1 - unit_count / trips)) AS saved FROM costs
)
SELECT each >= 10 AS fires, printf('%s:%d', base_name(file), line) AS subject, peer_kind, stack_id, route,
  printf('%.0f round trips to the cache in a %s, one after another.', each, one) AS title,
  json_array(json_array(file, line, function)) AS places, unit_count AS units, ns + python_ns AS share_ns,
  (0.8 * saved * coalesce(least, 1) + 0.33 * python_ns) / b.units AS saving_low_ns, (saved + 0.67 * python_ns) / b.units AS saving_mid_ns, coalesce(1.3 * (saved * most + python_ns), 1.15 * (ns + python_ns)) / b.units AS saving_high_ns, on_loop AS at_least,
  json_array(json_array(printf('call:%s:%d', file, line), ns)) AS claims,
  json_array(json_array('round trips from this line', each, 'per ' || one), json_array('sending and waiting', ns / 1e6 / b.units, 'ms per ' || one), json_array('a trip in the middle', trip_ns / 1e6, 'ms'),
    json_array('the client''s own work', iif(python_ns > 0, python_ns / 1e6 / b.units, NULL), 'ms per ' || one)) AS evidence,
  json_array(json_array('n-plus-one-queries', 'the peer speaks the protocol of ' || peer_kind || ', no SQL')) AS excluded,
  printf('%d round trips for %d %ss from one line', trips, unit_count, one) AS because,
  printf('at most %.1f round trips to a cache from one line in a %s', each, one) AS ruled_out
FROM judged, basis_total b, noun WHERE b.units > 0 ORDER BY each >= 10 DESC, saved DESC;
