-- id: cpu-hog-in-event-loop
-- group: loop
-- needs: v1_unit v1_event v1_usage v1_sample v1_frame
-- excludes: blocking-call-in-event-loop
-- floor: 0.05
-- level: likely
-- saving: S8
-- fix: hand it to a process pool (await loop.run_in_executor(pool, …)), or cut it into parts with
--   `await asyncio.sleep(0)` between them, so that others run
-- doc: docs/causes/cpu-hog-in-event-loop.md
-- order: 12
-- units: 3

-- Callbacks of a loop that run for 10 ms or more, most of it CPU: nothing else on that loop runs meanwhile. Samples of
-- the loop's thread say where: a function gets its part of the sampled CPU, at most what it was seen to take. What
-- others lose is measured (ready, but the loop ran something else); who made them wait is not: a callback gets its part
-- of all callbacks' time, which is the least, as one who comes at any moment meets a long one more often, and stays
-- longer. In one run a single one counts; waiting for a CPU to compute on is computing. The work itself has to be done
-- in any case, but a TLS context need not be made again for each unit. A library's native code (state native) is the line's
-- that calls it. count: its own unit too.
WITH callbacks AS (
  SELECT thread_id, count(*) AS times, total(dur_ns) AS held_ns, total(aux) AS cpu_ns, max(dur_ns) AS max_ns, total(1.0 * dur_ns * max(count - 1, 0)) AS others_ns
  FROM v1_event WHERE kind = 'callback' AND dur_ns >= 10000000 GROUP BY thread_id
), places AS MATERIALIZED (
  SELECT s.thread_id, f.app_file AS file, f.app_line AS line, f.app_function AS function, s.stack_id, 1.0 * s.wall_ns AS ns, s.ticks, f.has_app,
    iif(f.file LIKE '%/ssl.py' AND f.function IN ('create_default_context', 'SSLContext.load_verify_locations', 'SSLContext.load_default_certs', 'SSLContext.set_default_verify_paths'), 1.0 * s.wall_ns, 0) AS tls_ns
  FROM v1_sample s JOIN v1_frame f ON f.id = s.stack_id WHERE s.state IN ('python', 'native') AND s.thread_id IN (SELECT thread_id FROM callbacks)
), seen AS (SELECT thread_id, total(ns) AS ns, total(ticks) AS ticks FROM places GROUP BY thread_id), parts AS (
  SELECT p.thread_id, file, function, total(p.ns) AS ns, total(p.ticks) AS ticks, total(p.tls_ns) AS tls_ns, e.ticks AS all_ticks,
    min(total(p.ns), c.cpu_ns * total(p.ns) / e.ns) AS held_ns, c.times, c.max_ns,
    min(1, (c.cpu_ns + (SELECT total(runqueue_ns) FROM v1_sample q WHERE q.thread_id = p.thread_id AND state IN ('python', 'runqueue', 'native'))) / c.held_ns) AS cpu_part, c.others_ns / c.held_ns AS others
  FROM places p JOIN callbacks c ON c.thread_id = p.thread_id JOIN seen e ON e.thread_id = p.thread_id
  WHERE has_app GROUP BY p.thread_id, file, function ORDER BY 4 DESC LIMIT 50
), sites AS (
  SELECT file, function, total(ns) AS ns, total(ticks) AS ticks, total(all_ticks) AS all_ticks, total(held_ns) AS held_ns, total(held_ns * tls_ns / ns) AS tls_ns,
    total(held_ns * others) AS others_ns, sum(times) AS times, max(max_ns) AS max_ns, min(cpu_part) AS cpu_part,
    (SELECT p.line FROM places p WHERE p.file = a.file AND p.function = a.function GROUP BY p.line ORDER BY total(p.ns) DESC, p.line LIMIT 1) AS line,
    (SELECT p.stack_id FROM places p WHERE p.file = a.file AND p.function = a.function GROUP BY p.stack_id ORDER BY total(p.ns) DESC, p.stack_id LIMIT 1) AS stack_id
  FROM parts a GROUP BY file, function
), waited AS (
  SELECT (SELECT total(weight * loop_busy_ns) FROM basis) AS ns,
    max((SELECT total(held_ns) FROM callbacks), (SELECT total(dur_ns) FROM v1_usage WHERE kind = 'callback')) AS all_ns
), losses AS (
  SELECT s.*, min(w.ns, b.wall_ns, max(s.others_ns, w.ns * s.held_ns / s.cpu_part / w.all_ns)) AS lost_ns, b.units, b.wall_ns, s.tls_ns >= 0.5 * s.held_ns AND b.units >= 3 AS is_tls FROM sites s, waited w, basis_total b WHERE b.units > 0
)
SELECT cpu_part >= 0.5 AND (times >= 3 OR one = 'run') AND ticks >= 20 AND ticks >= 0.2 * all_ticks AS fires, printf('%s:%s', base_name(file), function) AS subject, stack_id,
  printf('%s() computes on the event loop, up to %s at a time; nothing else runs there meanwhile.', function, ms(max_ns)) AS title,
  json_array(json_array(file, line, function)) AS places, units, 1 AS at_least, -- of all units: it is others that wait
  'clients that wait in the listen backlog while the loop is held' AS unseen,
  min(held_ns + lost_ns, wall_ns) AS share_ns, lost_ns / units AS saving_low_ns, min(iif(is_tls, tls_ns, 0) + lost_ns, wall_ns) / units AS saving_mid_ns,
  min(held_ns / cpu_part + lost_ns, wall_ns) / units AS saving_high_ns, iif(is_tls, 'tls', NULL) AS peer_kind,
  json_array(json_array(printf('python:%s:%s', file, function), held_ns), json_array(printf('others:%s:%d', file, line), lost_ns)) AS claims,
  json_array(json_array('callbacks of 10 ms and more', times, ''), json_array('longest', max_ns / 1e6, 'ms'), json_array('samples in it', ticks, printf('of %d on the loop''s CPU', all_ticks)),
    json_array('of its CPU, loading certificates into a TLS context', iif(is_tls, 100 * tls_ns / held_ns, NULL), '%'), json_array('others waited for it, at least', lost_ns / 1e6 / units, 'ms per ' || one)) AS evidence,
  json_array(json_array('blocking-call-in-event-loop', iif(cpu_part >= 0.8, printf('%.0f %% of the time of those callbacks is CPU', 100 * cpu_part), NULL))) AS excluded,
  printf('%d callbacks of 10 ms or more, %d of %d samples of the loop''s CPU are in this function', times, ticks, all_ticks) AS because,
  printf('%d callbacks took 10 ms or more; %.0f %% of that was CPU', times, 100 * cpu_part) AS ruled_out
FROM losses, noun
UNION ALL SELECT 0, 'all', NULL, '', '[]', 0, 1, NULL, 0, NULL, NULL, NULL, NULL, '[]', '[]', '[]', '', 'no callback of an event loop took 10 ms or more' FROM basis_total WHERE EXISTS (SELECT 1 FROM v1_event WHERE kind = 'callback') AND NOT EXISTS (SELECT 1 FROM callbacks)
ORDER BY saving_mid_ns DESC;
