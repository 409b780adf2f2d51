-- id: sleep-in-request
-- group: gil
-- needs: v1_unit v1_event v1_frame
-- excludes: blocking-call-in-event-loop no-timeout-retry-storm
-- floor: 0.1
-- level: proven
-- saving: S1
-- fix: wait for what happens, not for time: a threading.Event or Condition that who makes it sets, with a time limit; a query or a call that waits
--   by itself (LISTEN, BLPOP, long polling). A pause that is only there to be kind to another belongs in a job beside the requests: answer at once
--   (202 and where to ask), and let the worker serve others
-- doc: docs/causes/sleep-in-request.md
-- order: 20
-- units: 3

-- time.sleep() on a unit's thread (no gevent's hub), of the application or asked for by it (a retry library's), before it answers: that of a unit whose answer is
-- streamed is its pace. Pauses between attempts that fail are no-timeout-retry-storm's, on an event loop it is that loop's. Whether what is waited for
-- comes sooner is not seen: no saving is claimed, and all others that have one come before.
WITH handlers AS MATERIALIZED ( -- lines that log, and wait for one another there: log-handler-lock's
  SELECT DISTINCT f.app_file AS file, f.app_line AS line FROM v1_event e JOIN v1_frame f ON f.id = e.stack_id WHERE e.kind = 'lock' AND f.file LIKE '%/logging/__init__.py'
), sleeps AS (
  SELECT e.unit_id, b.weight, b.route, e.dur_ns, f.app_file AS file, f.app_line AS line, f.app_function AS function, e.stack_id,
    EXISTS (SELECT 1 FROM v1_event x WHERE x.unit_id = e.unit_id AND x.kind IN ('exchange', 'connect') AND x.failed) AS after_failure, b.streamed
  FROM v1_event e JOIN basis b ON b.id = e.unit_id JOIN v1_frame f ON f.id = e.stack_id
  WHERE e.kind = 'sleep' AND NOT e.nested AND NOT e.on_loop AND f.has_app AND b.kind = 'request' AND e.thread_id NOT IN (SELECT thread_id FROM hub_thread)
    AND NOT EXISTS (SELECT 1 FROM handlers h WHERE h.file = f.app_file AND h.line = f.app_line)
), sites AS (
  SELECT file, line, function, max(stack_id) AS stack_id, iif(count(DISTINCT coalesce(route, '')) = 1, max(route), NULL) AS route, count(DISTINCT unit_id) AS seen,
    sum(weight * dur_ns) AS ns, sum(weight) AS calls, median(dur_ns) AS each_ns, total(after_failure) / count(*) AS failing, total(streamed) / count(*) AS streaming,
    (SELECT total(b.weight) FROM basis b WHERE b.id IN (SELECT s.unit_id FROM sleeps s WHERE s.file = m.file AND s.line = m.line)) AS unit_count
  FROM sleeps m GROUP BY file, line
)
SELECT failing < 0.5 AND streaming < 0.5 AS fires, printf('%s:%d', base_name(file), line) AS subject, stack_id, route,
  printf('A %s sleeps %s%s, and its thread serves nobody else meanwhile.', one, ms(ns / unit_count), iif(calls > 1.5 * unit_count, printf(', %s at a time', ms(each_ns)), '')) AS title,
  json_array(json_array(file, line, function)) AS places, unit_count AS units, ns AS share_ns, NULL AS saving_low_ns, NULL AS saving_mid_ns, ns / units AS saving_high_ns,
  'it hangs on how soon comes what the sleep waits for' AS unseen, json_array(json_array(printf('call:%s:%d', file, line), ns)) AS claims,
  json_array(json_array('sleeps', 1.0 * calls / unit_count, printf('in each of %s', counted(unit_count, one))), json_array('each of them', each_ns / 1e6, 'ms'), json_array('sleeping', ns / 1e6 / units, 'ms per ' || one)) AS evidence,
  json_array(json_array('blocking-call-in-event-loop', 'it sleeps on a thread of its own'), json_array('no-timeout-retry-storm', printf('%.0f %% of these %ss have a call that failed', 100 * failing, one))) AS excluded,
  printf('%.0f sleeps in %s, before the answer', calls, counted(unit_count, one)) AS because,
  iif(streaming >= 0.5, printf('%s:%d sleeps between parts of a streamed answer', base_name(file), line), printf('%s:%d sleeps in %ss that have a call that failed', base_name(file), line, one)) AS ruled_out
FROM sites, basis_total, noun WHERE units > 0 ORDER BY ns DESC;
