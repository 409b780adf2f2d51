-- id: thread-pool-exhausted
-- group: loop
-- needs: v1_event v1_unit v1_usage v1_frame
-- excludes: db-pool-exhausted blocking-call-in-event-loop
-- floor: 0.05
-- level: proven
-- saving: S6
-- fix: let the pool have more threads (AnyIO: anyio.to_thread.current_default_thread_limiter().total_tokens, 40 at first; asyncio:
--   loop.set_default_executor(ThreadPoolExecutor(N))), or await what they wait for with an asynchronous library
-- doc: docs/causes/thread-pool-exhausted.md
-- order: 14
-- units: 3

-- An asynchronous request whose work is done in a thread: it was there before the thread was free, and got it as soon as it had ended
-- another's work. Where a pool has a thread to spare, that thread has been free before. The wait is from the request's start to its first call in the
-- thread. Threads that mostly wait for a pool's connection are held by that: more of them would wait for it, too.
WITH work AS MATERIALIZED ( -- thread_id of min()'s row
  SELECT e.unit_id, e.thread_id, min(e.start_ns) AS first_ns, max(e.start_ns + e.dur_ns) AS last_ns, b.process_id, b.start_ns, b.weight, b.route
  FROM v1_event e JOIN basis b ON b.id = e.unit_id WHERE b.asynchronous AND e.thread_id <> b.thread_id AND e.kind NOT IN ('gc', 'callback', 'gil', 'span') GROUP BY e.unit_id
), turns AS (
  SELECT *, lag(last_ns) OVER (PARTITION BY process_id, thread_id ORDER BY first_ns) AS free_ns FROM work
), held AS MATERIALIZED (
  SELECT *, first_ns - start_ns AS wait_ns, free_ns > start_ns AND first_ns - free_ns < 0.1 * (SELECT median(last_ns - first_ns) FROM work) AS waited FROM turns
), whole AS (
  SELECT count(*) AS seen, sum(weight) FILTER (WHERE waited) AS unit_count, total(waited) AS turns, count(DISTINCT process_id || ' ' || thread_id) * 1.0 / count(DISTINCT process_id) AS threads,
    total(weight * wait_ns) FILTER (WHERE waited) AS ns, median(last_ns - first_ns) AS work_ns, total(weight * (last_ns - first_ns)) AS work_all_ns, iif(count(DISTINCT coalesce(route, '')) = 1, max(route), NULL) AS route FROM held
), doing AS ( -- what its threads do
  SELECT f.app_file AS file, f.app_line AS line, f.app_function AS function, max(e.stack_id) AS stack_id, total(e.dur_ns) AS ns FROM v1_event e JOIN work w ON w.unit_id = e.unit_id AND w.thread_id = e.thread_id
  JOIN v1_frame f ON f.id = e.stack_id WHERE f.has_app AND e.kind NOT IN ('gc', 'callback', 'gil', 'span') GROUP BY 1, 2 ORDER BY 5 DESC LIMIT 1
), asking AS ( -- the application's own line that hands over what waits most, where one does
  SELECT f.app_file AS file, f.app_line AS line, f.app_function AS function, f.has_app, total(g.aux_ns) AS ns, sum(total(g.aux_ns)) OVER () AS all_ns FROM v1_usage g JOIN v1_frame f ON f.id = g.stack_id
  WHERE g.kind = 'span' AND g.subject = 'thread.hop' AND g.units > 0 GROUP BY 1, 2 ORDER BY 5 DESC LIMIT 1
), own AS (SELECT * FROM asking WHERE has_app AND ns >= 0.5 * all_ns
), ledger AS (SELECT total(weight * loop_busy_ns) AS busy_ns, total(weight * pool_ns) AS pool_ns FROM basis)
SELECT turns >= 0.3 * seen AND turns >= 3 AND pool_ns < 0.5 * work_all_ns AS fires, 'pool' AS subject, d.stack_id, route,
  printf('A %s waits %s until %s for its work is free.', one, ms(w.ns / unit_count), iif(threads < 1.5, 'the one thread', printf('one of the %.0f threads', threads))) AS title,
  (SELECT json_group_array(json_array(file, line, function)) FROM (SELECT file, line, function, 0 AS nth FROM own UNION SELECT file, line, function, 1 FROM doing x WHERE NOT EXISTS (SELECT 1 FROM own o WHERE o.file = x.file AND o.line = x.line) ORDER BY nth)) AS places,
  (SELECT 'give the executor that this line hands its work to more threads: ThreadPoolExecutor(max_workers=N) where it is made; asyncio''s own (to_thread, run_in_executor(None, …)) by loop.set_default_executor(ThreadPoolExecutor(N)); or await what they wait for with an asynchronous library' FROM own) AS fix, unit_count AS units, w.ns AS share_ns,
  0.7 * w.ns / b.units AS saving_low_ns, 0.95 * w.ns / b.units AS saving_mid_ns, w.ns / b.units AS saving_high_ns,
  json_array(json_array('took a thread as soon as another ' || one || ' had left it', turns, printf('of %d', seen)), json_array('threads seen', threads, 'a process'),
    json_array('until its work begins', w.ns / unit_count / 1e6, 'ms per ' || one), json_array('the work holds a thread', work_ns / 1e6, 'ms')) AS evidence,
  json_array(json_array('db-pool-exhausted', iif(pool_ns < 0.1 * w.ns, printf('waiting for a pool of connections takes %s in all', ms(pool_ns)), NULL)),
    json_array('blocking-call-in-event-loop', iif(busy_ns < 0.3 * w.ns, printf('the loop was busy for %s of it', ms(busy_ns / b.units)), NULL))) AS excluded,
  printf('%.0f of %d had to wait for a thread that another one held', turns, seen) AS because,
  printf('%.0f of %d %ss whose work is in threads waited for one%s', turns, seen, one, iif(pool_ns < 0.5 * work_all_ns, '', ', but these threads wait for connections of a pool')) AS ruled_out
FROM whole w LEFT JOIN doing d, ledger, basis_total b, noun WHERE seen > 0;
