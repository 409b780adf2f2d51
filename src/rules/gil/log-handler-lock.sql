-- id: log-handler-lock
-- group: gil
-- needs: v1_event v1_unit v1_frame
-- excludes: lock-contention sync-log-write
-- floor: 0.05
-- level: proven
-- saving: S6
-- fix: let requests put their records into a queue (logging.handlers.QueueHandler), and one thread hand them to the handler
--   (QueueListener): nobody waits for it then
-- doc: docs/causes/log-handler-lock.md
-- order: 15
-- units: 3

-- Threads that wait for the lock of a log handler, which is held while a record is made into text and written. Waiting begins in
-- the logging library's own frame. A lock (known by its address, hashed) was handed over when the next one had been waiting
-- before it was given to the one before: the time between is what a holder holds it.
WITH waits AS MATERIALIZED (
  SELECT e.unit_id, u.process_id, e.thread_id, e.aux AS lock, e.start_ns, e.start_ns + e.dur_ns AS given_ns, e.dur_ns, e.stack_id,
    f.app_file AS file, f.app_line AS line, f.app_function AS function
  FROM v1_event e JOIN v1_unit u ON u.id = e.unit_id JOIN v1_frame f ON f.id = e.stack_id
  WHERE e.kind = 'lock' AND NOT e.nested AND NOT e.on_loop AND e.aux <> 0 AND f.has_app AND f.kind IN ('stdlib', 'library')
    AND (f.file LIKE '%/logging/__init__.py' OR f.file LIKE '%/logging/handlers.py' OR f.file LIKE '%/loguru/_handler.py'
      OR f.file LIKE '%/loguru/_locks_machinery.py' OR f.file LIKE '%/structlog/_output.py' OR f.file LIKE '%/logbook/handlers.py')
), turns AS (
  SELECT *, lag(given_ns) OVER w AS before_ns, lag(unit_id) OVER w AS holder_unit, lag(thread_id) OVER w AS holder_thread
  FROM waits WINDOW w AS (PARTITION BY process_id, lock ORDER BY given_ns)
), handed AS MATERIALIZED (
  SELECT *, given_ns - before_ns AS hold_ns FROM turns WHERE start_ns < before_ns AND holder_thread <> thread_id
), doing AS ( -- calls that holders wait for meanwhile
  SELECT e.kind, sum(e.dur_ns) AS ns FROM handed h JOIN v1_event e ON e.unit_id = h.holder_unit AND e.thread_id = h.holder_thread
    AND e.start_ns >= h.before_ns AND e.start_ns + e.dur_ns <= h.given_ns + 1000000 AND NOT e.nested
  WHERE e.kind NOT IN ('gc', 'callback', 'gil', 'span') GROUP BY 1 ORDER BY 2 DESC LIMIT 1
), lines AS (
  SELECT file, line, function, max(stack_id) AS stack_id, sum(b.weight * w.dur_ns) AS ns
  FROM waits w JOIN basis b ON b.id = w.unit_id GROUP BY 1, 2, 3 ORDER BY 5 DESC
), whole AS (
  SELECT sum(b.weight * w.dur_ns) AS ns, count(DISTINCT w.thread_id) AS threads, iif(count(DISTINCT coalesce(b.route, '')) = 1, max(b.route), NULL) AS route,
    (SELECT total(weight) FROM basis WHERE id IN (SELECT unit_id FROM waits)) AS wait_units, (SELECT count(*) FROM handed) AS turns, (SELECT median(hold_ns) FROM handed) AS hold_ns,
    (SELECT total(b.weight * e.dur_ns) FROM v1_event e JOIN basis b ON b.id = e.unit_id WHERE e.kind IN ('write', 'fsync') AND e.stack_id IN (
      SELECT l.id FROM v1_frame l WHERE l.file LIKE '%/logging/__init__.py' AND l.has_app)) AS write_ns
  FROM waits w JOIN basis b ON b.id = w.unit_id
)
SELECT turns >= 3 AND threads >= 2 AS fires, 'all' AS subject, (SELECT stack_id FROM lines LIMIT 1) AS stack_id, route,
  printf('A %s waits %s for a log handler that other threads are in for %s each.', one, ms(ns / units), ms(hold_ns)) AS title,
  (SELECT json_group_array(json_array(file, line, function)) FROM (SELECT * FROM lines WHERE ns >= 0.05 * w.ns LIMIT 5)) AS places, wait_units AS units, ns AS share_ns,
  0.7 * ns / units AS saving_low_ns, 0.95 * ns / units AS saving_mid_ns, ns / units AS saving_high_ns, 1 AS at_least,
  'not seen: a record''s own way into the log, which the queue takes over, too' AS unseen,
  (SELECT json_group_array(json_array(printf('log:%s:%d', file, line), ns)) FROM lines) AS claims,
  json_array(json_array('waiting for it', ns / units / 1e6, 'ms per ' || one), json_array('held', hold_ns / 1e6, 'ms at a time'), json_array('handed over to one that waited', turns, 'times'),
    json_array('threads that waited for it', threads, '')) AS evidence,
  json_array(json_array('lock-contention', 'it is waited for in the logging library''s own frame'), json_array('sync-log-write', printf('waiting for the lock takes %s a %s, the writing itself %s', ms(ns / units), one, ms(write_ns / units)))) AS excluded,
  printf('%s waited for it, %d times while it was given to another', counted(wait_units, one), turns) AS because,
  (SELECT CASE WHEN kind IN ('write', 'fsync', 'open', 'read') THEN 'who holds it waits for a file' WHEN kind IN ('poll', 'recv', 'send', 'connect', 'dns') THEN 'who holds it waits for a peer'
    WHEN kind LIKE 'sqlite%' THEN 'who holds it waits for SQLite' WHEN kind = 'sleep' THEN 'who holds it sleeps' END FROM doing WHERE ns >= 0.3 * (SELECT sum(hold_ns) FROM handed)) AS fix_more,
  printf('a log handler was waited for in %d %ss, handed over %d times', wait_units, one, turns) AS ruled_out
FROM whole w, basis_total, noun WHERE ns > 0;
