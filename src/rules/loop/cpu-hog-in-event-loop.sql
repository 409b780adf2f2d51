-- id: cpu-hog-in-event-loop
-- group: loop
-- needs: v1_unit v1_thread v1_event v1_usage v1_sample v1_frame
-- excludes: blocking-call-in-event-loop
-- floor: 0.05
-- level: likely
-- saving: S8
-- fix: hand it to a process pool (await loop.run_in_executor(pool, …)), or cut it into parts with
--   `await asyncio.sleep(0)` between them, so that others run
-- doc: docs/causes/cpu-hog-in-event-loop.md
-- order: 12
-- units: 3

-- Callbacks of a loop that run for 10 ms or more, half of it CPU: nothing else on that loop runs meanwhile. A function gets
-- its part of the sampled CPU below the same tasks' frame (owner), at most what it was seen to take: others' callbacks are not its own. What others lose is measured (ready,
-- but the loop ran something else; sent by a client on this host, and not begun); who made them wait is not: a callback gets
-- its part of all callbacks' time, the least, as one who comes at any moment meets a long one more often. In one run a single
-- one counts; waiting for a CPU to compute is computing. The work has to be done in any case, but a TLS context once: all of
-- its time goes, with its files and its waiting for a CPU. of: the basis's part, as cold units have callbacks and samples, too.
WITH RECURSIVE begun AS MATERIALIZED (SELECT t.id AS thread_id, min(u.start_ns) AS ns FROM v1_thread t JOIN v1_unit u ON u.process_id = t.process_id JOIN basis_total k ON k.kind = u.kind GROUP BY t.id), collected AS MATERIALIZED (SELECT thread_id, start_ns AS at_ns, dur_ns AS ns FROM v1_event WHERE kind = 'gc'), tasks AS MATERIALIZED (SELECT DISTINCT subject FROM v1_event WHERE kind = 'callback' AND subject IN (SELECT function FROM v1_frame)), owner(id, subject) AS (SELECT 0, NULL UNION ALL SELECT f.id, iif(f.file LIKE '%/asyncio/%' AND f.function LIKE '%run%', NULL, coalesce(o.subject, (SELECT subject FROM tasks WHERE subject = f.function))) FROM owner o JOIN v1_frame f ON f.parent_id = o.id), owned AS MATERIALIZED (SELECT id, subject FROM owner WHERE subject IS NOT NULL
), callbacks AS ( -- since there are units (a server may import its app on the loop), collections apart
  SELECT e.thread_id, t.subject, count(*) AS times, total(dur_ns) AS held_ns, total(aux) AS cpu_ns, max(dur_ns) AS max_ns, total(1.0 * dur_ns * max(count - 1, 0)) AS others_ns FROM v1_event e JOIN begun b ON b.thread_id = e.thread_id LEFT JOIN tasks t ON t.subject = e.subject WHERE kind = 'callback' AND dur_ns >= 10000000 AND aux - (SELECT total(g.ns) FROM collected g WHERE g.thread_id = e.thread_id AND g.at_ns BETWEEN e.start_ns AND e.start_ns + e.dur_ns) >= 5000000 AND start_ns >= b.ns AND NOT EXISTS (SELECT 1 FROM v1_unit c WHERE c.cold AND c.id NOT IN (SELECT id FROM basis) AND e.start_ns < c.end_ns AND e.start_ns + e.dur_ns > c.start_ns) GROUP BY e.thread_id, t.subject
), stacks AS MATERIALIZED (
  SELECT s.thread_id, o.subject, f.app_file AS file, f.app_line AS line, of_function(f.app_function) AS function, s.stack_id, s.state IN ('python', 'native') AS on_cpu, s.state IN ('python', 'native', 'runqueue', 'gil') AS running, 1.0 * s.wall_ns AS ns, s.ticks, f.has_app, s.in_unit, s.stack_id IN (SELECT id FROM tls_stack) AS is_tls
  FROM v1_sample s JOIN v1_frame f ON f.id = s.stack_id LEFT JOIN owned o ON o.id = s.stack_id WHERE s.thread_id IN (SELECT thread_id FROM callbacks) AND f.app_function <> '<module>' AND NOT (s.cold AND EXISTS (SELECT 1 FROM basis WHERE NOT cold))
), places AS (SELECT * FROM stacks WHERE on_cpu), seen AS (SELECT thread_id, subject, total(ns) AS ns FROM places GROUP BY thread_id, subject), walls AS (
  SELECT thread_id, subject, file, function, total(ns) FILTER (WHERE running OR is_tls) AS ns, total(ns) FILTER (WHERE is_tls) AS tls_ns, total(ticks) FILTER (WHERE is_tls) AS tls_ticks, (SELECT total(ticks) FROM stacks x WHERE x.thread_id = k.thread_id) AS all_ticks FROM stacks k WHERE has_app GROUP BY thread_id, subject, file, function
), parts AS (
  SELECT p.thread_id, p.file, p.function, total(p.ns) AS ns, total(p.ticks) AS ticks, total(p.ticks) FILTER (WHERE NOT p.in_unit) AS outside_ticks, total(p.ns) FILTER (WHERE p.is_tls) AS tls_ns, min(c.held_ns, w.ns) AS wall_ns,
    min(c.held_ns, w.tls_ns) AS tls_wall_ns, coalesce(min(c.held_ns, w.tls_ns) * share_low(w.tls_ticks, w.all_ticks) * w.all_ticks / nullif(w.tls_ticks, 0), 0) AS tls_low_ns,
    min(total(p.ns), c.cpu_ns * total(p.ns) / e.ns) AS held_ns, c.times, c.max_ns,
    min(1, (c.cpu_ns + (SELECT total(runqueue_ns) FROM v1_sample q WHERE q.thread_id = p.thread_id AND state IN ('python', 'runqueue', 'native'))) / c.held_ns) AS cpu_part, c.others_ns / c.held_ns AS others
  FROM places p JOIN callbacks c ON c.thread_id = p.thread_id AND c.subject IS p.subject JOIN seen e ON e.thread_id = p.thread_id AND e.subject IS p.subject JOIN walls w ON w.thread_id = p.thread_id AND w.subject IS p.subject AND w.file = p.file AND w.function = p.function
  WHERE has_app GROUP BY p.thread_id, p.subject, p.file, p.function ORDER BY 4 DESC LIMIT 50
), sites AS (
  SELECT file, function, total(ns) AS ns, total(ticks) AS ticks, total(outside_ticks) >= 0.9 * total(ticks) AS is_outside, (SELECT total(ticks) FROM places x WHERE x.thread_id IN (SELECT thread_id FROM parts p WHERE p.file = a.file AND p.function = a.function)) AS all_ticks, total(held_ns) AS held_ns, total(held_ns * tls_ns / ns) AS tls_ns, total(wall_ns) AS wall_ns, total(tls_wall_ns) AS tls_wall_ns, total(tls_low_ns) AS tls_low_ns,
    total(held_ns * others) AS others_ns, sum(times) AS times, max(max_ns) AS max_ns, min(cpu_part) AS cpu_part,
    (SELECT p.line FROM places p WHERE p.file = a.file AND p.function = a.function GROUP BY p.line ORDER BY total(p.ns) DESC, p.line LIMIT 1) AS line, (SELECT p.stack_id FROM places p WHERE p.file = a.file AND p.function = a.function GROUP BY p.stack_id ORDER BY total(p.ns) DESC, p.stack_id LIMIT 1) AS stack_id
  FROM parts a GROUP BY file, function
), waited AS (
  SELECT (SELECT total(weight * loop_busy_ns) FROM basis) AS ns, b.units / max(b.units, (SELECT total(weight) FROM v1_unit WHERE finished AND kind = b.kind)) AS of, -- the cold ones apart
    max((SELECT total(held_ns) FROM callbacks), (SELECT total(dur_ns) FROM v1_usage WHERE kind = 'callback')) AS all_ns, (SELECT total(held_ns) FROM callbacks) AS long_ns FROM basis_total b
), losses AS (
  SELECT s.*, of, min(w.ns, b.wall_ns, max(of * s.others_ns, w.ns * s.held_ns / s.cpu_part / w.all_ns)) AS lost_ns, b.units, b.wall_ns AS unit_ns, s.tls_ns >= 0.5 * s.held_ns AND b.units >= 3 AS is_tls,
    of * max(s.wall_ns, s.held_ns / s.cpu_part) AS most_ns, (SELECT ns / nullif(requests, 0) FROM client_held) * min(1, s.held_ns / s.cpu_part / w.long_ns) AS client_ns
  FROM sites s, waited w, basis_total b WHERE b.units > 0
)
SELECT cpu_part >= 0.5 AND (times >= 3 OR one = 'run') AND ticks >= 20 AND ticks >= 0.2 * all_ticks AS fires, printf('%s:%s', base_name(file), function) AS subject, stack_id,
  printf('%s() computes on the event loop, up to %s at a time%s; nothing else runs there meanwhile.', function, ms(max_ns), iif(is_outside AND one = 'request', ', in no request or after its answer', '')) AS title,
  json_array(json_array(file, line, function)) AS places, units, 1 AS at_least, -- of all units: it is others that wait
  iif(is_outside AND one = 'request', 'no client of a request waits for what is done after its answer; others do; ', '') || iif(client_ns IS NULL, 'not seen: clients that wait in the listen backlog while the loop is held', printf('and its client waits at least %s less until the app is called', ms(client_ns))) AS unseen,
  min(most_ns + lost_ns, unit_ns) AS share_ns, min(iif(is_tls, of * tls_low_ns, 0) + lost_ns, unit_ns) / units AS saving_low_ns, min(iif(is_tls, of * tls_wall_ns, 0) + lost_ns, unit_ns) / units AS saving_mid_ns,
  min(most_ns + lost_ns, unit_ns) / units AS saving_high_ns, iif(is_tls, 'tls', NULL) AS peer_kind,
  (SELECT json_group_array(json_array(key, ns)) FROM (SELECT printf('work:%s:%d:%s', w.file, w.line, w.work) AS key, held_ns * total(w.on_cpu_ns) / l.ns AS ns FROM work_line w WHERE w.file = l.file AND w.function = l.function GROUP BY 1 UNION ALL SELECT printf('python:%s:%s', file, function), held_ns * max(0, 1 - coalesce((SELECT total(w.on_cpu_ns) FROM work_line w WHERE w.file = l.file AND w.function = l.function) / l.ns, 0)) UNION ALL SELECT printf('others:%s:%d', file, line), lost_ns)) AS claims,
  json_array(json_array('callbacks of 10 ms and more', times, ''), json_array('longest', max_ns / 1e6, 'ms'), json_array('samples in it', ticks, printf('of %d on the loop''s CPU', all_ticks)),
    json_array('of its CPU, loading certificates into a TLS context', iif(is_tls, 100 * tls_ns / held_ns, NULL), '%'), json_array('others waited for it, at least', lost_ns / 1e6 / units, 'ms per ' || one), json_array('clients waited for it until the app was called', client_ns / 1e6, 'ms per ' || one)) AS evidence,
  json_array(json_array('blocking-call-in-event-loop', iif(cpu_part >= 0.8, printf('%.0f %% of the time of those callbacks is CPU', 100 * cpu_part), NULL))) AS excluded, printf('%d callbacks of 10 ms or more, %d of %d samples of the loop''s CPU are in this function', times, ticks, all_ticks) AS because,
  CASE WHEN cpu_part < 0.5 THEN printf('%d callbacks took 10 ms or more; %.0f %% of that was CPU', times, 100 * cpu_part) WHEN times < 3 THEN printf('no more than %d callbacks of one task computed for 10 ms or more', times) ELSE printf('%d callbacks took 10 ms or more, but no function of the application computes a fifth of that (the most, %s(): %d of %d samples)', times, function, ticks, all_ticks) END AS ruled_out
FROM losses l, noun UNION ALL SELECT 0, 'all', NULL, '', '[]', 0, 1, NULL, 0, NULL, NULL, NULL, NULL, '[]', '[]', '[]', '', iif((SELECT count(*) FROM task_cpu), 'cannot tell under uvloop: callbacks of tasks that compute are not seen', coalesce((SELECT printf('%d callbacks of an event loop took 10 ms or more, each at the start, in a first request, or hardly of CPU', nullif(count(*), 0)) FROM v1_event WHERE kind = 'callback' AND dur_ns >= 10000000), 'no callback of an event loop took 10 ms or more')) FROM basis_total WHERE EXISTS (SELECT 1 FROM v1_event WHERE kind = 'callback') AND NOT EXISTS (SELECT 1 FROM callbacks)
ORDER BY saving_mid_ns DESC;
