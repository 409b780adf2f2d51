-- id: gil-contention
-- group: gil
-- needs: v1_unit v1_sample v1_frame
-- excludes: too-many-workers gil-convoy
-- floor: 0.05
-- level: proven
-- saving: S7
-- fix: take the work that holds it out of this process (a process pool, a task queue), or run more processes with
--   fewer threads each
-- doc: docs/causes/gil-contention.md
-- order: 20
-- units: 3

-- Units (or busy threads, by samples) wait for the GIL for 10 % of their time or more (measured in each wait), and the samples of such waits found
-- one function of the application holding it. The holder's part of the sampled waits is its part of the ledger's. One that
-- mostly waits for a CPU meanwhile holds nobody up by its work: it was preempted (queued), unless it is no request's work and what it computes alone keeps them
-- for three twentieths of their time. Requests that all do the same work wait for each other when
-- two meet (mutual): that is their load, until it is three tenths of their time.
WITH waits AS MATERIALIZED (
  SELECT h.app_file AS file, h.app_line AS line, h.app_function AS function, s.holder_stack_id AS stack_id, s.route, 1.0 * s.wall_ns AS ns, s.ticks
  FROM looked s LEFT JOIN v1_frame h ON h.id = s.holder_stack_id WHERE s.state = 'gil'
), seen AS (SELECT total(ns) AS ns, total(ticks) AS ticks FROM waits),
sites AS (
  SELECT file, function, total(ns) AS ns, total(ticks) AS ticks, max(stack_id) AS stack_id,
    iif(count(DISTINCT coalesce(route, '')) = 1, max(route), NULL) AS route
  FROM waits WHERE file IS NOT NULL GROUP BY file, function
), lines AS (
  SELECT file, function, line, row_number() OVER (PARTITION BY file, function ORDER BY total(ns) DESC, line) AS nth
  FROM waits WHERE file IS NOT NULL GROUP BY file, function, line
), queues AS MATERIALIZED (
  SELECT f.app_file AS file, f.app_function AS function, total(s.runqueue_ns) / total(s.wall_ns) AS queued
  FROM v1_sample s JOIN v1_frame f ON f.id = s.stack_id WHERE s.state IN ('python', 'holding', 'native') GROUP BY 1, 2
), homes AS MATERIALIZED ( -- the route for which a function mostly runs (columns beside are of max()'s row)
  SELECT file, function, route, max(ns) AS ns FROM (SELECT f.app_file AS file, f.app_function AS function, s.route, total(s.wall_ns) AS ns
    FROM v1_sample s JOIN v1_frame f ON f.id = s.stack_id WHERE s.state IN ('python', 'native') GROUP BY 1, 2, 3) GROUP BY file, function
), measured AS (
  SELECT iif(kind = 'thread', ns, gil_ns) AS gil_ns, iif(kind = 'thread', (SELECT total(wall_ns) FROM looked WHERE state = 'runqueue'), runqueue_ns) AS runqueue_ns,
    iif(kind = 'thread', (SELECT count(DISTINCT thread_id) FROM looked WHERE state = 'gil'), waiting) AS waiting
  FROM seen, basis_total, (SELECT total(weight * gil_ns) AS gil_ns, total(weight * runqueue_ns) AS runqueue_ns, total(weight) FILTER (WHERE gil_ns > 0) AS waiting FROM basis)
), costs AS (
  SELECT s.*, l.line, s.ns / e.ns AS part, e.ticks AS all_ticks, m.gil_ns, m.runqueue_ns, m.waiting, m.gil_ns * s.ns / e.ns AS cost_ns, coalesce((SELECT queued FROM queues q WHERE q.file = s.file AND q.function = s.function), 0) AS queued,
    EXISTS (SELECT 1 FROM homes h WHERE h.file = s.file AND h.function = s.function AND h.route IS NULL) AND (SELECT kind <> 'thread' FROM basis_total) AS beside,
    (SELECT total(w.ns) FROM waits w JOIN homes h ON h.file = w.file AND h.function = w.function WHERE w.file = s.file AND w.function = s.function AND w.route = h.route) / s.ns AS mutual
  FROM sites s JOIN lines l ON l.file = s.file AND l.function = s.function AND l.nth = 1, seen e, measured m
)
SELECT gil_ns >= 0.1 * wall_ns AND part >= 0.3 AND ticks >= 20 AND (queued < 0.5 OR (beside AND gil_ns * part * (1 - queued) >= 0.15 * wall_ns)) AND (mutual < 0.8 OR gil_ns >= 0.3 * wall_ns) AS fires, printf('%s:%s', base_name(file), function) AS subject, stack_id,
  printf('A %s waits %.0f %% of its time for the GIL; %s() holds it for %s of that.', one, 100.0 * gil_ns / wall_ns, function,
    iif(part > 0.95, 'nearly all', printf('%.0f %%', 100 * part))) AS title,
  json_array(json_array(file, line, function)) AS places, waiting AS units, cost_ns AS share_ns, route,
  0.9 * gil_ns * share_low(ticks, all_ticks) * iif(queued < 0.5, 1, 1 - queued) / units AS saving_low_ns, cost_ns * iif(queued < 0.5, 1, 1 - queued) / units AS saving_mid_ns, min(1.1 * gil_ns * share_high(ticks, all_ticks), wall_ns) / units AS saving_high_ns,
  json_array(json_array(printf('gil:%s:%s', file, function), cost_ns)) AS claims,
  json_array(json_array('waiting for the GIL', gil_ns / 1e6 / units, 'ms per ' || one), json_array('samples of such waits', all_ticks, ''),
    json_array('in which it held the GIL', ticks, ''), json_array('of the holder''s time, waiting for a CPU', iif(queued >= 0.1, 100 * queued, NULL), '%')) AS evidence,
  json_array(json_array('too-many-workers', iif(runqueue_ns < 0.5 * gil_ns, printf('waiting for a CPU is %.1f %% of the time: blocked, not runnable', 100.0 * runqueue_ns / wall_ns), NULL)),
    json_array('gil-convoy', iif(part >= 0.5 AND ticks >= 100, printf('one function holds it in %.0f %% of %d samples, not many for a moment each', 100 * part, all_ticks), NULL))) AS excluded,
  printf('%d %ss waited; the holder was seen at the same instant in %d samples', waiting, one, all_ticks) AS because,
  printf('waiting for the GIL is %.1f %% of the time, and %s() holds it in %.0f %% of the samples of it%s', 100.0 * gil_ns / wall_ns, function, 100 * part,
    CASE WHEN queued >= 0.5 THEN printf(', but waits for a CPU itself for %.0f %% of its time', 100 * queued) WHEN mutual >= 0.8 THEN printf(': %ss of one route, two of which compute at once now and then', one) ELSE '' END) AS ruled_out
FROM costs, basis_total, noun WHERE wall_ns > 0 AND part > 0.3 OR (wall_ns > 0 AND ns = (SELECT max(ns) FROM sites))
ORDER BY cost_ns DESC;
