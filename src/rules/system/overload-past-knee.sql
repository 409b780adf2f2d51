-- id: overload-past-knee
-- group: system
-- needs: v1_unit v1_client_load v1_client_verdict v1_client_request
-- excludes: too-few-workers cpu-quota-throttling noisy-neighbour load-generator-lies
-- floor: 0.05
-- level: likely
-- saving: S6
-- fix: at this rate every server of this size queues: start more workers (on more CPUs, where all of these are used), let fewer requests in, or make a
--   request cheaper (below is what it could be); unslow load --knee finds the rate that it holds
-- doc: docs/causes/overload-past-knee.md
-- list: gate
-- order: 2
-- units: 20

-- Requests came as fast as four fifths of what serves them can do, or faster, and more and more of them waited (the open load counts those without an answer).
-- What serves them: threads that are busy with requests, or the CPUs, if these are fewer; an event loop is one thread a process. A request's
-- service is its own work and waits, without waiting for a CPU, the GIL or the loop; a process computes one at a time. Where it mostly waits for others, more threads would do: that is another cause.
WITH served AS (
  SELECT count(*) AS seen, sum(weight) AS units, max(asynchronous) AS is_async, count(DISTINCT process_id) AS processes, count(DISTINCT process_id || ' ' || coalesce(thread_id, 0)) AS threads,
    total(weight * cpu_ns) AS cpu_ns, total(weight * (wall_ns - coalesce(runqueue_ns, 0) - coalesce(throttled_ns, 0) - gil_ns - loop_busy_ns)) AS service_ns,
    total(weight * cpu_ns) AS work_ns, total(weight * running_ns) AS loop_ns, total(weight * coalesce(runqueue_ns, 0)) AS loop_queue_ns FROM basis
), judged AS (
  SELECT s.*, l.*, l.due / l.window_s AS asked_per_s, cpu_ns / s.units AS each_cpu_ns, w.cpus, w.queue_ns / b.wall_ns AS queued,
    iif(is_async, s.processes, s.threads) AS slots, iif(is_async, cpu_ns, service_ns) / s.units AS service_each_ns,
    EXISTS (SELECT 1 FROM v1_client_verdict WHERE id = 'backlog' OR (id = 'connections' AND c.sent_ns > c.server_ns)) AS grows, EXISTS (SELECT 1 FROM v1_client_verdict WHERE id = 'busy') AS is_clients, c.before_ns
  FROM (SELECT avg(c.before_ns + c.late_ns) AS before_ns, avg(c.before_ns) AS sent_ns, avg(c.server_ns) AS server_ns FROM v1_client_request c JOIN basis x ON x.id = c.unit_id) c, served s, v1_client_load l, cpu_wait w, basis_total b WHERE l.pace <> 'closed' AND s.units > 0 AND l.window_s > 0 AND b.wall_ns > 0
), loaded AS (
  SELECT *, asked_per_s / 1e9 * max(service_each_ns / slots, each_cpu_ns / processes) AS slot_load, asked_per_s * each_cpu_ns / 1e9 / cpus AS cpu_load,
    min(slots / service_each_ns, processes / each_cpu_ns, cpus / each_cpu_ns) * 1e9 AS most_per_s FROM judged WHERE service_each_ns > 0 AND each_cpu_ns > 0
)
SELECT grows AND NOT is_clients AND max(slot_load, cpu_load) >= 0.8 AND work_ns >= 0.5 * service_ns AS fires,
  'server' AS subject,
  printf('More requests come than it can serve: %.4g a second, where %s of %s each do %.4g at most, and those that wait grow in number.', asked_per_s,
    iif(slot_load >= cpu_load, counted(slots, iif(is_async OR processes = slots, 'worker', 'thread')), counted(cpus, 'CPU')), ms(iif(slot_load >= cpu_load, service_each_ns, each_cpu_ns)), most_per_s) AS title,
  '[]' AS places, seen AS units, before_ns * b.units / (b.wall_ns + before_ns * b.units) * b.wall_ns AS share_ns, json_array(json_array('before:queue', before_ns * b.units)) AS claims,
  json_array(json_array('requests due', asked_per_s, 'a second'), json_array('answered', answered_per_s, 'a second'), json_array('waiting at the end', waiting, ''), json_array('a request''s own time', service_each_ns / 1e6, 'ms'),
    json_array(iif(is_async, 'event loops that serve', 'threads that serve'), slots, ''), json_array('their utilisation at this rate', 100 * slot_load, '%'), json_array('that of the CPUs', 100 * cpu_load, '%'),
    json_array('waiting before it begins', before_ns / 1e6, 'ms')) AS evidence,
  json_array(json_array('too-few-workers', printf('%.0f %% of a request is its own work, not waiting for others', 100 * work_ns / service_ns)),
    json_array('cpu-quota-throttling', printf('without what a limit makes it wait it is still %.0f %%', 100 * max(slot_load, cpu_load))),
    json_array('noisy-neighbour', printf('without what waits for a CPU (%.0f %% of a request), too', 100 * queued)),
    json_array('load-generator-lies', 'the client was not busy itself, and what it sent did not begin at once')) AS excluded,
  iif(cpu_load < 0.7 * slot_load, printf('%d in all would be busy to seven tenths at this rate', cast(asked_per_s * service_each_ns / 1e9 / 0.7 + 0.999 AS int)), NULL) AS fix_more,
  printf('%.0f %% of what it can serve came in, and %d of %d had no answer at the end', 100 * max(slot_load, cpu_load), waiting, due) AS because,
  printf('requests came at %.0f %% of what serves them', 100 * max(slot_load, cpu_load)) || CASE WHEN max(slot_load, cpu_load) < 0.8 THEN ''
    WHEN work_ns < 0.5 * service_ns THEN printf(', but because each waits for others for %.0f %% of its time, not for its own work: what it waits for, and how many serve, make the queue', 100 * (1 - work_ns / service_ns))
    WHEN is_clients THEN ', but the client was busy itself' ELSE ', but those that waited did not grow in number' END AS ruled_out
FROM loaded, basis_total b, noun WHERE NOT (coalesce(is_async, 0) AND loop_ns - loop_queue_ns - cpu_ns > 0.3 * loop_ns); -- a call holds the loop: what it could serve is not known
