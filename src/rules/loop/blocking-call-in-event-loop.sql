-- id: blocking-call-in-event-loop
-- group: loop
-- needs: v1_usage v1_event v1_unit v1_frame v1_sample
-- excludes: cpu-hog-in-event-loop
-- floor: 0.02
-- level: proven
-- saving: S8
-- fix: use an asynchronous library here, or hand the call to a thread: await asyncio.to_thread(…)
-- doc: docs/causes/blocking-call-in-event-loop.md
-- order: 11
-- units: 1

-- A call that waits, made inside a callback of the event loop: everything else on that loop stands
-- still meanwhile. A database library's work counts whole: the loop stands still for its CPU, too.
-- The transports of asyncio, uvloop and the server never wait: theirs is preemption. Nor does a connect that the kernel goes on with
-- (result: EINPROGRESS). What others lose is a lower bound: requests that wait in the socket while the loop is held are not
-- open yet: `unseen` says so. The call itself has to be waited for in any case, so others' loss alone is the saving.
-- A file is read from memory: the one call that took longest was preempted, or met a cold disk, which says nothing of the next. Modules load once.
WITH RECURSIVE calls AS ( SELECT f.app_file AS file, f.app_line AS line, f.app_function AS function, g.stack_id, g.kind, g.peer_kind, g.route, g.units, g.calls, g.cpu_ns, g.max_ns,
    CASE WHEN g.kind LIKE 'sqlite%' THEN g.dur_ns WHEN g.kind IN ('open', 'read', 'write') THEN max(0, g.blocked_ns - g.max_ns) ELSE g.blocked_ns END AS held_ns,
    g.others_ns * iif(g.kind LIKE 'sqlite%', 1.0, 1.0 * g.blocked_ns / nullif(g.dur_ns, 0)) AS others_ns
  FROM loop_usage g JOIN v1_frame f ON f.id = g.stack_id
  WHERE f.file NOT LIKE '%/asyncio/%' AND f.file NOT LIKE '<frozen importlib%' AND f.kind <> 'server' AND g.peer_kind IS NOT 'client'
    AND NOT (g.kind = 'connect' AND EXISTS (SELECT 1 FROM v1_event e WHERE e.kind = 'connect' AND e.stack_id = g.stack_id AND e.result = -115))
    AND f.app_function <> '<module>' AND (g.units OR g.others_ns) -- what holds nobody up is the start: imports, lifespan
    AND (g.route IS NULL OR g.route NOT IN (SELECT route FROM v1_unit WHERE kind = 'run' AND cold AND route <> '')) -- until it listens
    -- an executor waits until its new thread runs (Thread.start, Event.wait, Condition.wait): the call is in that thread
    AND NOT (g.kind = 'lock' AND EXISTS (SELECT 1 FROM v1_frame e JOIN v1_frame s ON s.id = e.parent_id
      WHERE e.id = f.parent_id AND s.file LIKE '%/threading.py' AND s.function IN ('start', 'Thread.start')))
    AND g.kind IN ('connect', 'accept', 'send', 'recv', 'poll', 'open', 'read', 'write', 'fsync', 'sleep', 'lock', 'dns', 'spawn', 'sqlite_open', 'sqlite_prepare', 'sqlite_step', 'sqlite_exec')
), sites AS ( SELECT file, line, function, max(stack_id) AS stack_id, group_concat(DISTINCT kind) AS kinds, (SELECT group_concat(kind, ', ') FROM (SELECT m.kind, sum(m.held_ns) AS ns FROM calls m WHERE m.file = c.file AND m.line = c.line
      GROUP BY 1 ORDER BY ns DESC LIMIT 2) WHERE ns > 0.1 * sum(c.held_ns)) AS main_kinds, max(units) AS unit_count,
    (SELECT group_concat(route, ', ') FROM (SELECT route, sum(m.held_ns) AS ns FROM calls m WHERE m.file = c.file AND m.line = c.line
      AND route <> '' GROUP BY 1 ORDER BY ns DESC, 1 LIMIT 3)) AS routes,
    max(peer_kind) AS peer_kind, sum(calls) AS calls, sum(held_ns) AS held_ns, sum(others_ns) AS others_ns,
    max(max_ns) AS max_ns, sum(cpu_ns) AS cpu_ns FROM calls c GROUP BY file, line, function HAVING sum(held_ns) > 0
), logged(id) AS (SELECT id FROM v1_frame WHERE file LIKE '%/logging/__init__.py' OR file LIKE '%/logging/handlers.py' OR file LIKE '%/loguru/%' OR file LIKE '%/structlog/%' OR file LIKE '%/logbook/%' UNION SELECT f.id FROM v1_frame f JOIN logged l ON f.parent_id = l.id
), waited AS (SELECT coalesce(sum(weight * loop_busy_ns), 0) AS ns, (SELECT group_concat(route, ', ') FROM (SELECT route,
  sum(weight * loop_busy_ns) AS ns FROM basis WHERE route <> '' GROUP BY 1 HAVING ns > 0 ORDER BY ns DESC, 1 LIMIT 3)) AS routes FROM basis)
SELECT 1 AS fires, printf('%s:%d', base_name(file), line) AS subject, peer_kind, stack_id,
  printf('A call that waits (%s)%s stops the event loop for %s a %s.', main_kinds, coalesce(' in ' || sites.routes, ''), ms(held_ns / units), one) AS title,
  json_array(json_array(file, line, function)) AS places, iif(stack_id IN (SELECT id FROM logged), 'let a thread of its own write the log: a QueueHandler on the logger, and a QueueListener whose handlers write (loguru: enqueue=True); one fsync for many lines', NULL) AS fix, unit_count AS units,
  min(held_ns + min(others_ns, waited.ns), wall_ns) AS share_ns, 1 AS at_least,
  coalesce((SELECT printf('its client waited %s until the app was called while the loop was held', ms(ns / requests)) FROM client_held WHERE requests > 0), 'not seen: clients that wait in the listen backlog while the loop is held') AS unseen,
  -- others' time cannot be more than what the loop made them wait
  min(others_ns, waited.ns, wall_ns) / units AS saving_low_ns, min(others_ns, waited.ns, wall_ns) / units AS saving_mid_ns,
  min(held_ns + min(others_ns, waited.ns), wall_ns) / units AS saving_high_ns,
  json_array(json_array(printf('call:%s:%d', file, line), held_ns), json_array(printf('others:%s:%d', file, line), others_ns)) AS claims,
  json_array(json_array('calls that held the loop', 1.0 * calls / units, 'per ' || one), json_array('held by them', held_ns / 1e6 / units, 'ms per ' || one),
    json_array('longest', max_ns / 1e6, 'ms'), json_array('others' || coalesce(' (' || waited.routes || ')', '') || ' waited for it, at least', min(others_ns, waited.ns) / 1e6 / units, 'ms per ' || one))
    AS evidence,
  json_array(json_array('cpu-hog-in-event-loop', iif(kinds LIKE 'sqlite%' OR cpu_ns < 0.5 * (held_ns + cpu_ns),
    printf('%s of CPU beside %s in the call', ms(cpu_ns / units), ms(held_ns / units)), NULL))) AS excluded,
  printf('%d calls, inside callbacks of the loop, each at most %s', calls, ms(max_ns)) AS because,
  printf('calls in the loop wait %s a %s', ms(held_ns / units), one) AS ruled_out
FROM sites, waited, basis_total, noun WHERE units > 0
UNION ALL SELECT 0, 'all', NULL, NULL, '', '[]', NULL, 0, 0, 1, NULL, NULL, NULL, NULL, '[]', '[]', '[]', '',
  coalesce((SELECT printf('cannot tell: samples show a loop''s thread in a lock for %s below %s(), outside units of work', ms(total(s.wall_ns)), f.app_function) FROM v1_sample s JOIN v1_frame f ON f.id = s.stack_id WHERE s.state = 'lock' AND NOT s.in_unit AND f.has_app AND s.thread_id IN (SELECT thread_id FROM v1_event WHERE kind = 'callback') GROUP BY f.app_function HAVING total(s.wall_ns) >= 1e9 ORDER BY total(s.wall_ns) DESC LIMIT 1), 'no call that waits was made inside a callback of an event loop') FROM basis_total
  WHERE EXISTS (SELECT 1 FROM basis WHERE asynchronous) AND NOT EXISTS (SELECT 1 FROM sites)
ORDER BY saving_mid_ns DESC;
