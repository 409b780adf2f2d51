-- id: async-machinery-exceeds-wait
-- group: loop
-- needs: v1_usage v1_unit v1_frame
-- excludes: cpu-hog-in-event-loop middleware-tax slow-event-loop
-- floor: 0.1
-- level: likely
-- saving: S1
-- fix: what waits for nothing needs no task: call it as a plain function in a loop; where some of it waits, make one task of many things, not one each
-- doc: docs/causes/async-machinery-exceeds-wait.md
-- order: 16
-- units: 3

-- Own time of asyncio's code (tasks, futures, locks, queues; transports apart) in units that come back to the loop 20 times or more, and for
-- ten of these turns ask nothing outside even once: what they await is made by themselves. It is as much as they wait, where timers are set four times, so
-- that no waiting that overlaps pays for it. As sampled: the ledger's Python has what watching each turn costs, too. The loop's own turns are in no unit: at least.
WITH asked AS (
  SELECT route, total(calls) AS calls FROM v1_usage WHERE units > 0 AND NOT nested AND (kind IN ('send', 'connect', 'dns', 'spawn') AND peer_kind IS NOT 'client' OR subject = 'thread.hop') GROUP BY 1
), finished AS (SELECT route, count(*) AS units FROM v1_unit WHERE finished GROUP BY route
), routes AS (
  SELECT b.route, sum(b.weight) AS units, total(b.weight * b.steps) / sum(b.weight) AS steps, total(b.weight * b.running_ns) AS running_ns,
    total(b.weight * b.statements) / sum(b.weight) + coalesce(a.calls / f.units, 0) AS calls,
    sum(b.weight) * midmean(b.await_ns + b.io_db_ns - b.db_cpu_ns + b.io_net_ns * (1 - (SELECT part FROM client_part)) + b.io_file_ns + b.lock_ns + b.pool_ns + b.sleep_ns) AS wait_ns
  FROM basis b JOIN finished f ON f.route IS b.route LEFT JOIN asked a ON a.route IS b.route WHERE b.asynchronous GROUP BY b.route
), busy AS (SELECT * FROM routes WHERE steps >= 20 AND calls <= 0.1 * steps
), machinery AS MATERIALIZED (
  SELECT l.route, l.stack_id, l.ticks, 1.0 * l.wall_ns AS ns, f.has_app, f.app_file AS file, f.app_line AS line, f.app_function AS function, f.function LIKE '%call_at' OR f.function LIKE '%call_later' OR f.function LIKE '%TimerHandle%' AS sets_timer FROM looked l JOIN v1_frame f ON f.id = l.stack_id
  WHERE l.state IN ('python', 'native') AND EXISTS (SELECT 1 FROM busy u WHERE u.route IS l.route) AND l.stack_id NOT IN (SELECT stack_id FROM working)
    AND f.kind IN ('stdlib', 'library') AND (f.file LIKE '%/anyio/%' OR f.file LIKE '%/asyncio/%' AND f.file NOT LIKE '%/asyncio/selector_events.py')
), lines AS (
  SELECT file, line, function, max(stack_id) AS stack_id, total(ns) AS ns FROM machinery WHERE has_app AND function <> '<module>' GROUP BY 1, 2, 3
), whole AS (
  SELECT m.*, u.*, a.ticks AS all_ticks, coalesce((SELECT total(cost_ns) FROM work_finding WHERE work = 'middleware'), 0) AS layers_ns FROM (SELECT total(ticks) AS ticks, total(ns) AS ns, total(iif(sets_timer, ticks, 0)) AS timer_ticks FROM machinery) m,
    (SELECT total(units) AS unit_count, total(units * steps) / total(units) AS steps, total(units * calls) / total(units) AS calls, total(wait_ns) AS wait_ns, total(running_ns) AS running_ns, iif(count(*) = 1, max(route), NULL) AS route FROM busy) u,
    (SELECT total(ticks) AS ticks FROM looked) a WHERE unit_count > 0
)
SELECT ticks >= 20 AND ns >= iif(timer_ticks >= 0.02 * ticks, 4, 1) * wait_ns AND ns >= 2 * layers_ns AS fires, 'tasks' AS subject, (SELECT stack_id FROM lines ORDER BY ns DESC LIMIT 1) AS stack_id, route,
  printf('asyncio itself takes %s a %s, for tasks that wait %s in all: each comes back to the loop %.0f times.', ms(ns / unit_count), one, ms(wait_ns / unit_count), steps) AS title,
  (SELECT json_group_array(json_array(file, line, function)) FROM (SELECT * FROM lines x WHERE x.ns >= 0.15 * w.ns ORDER BY x.ns DESC, x.line LIMIT 4)) AS places,
  unit_count AS units, ns AS share_ns, 1 AS at_least, 0.6 * ns * share_low(ticks, all_ticks) * all_ticks / ticks / b.units AS saving_low_ns, 0.9 * ns / b.units AS saving_mid_ns,
  min(1.3 * ns * share_high(ticks, all_ticks) * all_ticks / ticks, b.wall_ns) / b.units AS saving_high_ns,
  (SELECT json_group_array(json_array(printf('python:%s:%s', file, function), ns)) FROM (SELECT file, function, sum(ns) AS ns FROM lines GROUP BY 1, 2)) AS claims,
  json_array(json_array('turns of the loop', steps, 'per ' || one), json_array('calls that leave the process or the thread', calls, 'per ' || one), json_array('samples in asyncio', ticks, printf('of %d in %ss', all_ticks, one)),
    json_array('waiting', wait_ns / unit_count / 1e6, 'ms per ' || one)) AS evidence,
  json_array(json_array('cpu-hog-in-event-loop', printf('%.0f turns of %s each', steps, ms(running_ns / unit_count / steps))), json_array('middleware-tax', printf('BaseHTTPMiddleware takes %s', ms(layers_ns / unit_count))),
    json_array('slow-event-loop', 'the tasks are the application''s own: another loop has to run them, too')) AS excluded,
  printf('%d samples in asyncio''s own code; %.0f turns a %s, and %.1f calls that could be waited for', ticks, steps, one, calls) AS because,
  printf('asyncio takes %s a %s with %.0f turns of the loop, which waits for %s%s', ms(ns / unit_count), one, steps, ms(wait_ns / unit_count), iif(ticks < 20, printf('; %d samples are too few to tell', ticks), '')) AS ruled_out
FROM whole w, basis_total b, noun WHERE b.units > 0
UNION ALL SELECT 0, 'all', NULL, NULL, '', '[]', 0, 0, 1, NULL, NULL, NULL, '[]', '[]', '[]', '', printf('at most %s of the loop in a %s that asks nothing outside', counted(round(max(iif(calls <= 0.1 * steps, steps, 1))), 'turn'), one)
FROM routes, noun WHERE NOT EXISTS (SELECT 1 FROM busy) HAVING count(*) > 0;
