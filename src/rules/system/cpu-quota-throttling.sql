-- id: cpu-quota-throttling
-- group: system
-- needs: v1_unit
-- excludes: noisy-neighbour too-many-workers
-- floor: 0.05
-- level: proven
-- saving: S1
-- fix: raise the CPU limit (Kubernetes limits.cpu, docker run --cpus, systemd CPUQuota), or start no more workers and threads than it has CPUs:
--   several that run at once use a period's quota up at its beginning, and all stand still for the rest
-- doc: docs/causes/cpu-quota-throttling.md
-- list: gate
-- order: 0
-- units: 3

-- The kernel counts the periods in which a control group used its quota up. Its threads are then runnable and wait, which looks like any other waiting
-- for a CPU; where the machine has CPUs free, all of that waiting is the quota's, else as much as the group stood still.
SELECT q.throttled_periods >= 0.05 * q.periods AND q.periods >= 10 AS fires, coalesce(q.path, 'group') AS subject,
  printf('The CPU limit of %.2g CPU%s stops the app: in %.0f %% of its periods it was used up, and %.0f %% of a %s is waiting for the next.', q.cpus, iif(q.cpus = 1, '', 's'),
    100 * q.throttled_periods / q.periods, 100 * w.limit_ns / b.wall_ns, one) AS title,
  '[]' AS places, w.units, w.limit_ns AS share_ns, 1 AS at_least,
  0.9 * w.limit_ns / b.units AS saving_low_ns, w.limit_ns / b.units AS saving_mid_ns, w.limit_ns / b.units AS saving_high_ns,
  json_array(json_array('CPUs that the limit allows', q.cpus, printf('(%.4g ms in each %.4g ms)', q.quota_ns / 1e6, q.period_ns / 1e6)), json_array('periods in which it was used up', q.throttled_periods, printf('of %d', q.periods)),
    json_array('CPUs in use by the app', w.cpus_own, ''), json_array('waiting for the next period', w.limit_ns / 1e6 / b.units, 'ms per ' || one), json_array('CPUs in use by others', w.cpus_other, printf('of %d', w.cpus))) AS evidence,
  json_array(json_array('noisy-neighbour', iif(throttled_share >= 0.5, printf('%.0f %% of the waiting for a CPU is that of the limit', 100 * throttled_share), NULL)),
    json_array('too-many-workers', iif(throttled_share >= 0.5, 'they wait while the limit is used up, not for one another', NULL))) AS excluded,
  printf('the kernel counted %d of %d periods%s', q.throttled_periods, q.periods, coalesce(' in ' || q.path, '')) AS because,
  printf('the limit of %.2g CPUs was used up in %.0f %% of %d periods', q.cpus, 100 * q.throttled_periods / max(q.periods, 1), q.periods) AS ruled_out
FROM cpu_limit q, cpu_wait w, basis_total b, noun WHERE b.wall_ns > 0;
