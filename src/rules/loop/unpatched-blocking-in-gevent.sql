-- id: unpatched-blocking-in-gevent
-- group: loop
-- needs: v1_unit v1_client_request
-- excludes: too-few-workers blocking-call-in-event-loop
-- floor: 0.05
-- level: proven
-- saving: S8
-- fix: let it wait as greenlets do: gevent.monkey.patch_all() before all other imports; for libraries in C their own hook (psycopg2: psycogreen's
--   patch_psycopg()), a driver in Python, or gevent.get_hub().threadpool.apply(…)
-- doc: docs/causes/unpatched-blocking-in-gevent.md
-- order: 11
-- units: 3

-- Calls that wait on a thread where greenlets take turns: all the others of the thread stand still meanwhile, and who comes is not taken. What
-- patched code waits for is no call of its greenlet, the hub waits. Units have such a wait again and again, not by chance of being preempted:
-- three of ten of the route, and the middle of their waits is what counts. Lost is what clients waited for it until their request was begun;
-- where none was measured only what units that were begun stood still for, which may have waited in any case: no lower bound.
WITH per_unit AS (
  SELECT h.unit_id, b.route, b.weight, sum(h.ns) AS ns FROM hub_block h JOIN basis b ON b.id = h.unit_id GROUP BY h.unit_id
), routes AS ( -- those that wait so as a rule
  SELECT p.route, sum(p.weight) AS units, sum(p.weight) * midmean(p.ns) AS ns FROM per_unit p JOIN route_units r ON r.route IS p.route GROUP BY p.route HAVING sum(p.weight) >= 0.3 * max(r.units)
), lines AS (
  SELECT h.file, h.line, h.function, max(h.stack_id) AS stack_id, max(h.peer_kind) AS peer_kind, sum(h.ns * b.weight) AS ns, max(h.ns) AS max_ns, sum(b.weight) AS calls, group_concat(DISTINCT h.kind) AS kinds
  FROM hub_block h JOIN basis b ON b.id = h.unit_id WHERE EXISTS (SELECT 1 FROM routes r WHERE r.route IS b.route) GROUP BY 1, 2, 3
), lost AS ( -- by clients; NULL: none was measured
  SELECT count(*) AS requests, (SELECT total(h.weight * (min(w.begun_ns, h.end_ns) - max(w.sent_ns, h.start_ns)))
    FROM (SELECT c.intended_ns + c.late_ns AS sent_ns, u.start_ns AS begun_ns, u.thread_id FROM v1_client_request c JOIN basis u ON u.id = c.unit_id WHERE c.before_ns > 0) w
    JOIN hub_block h ON h.thread_id = w.thread_id AND h.start_ns < w.begun_ns AND h.end_ns > w.sent_ns) AS ns
  FROM v1_client_request c JOIN basis u ON u.id = c.unit_id
), stood AS (
  SELECT total(h.weight * (min(o.end_ns, h.end_ns) - max(o.start_ns, h.start_ns))) AS ns FROM hub_block h JOIN basis_whole o ON o.thread_id = h.thread_id AND o.id <> h.unit_id AND o.start_ns < h.end_ns AND o.end_ns > h.start_ns
), whole AS (
  SELECT (SELECT total(ns) FROM routes) AS ns, (SELECT total(units) FROM routes) AS unit_count, (SELECT iif(count(*) = 1, max(route), NULL) FROM routes) AS route, (SELECT total(calls) FROM lines) AS calls,
    (SELECT max(max_ns) FROM lines) AS max_ns, requests, iif(requests >= 20, l.ns / requests, NULL) AS client_ns, s.ns AS stood_ns FROM lost l, stood s
)
SELECT unit_count > 0 AS fires, 'hub' AS subject, l.stack_id, l.peer_kind, route,
  printf('A call that does not wait as greenlets do (%s) holds up all others of the worker for %s a %s.', l.kinds, ms(w.ns / unit_count), one) AS title,
  (SELECT json_group_array(json_array(file, line, function)) FROM (SELECT * FROM lines x WHERE x.ns >= 0.05 * w.ns ORDER BY x.ns DESC, x.line LIMIT 4)) AS places,
  unit_count AS units, iif(client_ns IS NULL, min(w.ns, b.wall_ns), client_ns / (b.wall_ns / b.units + client_ns) * b.wall_ns) AS share_ns, 1 AS at_least,
  iif(client_ns IS NULL, 'not seen: clients that wait until they are taken', printf('its client waited %s for it until its %s was begun', ms(client_ns), one)) AS unseen,
  coalesce(0.7 * client_ns, 0) AS saving_low_ns, coalesce(0.9 * client_ns, 0) AS saving_mid_ns, iif(client_ns IS NULL, min(w.ns + stood_ns, b.wall_ns) / b.units, client_ns + min(stood_ns, b.wall_ns) / b.units) AS saving_high_ns,
  (SELECT json_group_array(json_array(printf('call:%s:%d', file, line), ns)) FROM lines) AS claims,
  json_array(json_array('calls that wait', w.calls / unit_count, 'per ' || one), json_array('the thread waits in them', w.ns / unit_count / 1e6, 'ms per ' || one), json_array('the longest', w.max_ns / 1e6, 'ms'),
    json_array('clients waited for it until they were taken', client_ns / 1e6, 'ms per ' || one), json_array('others that were begun stood still', stood_ns / 1e6 / b.units, 'ms per ' || one)) AS evidence,
  json_array(json_array('too-few-workers', 'the thread can serve many at once, and does not while it waits in a call'), json_array('blocking-call-in-event-loop', 'greenlets take turns on the thread, no event loop of asyncio')) AS excluded,
  printf('%.0f calls of %.0f %ss waited in the system, on the thread whose hub should wait', w.calls, unit_count, one) AS because,
  printf('%d calls of %ss waited on a thread of greenlets, in too few %ss to be more than chance', (SELECT count(*) FROM hub_block), one, one) AS ruled_out
FROM whole w LEFT JOIN (SELECT * FROM lines ORDER BY ns DESC LIMIT 1) l, basis_total b, noun WHERE b.units > 0 AND EXISTS (SELECT 1 FROM hub_thread);
