-- id: thread-per-request
-- group: gil
-- needs: v1_usage v1_event v1_unit v1_frame
-- excludes: lock-contention thread-leak
-- floor: 0.02
-- level: proven
-- saving: S1
-- fix: make one ThreadPoolExecutor at module level and submit to it here (its threads stay); for work of some ms use no thread at all
-- doc: docs/causes/thread-per-request.md
-- order: 14
-- units: 3

-- Thread.start() waits until the new thread runs, which has to be made and to get the GIL first: those waits are counted, by the
-- line that has threads started. A pool that is kept starts its threads once, whatever it is asked. Where they pile up, their end is what is missing.
WITH waits AS MATERIALIZED (
  SELECT g.route, g.stack_id, g.calls, g.dur_ns, f.app_file AS file, f.app_line AS line, f.app_function AS function FROM v1_usage g JOIN v1_frame f ON f.id = g.stack_id
  WHERE g.kind = 'lock' AND NOT g.nested AND NOT g.on_loop AND g.units > 0 AND f.has_app
), starts AS (
  SELECT w.file, w.line, w.function, max(w.stack_id) AS stack_id, sum(w.calls) AS calls, iif(count(DISTINCT coalesce(w.route, '')) = 1, max(w.route), NULL) AS route,
    (SELECT count(*) FROM v1_unit u WHERE u.finished AND EXISTS (SELECT 1 FROM waits x WHERE x.file = w.file AND x.line = w.line AND x.route IS u.route)) AS seen
  FROM waits w WHERE w.stack_id IN (SELECT stack_id FROM thread_start) GROUP BY w.file, w.line
), per_unit AS (
  SELECT f.app_file AS file, f.app_line AS line, b.id, b.weight, sum(e.dur_ns) AS ns FROM v1_event e JOIN basis b ON b.id = e.unit_id JOIN v1_frame f ON f.id = e.stack_id
  WHERE e.kind = 'lock' AND e.stack_id IN (SELECT stack_id FROM thread_start) GROUP BY 1, 2, b.id
), costs AS (
  SELECT s.*, sum(p.weight) AS unit_count, sum(p.weight) * midmean(p.ns) AS ns, sum(p.weight) * boot_low(p.ns) AS low, sum(p.weight) * boot_high(p.ns) AS high
  FROM starts s JOIN per_unit p USING (file, line) GROUP BY s.file, s.line
)
SELECT calls >= 0.9 * seen AND NOT EXISTS (SELECT 1 FROM thread_growth WHERE piles) AS fires, printf('%s:%d', base_name(file), line) AS subject, stack_id, route,
  printf('%.*f thread%s started for each %s.', iif(calls >= 1.5 * seen, 1, 0), 1.0 * calls / seen, iif(calls >= 1.5 * seen, 's are', ' is'), one) AS title,
  json_array(json_array(file, line, function)) AS places, unit_count AS units, ns AS share_ns, 1 AS at_least,
  low / units AS saving_low_ns, ns / units AS saving_mid_ns, high / units AS saving_high_ns,
  json_array(json_array(printf('call:%s:%d', file, line), ns)) AS claims,
  json_array(json_array('threads started', 1.0 * calls / seen, 'per ' || one), json_array('waiting until they run', ns / 1e6 / unit_count, 'ms per ' || one)) AS evidence,
  json_array(json_array('lock-contention', 'the wait is for a new thread to run, nobody holds a lock'),
    json_array('thread-leak', coalesce((SELECT printf('%d threads at first, %d at last', first, last) FROM thread_growth), 'no process has more threads than it had'))) AS excluded,
  printf('%d starts by this line in %d %ss', calls, seen, one) AS because,
  printf('%d threads were started in %d %ss%s', calls, seen, one, iif(EXISTS (SELECT 1 FROM thread_growth WHERE piles), ', and do not end', '')) AS ruled_out
FROM costs, basis_total, noun ORDER BY ns DESC;
