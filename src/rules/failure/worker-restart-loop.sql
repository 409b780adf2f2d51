-- id: worker-restart-loop
-- group: failure
-- needs: v1_process v1_unit v1_event v1_unit_sample v1_frame v1_fact v1_cgroup
-- excludes: cold-start
-- floor: 0
-- level: proven
-- saving: none
-- fix: give what the request stands at a time limit of its own, well below the server's; a longer limit of the server (gunicorn --timeout) only lets clients
--   wait longer. Where memory ran out, raise the limit or let a worker hold less; where it crashed, the server's log has the signal
-- doc: docs/causes/worker-restart-loop.md
-- list: fails
-- order: 5
-- units: 2

-- Workers that ended while others still got requests, with a request in hand: it never ended, or was broken off without an answer as they ended, and others
-- were started in their place. Whose limit it was: the server's, if the request had lasted as long; the memory's, if the kernel killed a process then.
WITH limits AS (
  SELECT max(value + 0) * 1e9 AS timeout_ns FROM v1_fact WHERE key = 'gunicorn.timeout' AND value + 0 > 0
), died AS (
  SELECT p.id, p.end_ns FROM v1_process p WHERE p.id > 0 AND p.units_begun > 0 AND p.end_ns < (SELECT max(start_ns) FROM v1_unit)
    AND EXISTS (SELECT 1 FROM v1_process n WHERE n.parent_pid = p.parent_pid AND n.id <> p.id AND n.start_ns BETWEEN p.end_ns - 2000000000 AND p.end_ns + 10000000000)
), broken AS MATERIALIZED (
  SELECT u.id, u.process_id, u.route, u.finished, u.wall_ns, coalesce(u.end_ns, d.end_ns) - u.start_ns AS age_ns,
    EXISTS (SELECT 1 FROM v1_cgroup g WHERE g.oom_kills > 0 AND g.at_ns BETWEEN d.end_ns - 3000000000 AND d.end_ns + 3000000000) AS is_oom
  FROM died d JOIN v1_unit u ON u.process_id = d.id WHERE u.kind = 'request' AND (NOT u.finished OR (u.status IS NULL AND u.end_ns > d.end_ns - 1500000000))
), stood AS (
  SELECT b.id, f.app_file AS file, f.app_line AS line, f.app_function AS function, total(x.ns) AS ns, max(x.stack_id) AS stack_id
  FROM (SELECT unit_id, stack_id, dur_ns AS ns FROM v1_event WHERE NOT nested AND kind NOT IN ('callback', 'gc', 'span', 'exception')
    UNION ALL SELECT unit_id, stack_id, wall_ns FROM v1_unit_sample WHERE state IN ('python', 'native', 'gil')) x
  JOIN broken b ON b.id = x.unit_id JOIN v1_frame f ON f.id = x.stack_id WHERE f.has_app GROUP BY 1, 2, 3
), places AS (
  SELECT file, line, function, max(stack_id) AS stack_id, total(ns) AS ns, count(*) AS units FROM stood s WHERE ns = (SELECT max(ns) FROM stood x WHERE x.id = s.id) GROUP BY 1, 2, 3 ORDER BY 6 DESC, 5 DESC LIMIT 2
), whole AS (
  SELECT count(*) AS units, count(DISTINCT process_id) AS workers, median(age_ns) AS age_ns, timeout_ns, total(is_oom) AS ooms, total(age_ns >= 0.9 * timeout_ns) AS late,
    iif(count(DISTINCT route) = 1, max(route), NULL) AS route, total(iif(finished AND id IN (SELECT id FROM basis_whole), wall_ns, 0)) AS ns FROM broken, limits
)
SELECT w.workers >= 2 AS fires, 'workers' AS subject,
  printf('%d workers ended with a request in hand%s%s.', workers, CASE WHEN ooms * 2 > w.units THEN ': the kernel killed them for want of memory' WHEN late * 2 > w.units THEN printf(': the server''s limit of %.4g s was over', timeout_ns / 1e9) ELSE '' END,
    coalesce((SELECT printf('; %s stood at %s()', iif(p.units >= w.units, 'each', p.units || ' of these requests'), p.function) FROM places p LIMIT 1), '')) AS title,
  (SELECT json_group_array(json_array(file, line, function)) FROM places) AS places, (SELECT stack_id FROM places LIMIT 1) AS stack_id, route, w.units, ns AS share_ns,
  json_array(json_array('workers that were replaced', workers, ''), json_array('requests that they had in hand', w.units, ''), json_array('how long these had lasted', age_ns / 1e9, 's, in the middle'),
    json_array('the server''s limit', timeout_ns / 1e9, 's'), json_array('of them when the kernel killed for want of memory', iif(ooms > 0, ooms, NULL), '')) AS evidence,
  json_array(json_array('cold-start', 'they did not end between two requests, as those do that have served their number')) AS excluded,
  printf('%d requests had no answer when their worker ended, and another was started', w.units) AS because,
  printf('%s ended with a request in hand', counted(workers, 'worker')) AS ruled_out
FROM whole w, basis_total b WHERE b.kind = 'request' AND (workers > 0 OR EXISTS (SELECT 1 FROM died));
