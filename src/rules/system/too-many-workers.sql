-- id: too-many-workers
-- group: system
-- needs: v1_unit v1_fact
-- excludes: noisy-neighbour cpu-quota-throttling gil-contention
-- floor: 0.2
-- level: likely
-- saving: S6
-- fix: start as many workers as there are CPUs, or up to twice as many where they wait for others half of their time: further ones do not serve more, each
--   request only shares its CPU with others, and memory and caches are used for nothing
-- doc: docs/causes/too-many-workers.md
-- order: 10
-- units: 20

-- More threads of the app want a CPU at a time than there are, by the CPU and the waiting of all of them second by second, and most of the waiting
-- would be there if nobody else were: where others have more of the CPUs than the app, its threads are many because of them (v1_contention). What fewer of them save is the part of the waiting that is not merely moved to the queue before them: next to none where the work
-- of requests varies much, half of it where they are alike (processor sharing against first come, first served).
WITH judged AS (SELECT w.*, w.queue_ns * w.own_share AS ns, (SELECT total(weight * gil_ns) FROM basis) AS gil_ns FROM cpu_wait w WHERE w.own_share IS NOT NULL)
SELECT own_share >= 0.5 AND throttled_share < 0.5 AND runnable > cpus AND slots > cpus AS fires, 'server' AS subject,
  printf('%d %s want %d CPU%s: %.0f %% of a %s is waiting for one that another of them has.', slots, iif(processes > 1, 'workers', 'threads'), cpus, iif(cpus = 1, '', 's'), 100 * ns / b.wall_ns, one) AS title,
  '[]' AS places, w.units, ns AS share_ns, 0.05 * ns / b.units AS saving_low_ns, 0.25 * ns / b.units AS saving_mid_ns, 0.5 * ns / b.units AS saving_high_ns,
  json_array(json_array('waiting for a CPU', queue_ns / 1e6 / b.units, 'ms per ' || one), json_array('of it for its own threads', 100 * own_share, '%'), json_array('threads that serve', slots, printf('in %d process%s', processes, iif(processes = 1, '', 'es'))),
    json_array('of the app that want a CPU at a time', runnable, printf('for %d', cpus)), json_array('CPUs in use by the app', cpus_own, ''), json_array('by others', cpus_other, '')) AS evidence,
  json_array(json_array('noisy-neighbour', iif(cpus_other + cpus_stolen < 0.5 * cpus_own OR runnable > 2 * cpus, printf('others use %.1f CPUs, the app %.1f', cpus_other + cpus_stolen, cpus_own), NULL)),
    json_array('cpu-quota-throttling', iif(throttled_share < 0.05, 'no CPU limit was used up', NULL)),
    json_array('gil-contention', iif(gil_ns < 0.5 * ns, printf('waiting for the GIL is %.1f %% of the time: they could run', 100 * gil_ns / b.wall_ns), NULL))) AS excluded,
  iif(processes > 1, NULL, 'let fewer threads of this process serve: about as many as there are CPUs, more only where they wait for others most of their time; further ones do not serve more, each request only shares its CPU with others') AS fix,
  (SELECT printf('%s is %s', key, max(value)) FROM v1_fact WHERE key = iif(processes > 1, 'gunicorn.workers', 'gunicorn.threads') HAVING count(*) > 0) AS fix_more,
  printf('%.1f of its threads want %d CPUs in the mean while they wait', runnable, cpus) AS because,
  printf('waiting for CPUs that its own threads have is %.1f %% of the time', 100 * ns / b.wall_ns) AS ruled_out
FROM judged w, basis_total b, noun WHERE b.wall_ns > 0;
