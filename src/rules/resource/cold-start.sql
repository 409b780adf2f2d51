-- id: cold-start
-- group: resource
-- needs: v1_unit v1_unit_sample v1_process v1_fact v1_frame
-- excludes: gc-pause
-- floor: 0.05
-- level: likely
-- saving: S11
-- fix: let workers live longer, and have what first requests wait for done before the server forks or listens: load it at import time, with
--   the application preloaded
-- doc: docs/causes/cold-start.md
-- order: 8
-- units: 3

-- First requests of processes that began while others had been served already, against the middle of later ones of the same route: so it is no
-- start-up that comes once. What the ledger shows is without them. Clients that wait until a new worker listens are not seen: a lower bound.
WITH warm AS (SELECT route, median(wall_ns) AS ns FROM basis GROUP BY route
), seen AS (SELECT min(start_ns) AS first_ns FROM v1_unit
), again AS ( -- processes that took over from others
  SELECT p.id FROM v1_process p, seen WHERE p.start_ns > seen.first_ns AND EXISTS (SELECT 1 FROM v1_process o WHERE o.id > 0 AND o.id <> p.id AND o.end_ns < p.start_ns + 5000000000 AND o.units_begun > 0)
), firsts AS (
  SELECT u.id, u.process_id, u.route, u.wall_ns, w.ns AS warm_ns, max(0, u.wall_ns - w.ns) AS more_ns FROM v1_unit u JOIN warm w ON w.route IS u.route
  WHERE u.cold AND u.finished AND u.process_id IN (SELECT id FROM again)
), whole AS (
  SELECT count(*) AS units, count(DISTINCT process_id) AS processes, total(more_ns) AS ns, total(wall_ns) AS all_ns, median(wall_ns) AS cold_ns, median(warm_ns) AS warm_ns FROM firsts
), places AS (
  SELECT f.app_file AS file, f.app_line AS line, f.app_function AS function, total(s.wall_ns) AS ns FROM v1_unit_sample s JOIN firsts u ON u.id = s.unit_id
  JOIN v1_frame f ON f.id = s.stack_id WHERE f.has_app GROUP BY 1, 2 ORDER BY 4 DESC LIMIT 2
), leaves AS ( -- the same nanoseconds as those of a hot function
  SELECT json_group_array(json_array(printf('python:%s:%s', file, function), ns)) AS claims FROM (SELECT f.file, f.function, total(s.wall_ns) AS ns
    FROM v1_unit_sample s JOIN firsts u ON u.id = s.unit_id JOIN v1_frame f ON f.id = s.stack_id WHERE f.kind = 'app' GROUP BY 1, 2)
)
SELECT processes >= 3 AS fires, 'workers' AS subject,
  printf('Workers are replaced again and again; the first %s of each takes %s instead of %s.', one, ms(cold_ns), ms(warm_ns)) AS title,
  (SELECT json_group_array(json_array(file, line, function)) FROM places) AS places, w.units, ns * b.wall_ns / (b.wall_ns + all_ns) AS share_ns, 1 AS at_least,
  0.7 * ns / (b.units + w.units) AS saving_low_ns, ns / (b.units + w.units) AS saving_mid_ns, 1.3 * ns / (b.units + w.units) AS saving_high_ns, (SELECT claims FROM leaves) AS claims,
  json_array(json_array('workers that took over while it was watched', processes, ''), json_array('first ' || one || 's, left out of the times below', w.units, ''),
    json_array('such a one', cold_ns / 1e6, 'ms'), json_array('a later one', warm_ns / 1e6, 'ms')) AS evidence,
  json_array(json_array('gc-pause', 'it comes with the first ' || one || 's of a process, not with others')) AS excluded,
  (SELECT printf('gunicorn.max_requests is %s: a worker ends after so many; 0, or some thousands with max_requests_jitter, keep it', value) FROM v1_fact
    WHERE key = 'gunicorn.max_requests' AND value + 0 > 0 LIMIT 1) AS fix_more,
  printf('%d workers began after others had served, %d first %ss', processes, w.units, one) AS because,
  printf('%s began while it was watched', counted(processes, 'further worker')) AS ruled_out
FROM whole w, basis_total b, noun WHERE w.units > 0 AND b.units > 0;
