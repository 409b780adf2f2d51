-- Temporary tables for rules about what lies outside of the application's code, after samples.sql: who had the
-- CPUs that it waited for, what limits it, what its clients could see.

CREATE TEMP TABLE cpu_wait AS
-- One row: what units of the basis (or busy threads) waited for a CPU, and for whom. *_ns: sums over the basis;
-- NULL: not known for whom. cpus_…: CPUs in use in the mean while it waited. names: of other processes, those that
-- used most. runnable: own threads that wanted a CPU at a time, in the mean. slots: threads that served units.
WITH waited AS (
  SELECT iif(kind = 'thread', (SELECT total(wall_ns) FROM looked WHERE state = 'runqueue'), (SELECT total(weight * runqueue_ns) FROM basis)) AS queue_ns,
    (SELECT total(weight * throttled_ns) FROM basis) AS limit_ns,
    (SELECT total(weight) FROM basis WHERE throttled_ns + runqueue_ns > 0) AS units FROM basis_total
), looks AS (
  SELECT total(dur_ns) AS dur_ns, total(own_ns) AS own_ns, total(watcher_ns) AS watcher_ns, total(other_ns) AS other_ns, total(stolen_ns) AS stolen_ns,
    total(waited_ns - throttled_wait_ns) AS rest_ns FROM v1_contention WHERE dur_ns IS NOT NULL AND at_ns >= (SELECT coalesce(min(start_ns), 0) FROM basis)
), named AS (
  SELECT name, total(cpu_ns) AS cpu_ns FROM v1_cpu_use WHERE name IS NOT NULL AND at_ns IN (SELECT at_ns FROM v1_contention)
  GROUP BY name ORDER BY 2 DESC LIMIT 3
), busy AS MATERIALIZED (SELECT thread_id, process_id, total(wall_ns) AS ns FROM basis GROUP BY 1, 2)
SELECT w.units, coalesce(v.throttled_share, 0) AS throttled_share,
  iif(kind = 'thread', queue_ns * coalesce(v.throttled_share, 0), limit_ns) AS limit_ns,
  iif(kind = 'thread', queue_ns * (1 - coalesce(v.throttled_share, 0)), queue_ns) AS queue_ns,
  v.own_share, v.neighbour_share, coalesce(v.watcher_share, 0) AS watcher_share, coalesce(v.stolen_share, 0) AS stolen_share,
  l.own_ns / l.dur_ns AS cpus_own, l.watcher_ns / l.dur_ns AS cpus_watcher, l.other_ns / l.dur_ns AS cpus_other, l.stolen_ns / l.dur_ns AS cpus_stolen,
  (l.own_ns + l.rest_ns) / l.dur_ns AS runnable, (SELECT value + 0 FROM v1_meta WHERE key = 'cpus') AS cpus,
  (SELECT count(*) FROM busy) AS slots, (SELECT count(DISTINCT process_id) FROM busy) AS processes,
  (SELECT group_concat(printf('%s %.1f', name, cpu_ns / l.dur_ns), ', ') FROM named WHERE cpu_ns >= 0.05 * l.dur_ns) AS names
FROM waited w, v1_waiting v, looks l, basis_total;

CREATE TEMP TABLE cpu_limit AS
-- One row: the control group's quota that cut most periods short; none where there is no quota.
SELECT path, max(quota_ns) AS quota_ns, max(period_ns) AS period_ns, total(periods) AS periods, total(throttled_periods) AS throttled_periods, total(throttled_ns) AS throttled_ns,
  1.0 * max(quota_ns) / max(period_ns) AS cpus
FROM v1_cgroup WHERE process_id > 0 AND quota_ns IS NOT NULL AND at_ns >= (SELECT coalesce(min(start_ns), 0) FROM basis)
GROUP BY path ORDER BY total(throttled_periods) DESC LIMIT 1;
