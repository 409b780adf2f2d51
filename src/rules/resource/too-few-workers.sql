-- id: too-few-workers
-- group: resource
-- needs: v1_unit v1_client_request v1_client_load v1_fact v1_contention v1_handle
-- excludes: lock-contention db-pool-exhausted unpatched-blocking-in-gevent
-- floor: 0.05
-- level: likely
-- saving: S6
-- fix: give the server more threads (gunicorn -k gthread --threads N), as the ones there are wait for others most of their time; more processes
--   cost memory and help as well
-- doc: docs/causes/too-few-workers.md
-- order: 12
-- units: 20

-- Requests that wait before they begin, as their clients saw it, while every thread that serves has the next one at once and itself waits most of the
-- time, and CPUs are free (of all that ran there: a database that has none is waited for as long by more; or these have one as soon as they want it, and nobody on this host is waited for). Without the clients' side a request that comes right after another may be one that waited for its answer: then
-- nothing is said. How many threads: one never has more than one in work, so what comes is counted (requests due a second, as the client made
-- them, times how long one is in work), not what is in work; a client that waits for its answers tells no more than a lower bound.
WITH gaps AS (
  SELECT b.process_id, b.thread_id, b.start_ns, b.end_ns, b.wall_ns, b.cpu_ns, b.io_db_ns, b.db_cpu_ns, b.io_net_ns, b.io_file_ns, b.sleep_ns, b.lock_ns, b.pool_ns, b.runqueue_ns,
    b.start_ns - lag(b.end_ns) OVER (PARTITION BY b.process_id, b.thread_id ORDER BY b.start_ns) AS gap_ns FROM basis_whole b WHERE NOT b.asynchronous
), served AS (
  SELECT count(*) AS seen, count(DISTINCT process_id || ' ' || thread_id) AS slots, total(gap_ns < 0.05 * (SELECT median(wall_ns) FROM basis_whole)) AS at_once, total(wall_ns) AS busy_ns,
    total(io_db_ns - db_cpu_ns + io_net_ns + io_file_ns + sleep_ns) AS waiting_ns, total(lock_ns) AS lock_ns, total(pool_ns) AS pool_ns, total(runqueue_ns) AS queued_ns,
    total(cpu_ns) AS cpu_ns, max(end_ns) - min(start_ns) AS window_ns FROM gaps
), clients AS (
  SELECT count(*) AS asked, avg(c.before_ns) AS before_ns, median(c.before_ns) AS middle_ns, percentile(c.before_ns, 0.99) AS worst_ns FROM v1_client_request c JOIN basis b ON b.id = c.unit_id
), judged AS (
  SELECT s.*, c.*, 1.0 * at_once / seen AS rush, busy_ns / window_ns AS in_work, busy_ns / window_ns >= 0.9 * slots AS is_full, busy_ns / seen AS each_ns,
    (SELECT max(l.due / l.window_s) FROM v1_client_load l WHERE l.pace <> 'closed' AND l.window_s > 0) AS due_per_s, waiting_ns / busy_ns AS waiting, queued_ns < 0.02 * busy_ns AND NOT EXISTS (SELECT 1 FROM v1_handle WHERE kind = 'socket' AND peer_kind <> 'client' AND (peer LIKE '127.%' OR peer LIKE '[::1]%' OR peer LIKE 'localhost%' OR peer NOT LIKE '%:%')) AS is_served, (SELECT total(weight) FROM (SELECT max(weight) AS weight FROM hub_block GROUP BY unit_id)) AS hub_waits, cpu_ns / window_ns / (SELECT value FROM v1_meta WHERE key = 'cpus') AS cpu,
    coalesce((SELECT sum(saturation * dur_ns) / sum(dur_ns) FROM v1_contention WHERE dur_ns > 0), 0) AS machine
  FROM served s, clients c WHERE seen > 0 AND window_ns > 0 AND busy_ns > 0
), needed AS (
  SELECT *, max(cast(2 * max(in_work, coalesce(due_per_s * each_ns / 1e9, 0)) + 0.999 AS int), slots + 1) AS need FROM judged
)
SELECT asked >= 20 AND rush >= 0.4 AND waiting >= 0.5 AND cpu < 0.7 AND (machine < 0.9 OR is_served) AND hub_waits < 0.3 * seen AS fires, 'server' AS subject,
  printf('A %s waits %s for a free %s, while %s most of its time for others.', one, ms(before_ns), iif(slots = 1, 'worker', 'thread'), iif(slots = 1, 'the only one waits', 'each of ' || slots || ' waits')) AS title,
  '[]' AS places, seen AS units, before_ns * b.units / (b.wall_ns + before_ns * b.units) * b.wall_ns AS share_ns,
  0.7 * before_ns AS saving_low_ns, 0.95 * before_ns AS saving_mid_ns, before_ns AS saving_high_ns, json_array(json_array('before:free', before_ns * b.units)) AS claims,
  json_array(json_array('sent and not yet begun', before_ns / 1e6, 'ms in the mean'), json_array('the same, in the middle', middle_ns / 1e6, 'ms'), json_array('one of a hundred', worst_ns / 1e6, 'ms or more'),
    json_array('begun right after another in the same thread', 100 * rush, '%'), json_array('threads that serve', slots, ''), json_array(one || 's in work, in the mean', in_work, ''),
    json_array('of their time they wait for others', 100 * waiting, '%'), json_array('CPUs in use by them', 100 * cpu, '%')) AS evidence,
  json_array(json_array('lock-contention', iif(lock_ns < 0.1 * busy_ns, printf('locks take %.0f %% of the time', 100 * lock_ns / busy_ns), NULL)),
    json_array('db-pool-exhausted', iif(pool_ns < 0.1 * busy_ns, printf('waiting for a pool takes %.0f %%', 100 * pool_ns / busy_ns), NULL)),
    json_array('unpatched-blocking-in-gevent', 'no greenlets that could take turns wait in calls')) AS excluded,
  CASE WHEN due_per_s > 0 THEN printf('%.4g a second of %s each keep %.1f threads busy, so about %d in all leave half of them free at this load', due_per_s, ms(each_ns), due_per_s * each_ns / 1e9, need)
      WHEN is_full THEN printf('all of them are busy all the time, so how many the load needs is not seen: at least %d threads in all', need)
      ELSE printf('%.1f are in work in the mean, so about %d threads in all leave half of them free at this load', in_work, need) END
    || coalesce((SELECT printf(' (gunicorn.workers is %s, gunicorn.threads %s)', max(value) FILTER (WHERE key = 'gunicorn.workers'), max(value) FILTER (WHERE key = 'gunicorn.threads'))
      FROM v1_fact WHERE key IN ('gunicorn.workers', 'gunicorn.threads')), '') AS fix_more,
  printf('%.0f %% of %d began right after another; they wait for others for %.0f %% of their time and use %.0f %% of the CPUs', 100 * rush, seen, 100 * waiting, 100 * cpu) AS because,
  CASE WHEN asked < 20 THEN 'whether clients wait for a worker is not known: nothing on this host saw their side' WHEN machine >= 0.9 AND NOT is_served THEN printf('cannot tell: %.0f %% of requests began right after another, %s after they were sent, but the machine has no CPU free, so what they wait for may have none either', 100 * rush, ms(before_ns))
    ELSE printf('%.0f %% of requests began right after another, %s after they were sent%s', 100 * rush, ms(before_ns),
    iif(hub_waits >= 0.3 * seen, ', on a thread that greenlets hold', '')) END AS ruled_out
FROM needed, basis_total b, noun WHERE b.wall_ns > 0 AND (asked >= 20 OR rush >= 0.4);
