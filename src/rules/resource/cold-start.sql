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
-- units: 1

-- First requests of processes that began while others had been served already, against the middle of later ones of the same route: so it is no
-- start-up that comes once. Or, in any process, a first request most of which passes in code of the application (its own frames, and the standard
-- library's that it calls), and which is a third of all time: it makes what later ones find. What a framework does at first use is in its own code.
-- Samples may place more in them than passed: never more than all. What the ledger shows is without them. Clients that wait until a new worker listens are not seen: a lower bound.
WITH RECURSIVE warm AS (SELECT route, median(wall_ns) AS ns FROM basis GROUP BY route
), seen AS (SELECT min(start_ns) AS first_ns, max(start_ns) AS last_ns FROM v1_unit -- all end when the server does
), again AS ( -- processes that took over from others
  SELECT p.id FROM v1_process p, seen WHERE p.start_ns > seen.first_ns AND EXISTS (SELECT 1 FROM v1_process o WHERE o.id > 0 AND o.id <> p.id AND o.end_ns < min(p.start_ns + 5000000000, seen.last_ns) AND o.units_begun > 0)
), replaced AS (SELECT count(*) >= 3 AS often FROM again
), begun AS MATERIALIZED (SELECT process_id, kind, min(start_ns) AS ns FROM v1_unit GROUP BY 1, 2
), firsts AS MATERIALIZED (
  SELECT u.id, u.process_id, u.route, u.wall_ns, w.ns AS warm_ns, max(0, u.wall_ns - w.ns) AS more_ns FROM v1_unit u JOIN warm w ON w.route IS u.route
  WHERE u.cold AND u.finished AND iif((SELECT often FROM replaced), u.process_id IN (SELECT id FROM again),
    u.start_ns = (SELECT g.ns FROM begun g WHERE g.process_id = u.process_id AND g.kind = u.kind))
), whole AS (
  SELECT count(*) AS units, count(DISTINCT process_id) AS processes, total(more_ns) AS ns, total(wall_ns) AS all_ns, median(wall_ns) AS cold_ns, median(warm_ns) AS warm_ns FROM firsts
), outward(leaf, id) AS ( -- from the frame that runs to the next that is not the standard library's
  SELECT DISTINCT s.stack_id, s.stack_id FROM v1_unit_sample s JOIN firsts u ON u.id = s.unit_id WHERE s.stack_id IS NOT NULL
  UNION SELECT o.leaf, f.parent_id FROM outward o JOIN v1_frame f ON f.id = o.id WHERE f.kind = 'stdlib' AND f.parent_id > 0
), lazy AS (
  SELECT total(s.wall_ns) AS ns, count(*) AS samples FROM v1_unit_sample s JOIN firsts u ON u.id = s.unit_id WHERE s.stack_id IN (
    SELECT o.leaf FROM outward o JOIN v1_frame f ON f.id = o.id WHERE f.kind = 'app') AND s.stack_id NOT IN (SELECT stack_id FROM importing)
), places AS (
  SELECT f.app_file AS file, f.app_line AS line, f.app_function AS function, total(s.wall_ns) AS ns FROM v1_unit_sample s JOIN firsts u ON u.id = s.unit_id
  JOIN v1_frame f ON f.id = s.stack_id WHERE f.has_app GROUP BY 1, 2 ORDER BY 4 DESC LIMIT 2
), leaves AS ( -- the same nanoseconds as those of a hot function
  SELECT json_group_array(json_array(printf('python:%s:%s', file, function), ns)) AS claims FROM (SELECT f.file, f.function, total(s.wall_ns) AS ns
    FROM v1_unit_sample s JOIN firsts u ON u.id = s.unit_id JOIN v1_frame f ON f.id = s.stack_id WHERE f.kind = 'app' GROUP BY 1, 2)
)
SELECT iif(often, processes >= 3, lazy.samples >= 10 AND lazy.ns >= 0.5 * w.ns AND 3 * w.ns >= b.wall_ns + all_ns) AS fires, 'workers' AS subject,
  printf('%s first %s of each%s takes %s instead of %s.', iif(often, 'Workers are replaced again and again; the', 'The'), one, iif(often, '', ' process'), ms(cold_ns), ms(warm_ns)) AS title,
  (SELECT json_group_array(json_array(file, line, function)) FROM places) AS places, w.units, w.ns * b.wall_ns / (b.wall_ns + all_ns) AS share_ns, 1 AS at_least,
  0.7 * w.ns / (b.units + w.units) AS saving_low_ns, w.ns / (b.units + w.units) AS saving_mid_ns, 1.3 * w.ns / (b.units + w.units) AS saving_high_ns, (SELECT claims FROM leaves) AS claims,
  json_array(json_array('workers that took over while it was watched', iif(often, processes, NULL), ''), json_array('processes', iif(often, NULL, processes), ''), json_array('of that in code of the application', iif(often, NULL, min(cold_ns, lazy.ns / w.units) / 1e6), 'ms each'), json_array('first ' || one || 's, left out of the times below', w.units, ''),
    json_array('such a one', cold_ns / 1e6, 'ms'), json_array('a later one', warm_ns / 1e6, 'ms')) AS evidence,
  json_array(json_array('gc-pause', 'it comes with the first ' || one || 's of a process, not with others')) AS excluded,
  (SELECT printf('gunicorn.max_requests is %s: a worker ends after so many; 0, or some thousands with max_requests_jitter, keep it', value) FROM v1_fact
    WHERE key = 'gunicorn.max_requests' AND value + 0 > 0 LIMIT 1) AS fix_more,
  iif(often, printf('%d workers began after others had served, %d first %ss', processes, w.units, one), printf('%d of %d first %ss: most of their time is code of the application that is not slow later', w.units, w.units, one)) AS because,
  printf('first %ss take %s instead of %s, %s of it in code of the application', one, ms(cold_ns), ms(warm_ns), ms(min(cold_ns, lazy.ns / w.units))) AS ruled_out
FROM whole w, basis_total b, replaced, lazy, noun WHERE w.units > 0 AND b.units > 0;
