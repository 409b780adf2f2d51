-- id: lock-contention
-- group: gil
-- needs: v1_event v1_unit v1_frame
-- excludes: gil-contention db-pool-exhausted
-- floor: 0.05
-- level: proven
-- saving: S6
-- fix: hold the lock only for what must not happen twice at once: take what waits or computes out of the `with` block, or give each
--   thing its own lock
-- doc: docs/causes/lock-contention.md
-- order: 15
-- units: 3

-- Threads, or tasks of a loop, that wait for the same lock of the application's own (known by its address, hashed) at the line that takes it. It was handed
-- over when the next one had been waiting before it was given to the one before: the time between is what a holder holds it.
-- A holder who did not wait himself hands over as well, and is not seen: a lock of asyncio for which twenty units and more waited, 1 ms and more in the
-- middle, is one that others hold, even if it never had two waiting at once.
-- What is waited for inside threading, queues, pools is work of others, no lock that is contended. A semaphore is a limit that somebody has set: a cause from
-- three tenths of the time on.
WITH waits AS MATERIALIZED (
  SELECT e.unit_id, u.process_id, e.thread_id, e.aux AS lock, e.start_ns, e.start_ns + e.dur_ns AS given_ns, e.dur_ns, e.stack_id, coalesce(e.subject LIKE '%Semaphore', 0) AS counts, e.subject IS NOT NULL AS of_loop,
    f.app_file AS file, f.app_line AS line, f.app_function AS function, f.kind = 'app' AS own
  FROM v1_event e JOIN v1_unit u ON u.id = e.unit_id JOIN v1_frame f ON f.id = e.stack_id
  WHERE e.kind = 'lock' AND NOT e.nested AND NOT e.on_loop AND e.aux <> 0 AND f.has_app
    AND (f.kind = 'app' OR f.file LIKE '%/functools.py' OR f.file LIKE '%/cachetools/%' OR (f.file LIKE '%/asyncio/%' AND EXISTS (SELECT 1 FROM v1_frame p WHERE p.id = f.parent_id AND p.kind = 'app')))
), turns AS (
  SELECT *, lag(given_ns) OVER w AS before_ns, lag(unit_id) OVER w AS holder_unit, lag(thread_id) OVER w AS holder_thread
  FROM waits WINDOW w AS (PARTITION BY process_id, lock ORDER BY given_ns)
), handed AS MATERIALIZED (
  SELECT *, given_ns - before_ns AS hold_ns FROM turns WHERE start_ns < before_ns AND holder_unit <> unit_id
), doing AS ( -- what a holder waits for meanwhile: its longest call, by line
  SELECT file, line, held_file, held_line, kind, sum(ns) AS ns FROM (
    SELECT h.file, h.line, f.app_file AS held_file, f.app_line AS held_line, e.kind, max(e.dur_ns) AS ns
    FROM handed h JOIN v1_event e ON e.unit_id = h.holder_unit AND e.thread_id = h.holder_thread AND e.start_ns >= h.before_ns AND e.start_ns + e.dur_ns <= h.given_ns + 1000000
      JOIN v1_frame f ON f.id = e.stack_id WHERE e.kind NOT IN ('gc', 'callback', 'gil') AND f.has_app GROUP BY h.given_ns, h.unit_id)
  GROUP BY 1, 2, 3, 4, 5
), sites AS (
  SELECT w.file, w.line, w.function, max(w.stack_id) AS stack_id, iif(count(DISTINCT coalesce(b.route, '')) = 1, max(b.route), NULL) AS route, sum(b.weight) AS wait_units,
    sum(b.weight * w.dur_ns) AS ns, count(DISTINCT w.unit_id) AS waiting, median(w.dur_ns) AS usual_ns, count(DISTINCT w.thread_id) AS threads, max(b.asynchronous) AS awaited, max(w.counts) AS counts, max(w.of_loop) AS of_loop, count(DISTINCT w.process_id || ' ' || w.lock) AS locks,
    (SELECT count(*) FROM handed h WHERE h.file = w.file AND h.line = w.line) AS turns, (SELECT median(hold_ns) FROM handed h WHERE h.file = w.file AND h.line = w.line) AS hold_ns
  FROM waits w JOIN basis b ON b.id = w.unit_id GROUP BY w.file, w.line
), named AS (
  SELECT s.*, (SELECT json_array(held_file, held_line, kind, ns) FROM doing d WHERE d.file = s.file AND d.line = s.line ORDER BY d.ns DESC LIMIT 1) AS doing FROM sites s
)
SELECT (turns >= 3 OR (of_loop AND NOT counts AND waiting >= 20 AND usual_ns >= 1000000)) AND (threads >= 2 OR awaited) AND (NOT counts OR ns >= 0.3 * wall_ns) AS fires, printf('%s:%d', base_name(file), line) AS subject, stack_id, route,
  printf(iif(counts, 'A %s waits %s for a semaphore that others hold; it lets in one each %s.', iif(turns >= 3, 'A %s waits %s for a lock that others hold for %s each.', 'A %s waits %s for a lock that another one holds, %s each time it waits.')), one, ms(ns / units), ms(iif(turns >= 3, hold_ns, usual_ns))) AS title,
  json_array(json_array(file, line, function)) AS places, wait_units AS units, ns AS share_ns,
  0.6 * ns / units AS saving_low_ns, 0.85 * ns / units AS saving_mid_ns, ns / units AS saving_high_ns,
  json_array(json_array(printf('call:%s:%d', file, line), ns)) AS claims,
  json_array(json_array('waiting for it', ns / units / 1e6, 'ms per ' || one), json_array(iif(counts, 'one let in each', 'held'), iif(turns >= 3, hold_ns / 1e6, NULL), iif(counts, 'ms', 'ms at a time')), json_array('handed over to one that waited', turns, 'times'),
    json_array('threads that waited for it', iif(threads >= 2, threads, NULL), '')) AS evidence,
  json_array(json_array('gil-contention', 'waiting for the GIL is counted apart'), json_array('db-pool-exhausted', 'the application''s own line takes the lock')) AS excluded,
  printf('%s waited for it, %d times while it was given to another', counted(wait_units, one), turns) AS because,
  nullif(iif(counts, 'raise its limit if what is behind it bears more' || iif(doing IS NULL, '', '; '), '') || iif(doing IS NULL, '', printf('it is held while %s at %s:%d', CASE WHEN json_extract(doing, '$[2]') IN ('poll', 'recv', 'send', 'connect', 'exchange') THEN 'a peer is waited for' WHEN json_extract(doing, '$[2]') IN ('read', 'write', 'fsync', 'open') THEN 'a file is waited for'
    WHEN json_extract(doing, '$[2]') LIKE 'sqlite%' THEN 'SQLite works' WHEN json_extract(doing, '$[2]') = 'sleep' THEN 'it sleeps' ELSE 'it is in ' || json_extract(doing, '$[2]') END, base_name(json_extract(doing, '$[0]')), json_extract(doing, '$[1]'))), '') AS fix_more,
  printf('%s:%d waits for a lock in %d %ss, handed over %d times', base_name(file), line, wait_units, one, turns) AS ruled_out
FROM named, basis_total, noun ORDER BY ns DESC;
