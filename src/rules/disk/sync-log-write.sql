-- id: sync-log-write
-- group: disk
-- needs: v1_usage v1_event v1_unit v1_frame v1_handle
-- excludes: blocking-call-in-event-loop slow-disk-read
-- floor: 0.1
-- level: proven
-- saving: S1
-- fix: let requests put their lines into a queue (logging.handlers.QueueHandler) and one thread write them (QueueListener); no fsync a line
-- doc: docs/causes/sync-log-write.md
-- order: 15
-- units: 3

-- Writing, and waiting for the disk or a full pipe, below a function that logs, in the thread that serves; or a log without such a
-- function: one file that unit after unit writes and forces to the disk. A line that the kernel takes into its cache is written in
-- some µs of CPU and waits for nothing: then there is nothing to find, but where a request writes ten and more records of level DEBUG, which is
-- for finding faults: that is their whole making, sampled (work.sql). A disk is as busy as others make it: 20 % above, as for reads.
WITH RECURSIVE logging AS (SELECT column1 AS file FROM (VALUES ('%/logging/__init__.py'), ('%/logging/handlers.py'), ('%/loguru/%'), ('%/structlog/%'), ('%/logbook/%'), ('%/concurrent_log_handler/%'), ('%/eliot/%'))
), calls AS MATERIALIZED (
  SELECT g.*, f.app_file AS file, f.app_line AS line, f.app_function AS function FROM v1_usage g JOIN v1_frame f ON f.id = g.stack_id
  WHERE g.kind IN ('write', 'fsync', 'open') AND NOT g.nested AND NOT g.on_loop AND g.units > 0 AND f.has_app AND g.peer_kind IS NOT 'client'
    AND EXISTS (SELECT 1 FROM basis b WHERE b.route IS g.route)
), above(stack_id, id) AS (
  SELECT DISTINCT stack_id, stack_id FROM calls UNION SELECT a.stack_id, f.parent_id FROM above a JOIN v1_frame f ON f.id = a.id WHERE f.parent_id > 0
), own_log AS ( -- `…`: many files of such a name (pathmask.h). What was opened before the app served anything has no handle, and is kept open
  SELECT f.app_file AS file, f.app_line AS line, coalesce(base_name(max(h.peer)), 'a file that is kept open') AS name FROM v1_event e JOIN basis b ON b.id = e.unit_id LEFT JOIN v1_handle h ON h.id = e.handle_id JOIN v1_frame f ON f.id = e.stack_id
  WHERE e.kind = 'fsync' AND NOT e.nested AND (h.kind = 'file' OR e.handle_id IS NULL) AND coalesce(h.peer, '') NOT LIKE '%…%' GROUP BY 1, 2 HAVING count(DISTINCT b.id) >= 3 AND count(DISTINCT coalesce(h.peer, '')) = 1
), logged AS (
  SELECT DISTINCT a.stack_id, 1 AS by_logger FROM above a JOIN v1_frame f ON f.id = a.id WHERE EXISTS (SELECT 1 FROM logging l WHERE f.file LIKE l.file)
  UNION SELECT c.stack_id, 0 FROM calls c JOIN own_log o ON o.file = c.file AND o.line = c.line
), per_unit AS ( -- those of 50 µs and more: how they differ from one to the next
  SELECT f.app_file AS file, f.app_line AS line, b.id, b.weight, sum(e.dur_ns) AS ns FROM v1_event e JOIN basis b ON b.id = e.unit_id JOIN v1_frame f ON f.id = e.stack_id
  WHERE e.kind IN ('write', 'fsync', 'open') AND NOT e.nested AND e.stack_id IN (SELECT stack_id FROM logged) GROUP BY 1, 2, 3
), spread AS (
  SELECT file, line, sum(weight) * midmean(ns) AS cost_ns, sum(weight) * boot_low(ns) AS low, sum(weight) * boot_high(ns) AS high, sum(weight) AS unit_count FROM per_unit GROUP BY file, line
), sites AS (
  SELECT file, line, function, max(stack_id) AS stack_id, iif(count(DISTINCT coalesce(route, '')) = 1, max(route), NULL) AS route, group_concat(DISTINCT kind) AS kinds,
    sum(calls) AS calls, sum(dur_ns) AS dur_ns, sum(blocked_ns) AS blocked_ns, max(max_ns) AS max_ns, sum(calls) FILTER (WHERE kind = 'fsync') AS syncs
  FROM calls WHERE stack_id IN (SELECT stack_id FROM logged) GROUP BY file, line
), debugs AS ( -- writes below Logger.debug, by the line that asked
  SELECT c.file, c.line, 1.0 * sum(c.calls) / (SELECT count(*) FROM v1_unit u WHERE u.finished) AS each FROM calls c WHERE c.kind = 'write' AND EXISTS (SELECT 1 FROM above a JOIN v1_frame f ON f.id = a.id
    WHERE a.stack_id = c.stack_id AND f.file LIKE '%/logging/__init__.py' AND (f.function = 'debug' OR f.function LIKE '%.debug')) GROUP BY 1, 2 HAVING each >= 10
), costs AS ( -- just long ones are rows of events; what all took is exact
  SELECT file, line, function, stack_id, route, kinds, calls, dur_ns, blocked_ns, max_ns, syncs, iif(stack_id IN (SELECT stack_id FROM logged WHERE by_logger), NULL, name) AS name, unit_count, 1.0 * blocked_ns / max(1, dur_ns) AS waiting,
    1.0 * dur_ns AS cost_ns, low * min(1, dur_ns / cost_ns) AS low, max(dur_ns, high * min(1, dur_ns / cost_ns)) AS high FROM sites JOIN spread USING (file, line) LEFT JOIN own_log USING (file, line)
)
SELECT 2 * blocked_ns > dur_ns AS fires, printf('%s:%d', base_name(file), line) AS subject, stack_id, route,
  printf('A %s waits %s until %s is %s.', one, ms(1.0 * dur_ns / calls), coalesce('its line of ' || name, 'its log'), iif(syncs > 0, 'on the disk', 'written')) AS title,
  json_array(json_array(file, line, function)) AS places, min(unit_count, units) AS units, waiting * cost_ns AS share_ns,
  waiting * low / units AS saving_low_ns, (1 + waiting) / 2 * cost_ns / units AS saving_mid_ns, 1.2 * high / units AS saving_high_ns,
  json_array(json_array(printf('call:%s:%d', file, line), cost_ns)) AS claims,
  json_array(json_array('writes of its log', calls * 1.0 / (SELECT count(*) FROM v1_unit), 'per ' || one || ' (' || kinds || ')'), json_array('of them fsync', syncs, 'in all'),
    json_array('of its time it waits', 100 * waiting, '%'), json_array('longest', max_ns / 1e6, 'ms')) AS evidence,
  json_array(json_array('blocking-call-in-event-loop', 'the calls are made outside an event loop'), json_array('slow-disk-read', 'it is written, not read')) AS excluded,
  printf('%s wrote %s, and waited for %.0f %% of that', counted(unit_count, one), coalesce('and forced to the disk ' || name, 'below a function that logs'), 100 * waiting) AS because,
  printf('log lines are written in %s, of which %.0f %% is waiting', ms(1.0 * dur_ns / calls), 100 * waiting) AS ruled_out, NULL AS fix
FROM costs, basis_total, noun UNION ALL SELECT repeats, w.subject, w.stack_id, w.route, printf('A %s writes %.0f log records of level DEBUG: %.0f %% of its time.', one, each, percent),
  json_array(json_array(l.file, l.line, l.function)), unit_count, cost_ns, low_ns, mid_ns, high_ns, claims, json_insert(evidence, '$[#]', json_array('records of level DEBUG written', each, 'per ' || one)),
  json_array(json_array('blocking-call-in-event-loop', NULL), json_array('slow-disk-read', 'it is written, not read')), because, NULL,
  'log from level INFO on in production (setLevel(logging.INFO)): what is below is then not made at all; or one record of them all' FROM work_finding w JOIN work_line l ON l.work = w.work AND l.subject = w.subject JOIN debugs d ON d.file = l.file AND d.line = l.line, noun
WHERE w.work = 'debug' ORDER BY share_ns DESC;
