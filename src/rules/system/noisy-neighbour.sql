-- id: noisy-neighbour
-- group: system
-- needs: v1_unit
-- excludes: cpu-quota-throttling too-many-workers
-- floor: 0.3
-- level: likely
-- saving: S6
-- fix: nothing is to be changed in the app for it: move one of them, give the app CPUs of its own (taskset, cpuset, a CPU request), or let what can wait
--   run at a lower priority (nice); on a virtual machine that is stolen from, ask for another host
-- doc: docs/causes/noisy-neighbour.md
-- list: outside
-- order: 3
-- units: 3

-- Time that the app could run and did not, while other processes or other virtual machines had the CPUs, by the accounts of all processes second by
-- second: its own threads were in the way of one another only where more than one wanted to run. Who uses less than half a CPU meanwhile has not taken any
-- away: then threads were woken late, or are not to run on all CPUs. A quota's waiting is taken out before. A likely cause in
-- the code that takes half of the app's own time, or more of it than this takes of all, comes before it (rank.c, by that claim).
WITH judged AS (
  SELECT w.*, w.queue_ns * w.neighbour_share AS ns, w.cpus_other + w.cpus_watcher + w.cpus_stolen AS cpus_others, w.watcher_share > 0.5 * w.neighbour_share AS is_load,
    coalesce(w.names, '') || iif(w.cpus_watcher >= 0.1, printf('%sthe load and unslow %.1f', iif(w.names IS NULL, '', ', '), w.cpus_watcher), '')
      || iif(w.cpus_stolen >= 0.05, printf('%sstolen %.1f', iif(w.names IS NULL, '', ', '), w.cpus_stolen), '') AS who
  FROM cpu_wait w WHERE w.neighbour_share IS NOT NULL
)
SELECT neighbour_share >= 0.5 AND throttled_share < 0.5 AND cpus_others >= 0.5 AS fires, 'machine' AS subject,
  printf('%s the CPUs: %.0f %% of a %s is waiting for one%s.', CASE WHEN stolen_share > 0.5 * neighbour_share THEN 'Other virtual machines have' WHEN is_load THEN 'The load itself has'
    ELSE 'Other processes have' END, 100 * ns / b.wall_ns, one, iif(who = '', '', ' (CPUs in use: ' || who || ')')) AS title,
  '[]' AS places, w.units, ns AS share_ns, 0.7 * ns / b.units AS saving_low_ns, 0.9 * ns / b.units AS saving_mid_ns, ns / b.units AS saving_high_ns, json_array(json_array('runqueue:units', ns)) AS claims,
  json_array(json_array('waiting for a CPU', queue_ns / 1e6 / b.units, 'ms per ' || one), json_array('of it while others ran', 100 * neighbour_share, '%'),
    json_array('CPUs in use by others', cpus_other, printf('of %d', cpus)), json_array('by the app', cpus_own, ''), json_array('by unslow and its load', cpus_watcher, ''),
    json_array('stolen by the hypervisor', iif(cpus_stolen >= 0.01, cpus_stolen, NULL), '')) AS evidence,
  json_array(json_array('cpu-quota-throttling', iif(throttled_share < 0.05, coalesce((SELECT printf('its limit of %.2g CPUs was used up in %.0f %% of periods', q.cpus, 100 * q.throttled_periods / max(q.periods, 1)) FROM cpu_limit q),
      'its control group has no CPU limit'), NULL)),
    json_array('too-many-workers', iif(own_share < 0.3, printf('its own threads were in the way for %.0f %% of that, %.1f of them want a CPU at a time', 100 * own_share, runnable), NULL))) AS excluded,
  printf('%.1f of %d CPUs were in use by others while it waited, by itself %.1f', cpus_others, cpus, cpus_own) AS because,
  iif(cpus_others >= 0.5, printf('waiting for a CPU that others had is %.1f %% of the time', 100 * ns / b.wall_ns),
    printf('waiting for a CPU is %.1f %% of the time, and others used %.1f of %d meanwhile', 100 * ns / b.wall_ns, cpus_others, cpus)) AS ruled_out
FROM judged w, basis_total b, noun WHERE b.wall_ns > 0;
