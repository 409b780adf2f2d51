-- id: gil-convoy
-- group: gil
-- needs: v1_usage v1_unit v1_frame
-- excludes: gil-contention too-many-workers
-- floor: 0.1
-- level: possible
-- saving: S7
-- fix: fewer threads in more processes (gunicorn --workers CPUS --threads 2), or fewer calls: read, ask or send many things in one call
-- doc: docs/causes/gil-convoy.md
-- order: 19
-- units: 20
-- corpus: none on two CPUs the threads that it takes wait for a CPU as well, and how much of the waiting fewer of them leave is not told from that

-- Each call that waits, however briefly, gives the GIL away, and its thread has to get it back from the others who do the same. So waits for it are
-- many and stand at the lines that make such calls, and at the instant of a sample mostly nobody holds it who could be named: it is on its way from one
-- to the next. Where one computes on, samples find him (9 % without a holder there, 62 to 89 % here). How long each wait is does not tell them
-- apart: in a row of sixteen threads it is a switch interval, too. How much remains with fewer threads depends on the CPUs: it may save nothing.
WITH waits AS (
  SELECT f.app_file AS file, f.app_line AS line, f.app_function AS function, max(g.stack_id) AS stack_id, sum(g.calls) AS calls, sum(g.dur_ns) AS ns
  FROM v1_usage g JOIN v1_frame f ON f.id = g.stack_id WHERE g.kind = 'gil' AND g.units > 0 AND f.has_app AND EXISTS (SELECT 1 FROM route_units r WHERE r.route IS g.route) GROUP BY 1, 2, 3
), calling AS ( -- lines whose calls give it away
  SELECT f.app_file AS file, f.app_line AS line, sum(g.calls) AS calls FROM v1_usage g JOIN v1_frame f ON f.id = g.stack_id
  WHERE NOT g.nested AND g.units > 0 AND g.kind IN ('connect', 'send', 'recv', 'poll', 'open', 'close', 'read', 'write', 'fsync', 'sqlite_prepare', 'sqlite_step', 'sqlite_exec') GROUP BY 1, 2
), lines AS (SELECT w.*, coalesce(c.calls, 0) AS io FROM waits w LEFT JOIN calling c ON c.file = w.file AND c.line = w.line
), whole AS (
  SELECT total(l.calls) AS calls, total(l.ns) AS ns, total(iif(l.io > 0, l.ns, 0)) AS io_ns, (SELECT total(calls) FROM calling) / nullif(f.units, 0) AS io_each, f.units AS seen
  FROM lines l, (SELECT count(*) AS units FROM v1_unit WHERE finished) f
), sampled_waits AS (SELECT total(ticks) AS ticks, total(iif(holder_stack_id IS NULL, ticks, 0)) AS unheld, count(DISTINCT thread_id) AS threads FROM looked WHERE state = 'gil'
), measured AS (SELECT total(weight * gil_ns) AS gil_ns, total(weight * runqueue_ns) AS queue_ns, total(weight) FILTER (WHERE gil_ns > 0) AS waiting FROM basis)
SELECT gil_ns >= 0.2 * wall_ns AND ticks >= 50 AND unheld >= 0.5 * ticks AND threads >= 3 AND io_each >= 10 AND io_ns >= 0.5 * ns AND queue_ns < gil_ns AS fires, 'gil' AS subject,
  (SELECT stack_id FROM lines WHERE io > 0 ORDER BY ns DESC LIMIT 1) AS stack_id,
  printf('Threads take turns at the GIL after each of %.0f short calls a %s: waiting for it is %.0f %% of the time.', io_each, one, 100 * gil_ns / wall_ns) AS title,
  (SELECT json_group_array(json_array(file, line, function)) FROM (SELECT * FROM lines x WHERE x.io > 0 AND x.ns >= 0.1 * w.io_ns ORDER BY x.ns DESC, x.line LIMIT 3)) AS places,
  waiting AS units, gil_ns AS share_ns, 0 AS saving_low_ns, 0.5 * gil_ns / b.units AS saving_mid_ns, gil_ns / b.units AS saving_high_ns, 'how much of it fewer threads leave depends on the CPUs' AS unseen,
  (SELECT json_group_array(json_array(printf('gil:%s:%s', file, function), ns)) FROM (SELECT file, function, sum(ns) AS ns FROM lines GROUP BY 1, 2)) AS claims,
  json_array(json_array('calls that give it away', io_each, 'per ' || one), json_array('waits for it', w.calls / seen, 'per ' || one), json_array('at lines that make such calls', 100 * io_ns / ns, '% of them, by time'),
    json_array('samples of such waits', ticks, ''), json_array('in which nobody was seen holding it', unheld, ''), json_array('threads that waited', threads, '')) AS evidence,
  json_array(json_array('gil-contention', printf('in %.0f %% of the samples of it nobody holds it who could be named: it is on its way', 100 * unheld / ticks)),
    json_array('too-many-workers', iif(queue_ns < 0.5 * gil_ns, printf('waiting for a CPU is %.1f %% of the time: blocked, not runnable', 100.0 * queue_ns / wall_ns), NULL))) AS excluded,
  printf('%.0f waits in %d %ss, most of them at lines that make short calls', w.calls, seen, one) AS because,
  printf('waiting for the GIL is %.1f %% of the time; in %.0f of %.0f samples of it nobody was seen holding it, and %.0f calls a %s give it away', 100 * gil_ns / wall_ns, unheld, ticks, io_each, one) AS ruled_out
FROM whole w, sampled_waits, measured, basis_total b, noun WHERE b.wall_ns > 0 AND b.units > 0 AND w.ns > 0 AND ticks > 0;
