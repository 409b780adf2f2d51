-- id: memory-pressure
-- group: system
-- needs: v1_unit v1_fault v1_cgroup
-- excludes: slow-disk-read cpu-quota-throttling
-- floor: 0.1
-- level: likely
-- saving: S11
-- fix: give it more memory (the container's limit, the machine), or let it hold less: fewer workers, fewer copies, reading in pieces. What it needs is
--   thrown out of memory and read from the disk again and again, its own code as well
-- doc: docs/causes/memory-pressure.md
-- order: 5
-- units: 20

-- Units that wait for pages: the kernel counts pages read from disk for the processes (major faults), one a unit or more, while their control group's memory, or the
-- machine's, is full or tasks wait for memory. Such a wait is in no call and no queue: its cost is the time that nothing else explains.
WITH window AS (SELECT min(start_ns) AS from_ns, max(end_ns) + 1000000000 AS to_ns, total(weight) AS units, total(weight * max(0, unexplained_ns)) AS ns FROM basis),
faulted AS (
  SELECT total(f.faults) AS faults, count(DISTINCT f.at_ns) AS seconds FROM v1_fault f, window w WHERE f.at_ns BETWEEN w.from_ns AND w.to_ns
), memory AS (
  SELECT max(iif(g.process_id > 0, 1.0 * g.memory_bytes / g.memory_limit_bytes, NULL)) AS of_limit, max(iif(g.process_id > 0, g.memory_limit_bytes, NULL)) AS limit_bytes,
    max(iif(g.process_id = 0, 1.0 * g.memory_bytes / g.memory_limit_bytes, NULL)) AS of_machine, max(iif(g.process_id = 0, g.memory_limit_bytes, NULL)) AS machine_bytes,
    max(total(iif(g.process_id > 0, g.memory_pressure_ns, 0)), total(iif(g.process_id = 0, g.memory_pressure_ns, 0))) / max(w.to_ns - w.from_ns, 1) AS pressure, total(iif(g.process_id > 0, g.oom_kills, 0)) AS kills
  FROM v1_cgroup g, window w WHERE g.at_ns BETWEEN w.from_ns AND w.to_ns
), judged AS (
  SELECT *, coalesce(of_limit, 0) >= 0.9 AS is_limit, coalesce(of_machine, 0) >= 0.9 AS is_machine, faults / w.units AS each FROM window w, faulted, memory WHERE w.units > 0
)
SELECT each >= 1 AND seconds >= 3 AND (is_limit OR is_machine OR pressure >= 0.05) AS fires, 'memory' AS subject,
  printf('Memory is short (%s): a %s waits for %s pages to be read from the disk, %.0f %% of its time.', CASE WHEN is_limit THEN printf('%.0f %% of the limit of %s', 100 * of_limit, size(limit_bytes))
    WHEN is_machine THEN printf('%.0f %% of the machine''s %s', 100 * of_machine, size(machine_bytes)) ELSE printf('tasks wait for it for %.0f %% of the time', 100 * pressure) END, one, figure(each), 100 * ns / b.wall_ns) AS title,
  '[]' AS places, j.units, ns AS share_ns, 0.5 * ns / j.units AS saving_low_ns, 0.9 * ns / j.units AS saving_mid_ns, ns / j.units AS saving_high_ns,
  json_array(json_array('pages read from the disk', each, 'per ' || one), json_array('time that nothing else explains', ns / 1e6 / j.units, 'ms per ' || one), json_array('of its memory limit', 100 * of_limit, '%'),
    json_array('of the machine''s memory', 100 * of_machine, '%'), json_array('time in which tasks waited for memory', 100 * pressure, '%'), json_array('processes killed for want of memory', iif(kills > 0, kills, NULL), '')) AS evidence,
  json_array(json_array('slow-disk-read', 'it waits in no call that reads a file'), json_array('cpu-quota-throttling', 'what waits for a CPU is counted apart')) AS excluded,
  printf('%d pages were read for its processes in %d seconds', faults, seconds) AS because,
  printf('%s pages were read from the disk per %s', figure(each), one) AS ruled_out
FROM judged j, basis_total b, noun WHERE b.wall_ns > 0;
