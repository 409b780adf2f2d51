-- id: native-call-holds-gil
-- group: gil
-- needs: v1_unit v1_unit_sample v1_event v1_frame v1_fact v1_sample
-- excludes: gil-contention cpu-quota-throttling too-many-workers
-- floor: 0.05
-- level: likely
-- saving: S7
-- fix: one call into C holds the interpreter for as long as it lasts, and no switch interval ends it: cut what it is given into pieces (sort, parse, match less at
--   a time), take it to another process, or use a library or version that lets go of the GIL while it computes
-- doc: docs/causes/native-call-holds-gil.md
-- order: 18
-- units: 3

-- Python's own code gives the GIL away when another thread has asked for one switch interval (5 ms). Waits of four intervals and more, with one and the same place
-- holding it at all ticks in between, are of a call that does not; or of a holder that itself waits for a CPU (queued) or a limit, which is told apart. The measured waits of that length are the cost; the holder's part of the sampled ones is its part.
WITH step AS (SELECT coalesce(max(value + 0), 0.005) * 1e9 AS ns FROM v1_fact WHERE key = 'python.switch_interval'),
measured AS (
  SELECT total(e.dur_ns * b.weight) FILTER (WHERE e.dur_ns >= 4 * step.ns) AS long_ns, total(e.dur_ns * b.weight) AS all_ns, count(DISTINCT iif(e.dur_ns >= 4 * step.ns, e.unit_id, NULL)) AS units,
    max(e.dur_ns) AS most_ns, count(*) FILTER (WHERE e.dur_ns >= 4 * step.ns) AS long
  FROM v1_event e JOIN basis b ON b.id = e.unit_id, step WHERE e.kind = 'gil'
), held AS (
  SELECT s.holder_stack_id AS stack_id, s.wall_ns, s.wall_ns >= 3 * step.ns AS is_long FROM v1_unit_sample s JOIN basis b ON b.id = s.unit_id, step WHERE s.state = 'gil' AND s.holder_stack_id IS NOT NULL
), sites AS (
  SELECT f.app_file AS file, f.app_line AS line, f.app_function AS function, max(h.stack_id) AS stack_id, total(h.wall_ns) FILTER (WHERE is_long) AS ns, count(*) FILTER (WHERE is_long) AS times
  FROM held h JOIN v1_frame f ON f.id = h.stack_id WHERE f.has_app GROUP BY 1, 2
), queues AS MATERIALIZED (
  SELECT f.app_file AS file, f.app_function AS function, total(s.runqueue_ns) / total(s.wall_ns) AS queued
  FROM v1_sample s JOIN v1_frame f ON f.id = s.stack_id WHERE s.state IN ('python', 'holding', 'native') GROUP BY 1, 2
), judged AS (
  SELECT s.*, m.*, coalesce((SELECT queued FROM queues q WHERE q.file = s.file AND q.function = s.function), 0) AS queued, coalesce((SELECT limit_ns FROM cpu_wait), 0) AS limit_ns, step.ns AS step_ns, s.ns / nullif((SELECT total(wall_ns) FROM held), 0) AS part, (SELECT total(weight * gil_ns) FROM basis) AS gil_ns, (SELECT total(weight * runqueue_ns) FROM basis) AS queue_ns
  FROM sites s, measured m, step
)
SELECT long >= 3 AND long_ns >= 0.5 * all_ns AND part >= 0.3 AND times >= 3 AND long_ns * part >= 0.05 * b.wall_ns AND queued < 0.3 AND limit_ns < 0.05 * b.wall_ns AS fires, printf('%s:%d', base_name(file), line) AS subject, stack_id,
  printf('A call in C that %s() makes holds the GIL: %ss wait for it for up to %s at a time, %.0f %% of their time.', function, one, ms(most_ns), 100 * long_ns * part / b.wall_ns) AS title,
  json_array(json_array(file, line, function)) AS places, j.units, long_ns * part AS share_ns,
  0.7 * long_ns * part / b.units AS saving_low_ns, long_ns * part / b.units AS saving_mid_ns, min(gil_ns, 1.3 * long_ns * part) / b.units AS saving_high_ns,
  json_array(json_array(printf('gil:%s:%s', file, function), gil_ns * part)) AS claims,
  json_array(json_array('waits for the GIL of four switch intervals or more', long, ''), json_array('the longest', most_ns / 1e6, 'ms'), json_array('the switch interval', step_ns / 1e6, 'ms'),
    json_array('sampled waits in which this line held it all along', times, ''), json_array('their part of all sampled waits', 100 * part, '%')) AS evidence,
  json_array(json_array('gil-contention', printf('Python gives it away after %s when another asks', ms(step_ns))),
    json_array('cpu-quota-throttling', 'no limit stops its holder'),
    json_array('too-many-workers', iif(queue_ns < 0.5 * gil_ns, printf('waiting for a CPU is %.1f %% of the time', 100 * queue_ns / b.wall_ns), NULL))) AS excluded,
  printf('%d waits took %.0f ms or more; the line held it at every tick of %d of the sampled ones', long, 4 * step_ns / 1e6, times) AS because,
  printf('waits for the GIL of four switch intervals or more are %.1f %% of the time, the longest is %s%s', 100 * long_ns / b.wall_ns, ms(most_ns),
    iif(queued >= 0.3, printf(', but the holder waits for a CPU for %.0f %% of its time', 100 * queued), '')) AS ruled_out
FROM judged j, basis_total b, noun WHERE b.wall_ns > 0 AND all_ns > 0 AND times > 0 ORDER BY long_ns * part DESC LIMIT 2;
