-- id: thread-hop-per-call
-- group: loop
-- needs: v1_usage v1_unit v1_frame
-- excludes: thread-pool-exhausted gil-contention blocking-call-in-event-loop
-- floor: 0.05
-- level: proven
-- saving: S1
-- fix: cross once: put the calls into one plain function and hand that over (await asyncio.to_thread(read_all, …)); calls that take some
--   microseconds are quicker made on the loop itself
-- doc: docs/causes/thread-hop-per-call.md
-- order: 13
-- units: 3

-- Work that an event loop hands to another thread is timed three times: until the thread runs, the work, and until the unit goes on.
-- Three or more a unit (of a framework's own four: a plain handler and what is made and closed around it are three), whose way takes longer than what is done at its end: then the way is what they cost. One crossing stays, a dearer one,
-- and watching each costs a part of its way: where the factors come from is on the page.
WITH hops AS MATERIALIZED (
  SELECT g.route, f.app_file AS file, f.app_line AS line, f.app_function AS function, max(g.stack_id) AS stack_id, f.has_app, total(g.calls) FILTER (WHERE g.subject = 'thread.hop') AS calls,
    total(g.dur_ns) AS work_ns, total(g.aux_ns) AS ns, total(g.aux_ns) FILTER (WHERE g.subject = 'thread.back') AS back_ns
  FROM v1_usage g JOIN v1_frame f ON f.id = g.stack_id WHERE g.kind = 'span' AND g.subject IN ('thread.hop', 'thread.back') AND g.units > 0 GROUP BY 1, 2, 3
), finished AS (SELECT route, count(*) AS units FROM v1_unit WHERE finished GROUP BY route
), away AS ( -- long: how much longer the mean absence from the loop is than the middle ones, by a few that met something else
  SELECT route, max(1, 1.0 * sum(weight * (wall_ns - running_ns)) / sum(weight) / nullif(midmean(wall_ns - running_ns), 0)) AS long FROM basis WHERE running_ns IS NOT NULL GROUP BY route
), routes AS ( -- of: how many units of the basis stand for one of all
  SELECT h.route, h.calls / f.units AS each, h.asked / f.units >= 3 OR h.calls / f.units >= 3.5 AS many, 1.0 * b.units / f.units AS of, coalesce((SELECT long FROM away a WHERE a.route IS h.route), 1) AS long, b.units FROM (SELECT route, sum(calls) AS calls, total(iif(has_app, calls, 0)) AS asked FROM hops GROUP BY route) h
  JOIN finished f ON f.route IS h.route JOIN route_units b ON b.route IS h.route
), lines AS (
  SELECT h.file, h.line, h.function, max(h.stack_id) AS stack_id, max(h.has_app) AS has_app, sum(h.ns * r.of / r.long) AS ns FROM hops h JOIN routes r ON r.route IS h.route WHERE r.many GROUP BY 1, 2, 3
), whole AS (
  SELECT sum(h.calls * r.of) AS calls, sum(h.ns * r.of / r.long) AS ns, sum(h.work_ns * r.of) AS work_ns, sum(h.back_ns * r.of / r.long) AS back_ns, sum(h.ns * r.of / r.long * (1 - 1 / r.each)) AS mid,
    (SELECT sum(units) FROM routes WHERE many) AS units, iif(count(DISTINCT coalesce(h.route, '')) = 1, max(h.route), NULL) AS route
  FROM hops h JOIN routes r ON r.route IS h.route WHERE r.many
), threads AS ( -- how long one thread would be busy with all that is handed over
  SELECT (SELECT total(work_ns) FROM hops) / (SELECT count(DISTINCT process_id) FROM basis) / window_ns AS part FROM basis_total
), middle AS ( -- of the same units that the mean absence is cut to, as few may have waited for most of both
  SELECT route, weight, gil_ns, loop_busy_ns, iif(running_ns IS NULL, 2, ntile(4) OVER (PARTITION BY route ORDER BY wall_ns - running_ns)) AS quarter FROM basis
), met AS (
  SELECT route, total(weight * gil_ns) / sum(weight) AS gil_ns, total(weight * loop_busy_ns) / sum(weight) AS busy_ns FROM middle WHERE quarter IN (2, 3) GROUP BY route
), ledger AS (SELECT total(r.units * m.gil_ns) AS gil_ns, total(r.units * m.busy_ns) AS busy_ns FROM routes r JOIN met m ON m.route IS r.route WHERE r.many)
SELECT ns >= work_ns AND part < 0.5 AND gil_ns < 0.5 * ns AND busy_ns < 0.5 * ns AS fires, 'hops' AS subject, l.stack_id, route,
  printf('A %s crosses to another thread and back %.0f times; the way takes %s, what is done there %s.', one, calls / w.units, ms(ns / w.units), ms(work_ns / w.units)) AS title,
  (SELECT json_group_array(json_array(file, line, function)) FROM (SELECT * FROM lines x WHERE x.ns >= 0.05 * w.ns AND (x.has_app OR (SELECT total(ns) FROM lines WHERE has_app) < 0.5 * w.ns) ORDER BY x.ns DESC, x.line LIMIT 5)) AS places,
  w.units, ns AS share_ns, 0.3 * mid / b.units AS saving_low_ns, 0.65 * mid / b.units AS saving_mid_ns, 1.1 * ns / b.units AS saving_high_ns,
  (SELECT json_group_array(json_array(key, ns)) FROM (SELECT printf('hop:%s:%d', file, line) AS key, ns FROM lines
    -- what passes between two statements that a library makes over there is the way, too
    UNION ALL SELECT printf('after:%s:%d', r.file, r.line), min(total(r.weight * r.after_ns), w.ns) FROM rounds r JOIN v1_frame f ON f.id = r.stack_id
      WHERE NOT f.has_app OR EXISTS (SELECT 1 FROM lines x WHERE x.file = r.file AND x.line = r.line) GROUP BY r.file, r.line)) AS claims,
  json_array(json_array('crossings', calls / w.units, 'per ' || one), json_array('until the thread runs', (ns - back_ns) / calls / 1e6, 'ms each'), json_array('until the ' || one || ' goes on', back_ns / calls / 1e6, 'ms each'),
    json_array('the work itself', work_ns / calls / 1e6, 'ms each')) AS evidence,
  json_array(json_array('thread-pool-exhausted', printf('the work would keep one thread busy for %.1f %% of the time: none waits for another''s', 100 * part)),
    json_array('gil-contention', printf('waiting for the GIL is %s of it', ms(gil_ns / w.units))), json_array('blocking-call-in-event-loop', printf('the loop was busy with others for %s of it', ms(busy_ns / w.units)))) AS excluded,
  printf('%.0f crossings in %.0f %ss, each timed on both ways', calls, w.units, one) AS because,
  printf('%.0f crossings to other threads a %s take %s, the work there %s%s', calls / w.units, one, ms(ns / w.units), ms(work_ns / w.units),
    CASE WHEN ns < work_ns THEN '' WHEN part >= 0.5 THEN ', but they wait for a thread that works' WHEN gil_ns >= 0.5 * ns THEN ', but most of it is for the GIL' WHEN busy_ns >= 0.5 * ns THEN ', but most of it is for a loop that is held' ELSE '' END) AS ruled_out
FROM whole w, threads, ledger, basis_total b, noun LEFT JOIN (SELECT stack_id FROM lines ORDER BY ns DESC LIMIT 1) l WHERE w.calls > 0
UNION ALL SELECT 0, 'all', NULL, NULL, '', '[]', 0, 0, NULL, NULL, NULL, '[]', '[]', '[]', '', printf('at most %.1f crossings to another thread in a %s', max(each), one) FROM routes, noun HAVING NOT max(many);
