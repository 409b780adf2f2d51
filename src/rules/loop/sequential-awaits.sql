-- id: sequential-awaits
-- group: loop
-- needs: v1_usage v1_unit v1_frame
-- excludes: sequential-upstream-calls slow-upstream
-- floor: 0.1
-- level: possible
-- saving: S5
-- fix: where no call needs the answer of one before it, await them together: await asyncio.gather(*(call(x) for x in things))
--   (asyncio.TaskGroup from 3.11 on)
-- doc: docs/causes/sequential-awaits.md
-- order: 15
-- units: 3

-- A task waits for one thing at a time. So calls of another service that one line makes in the request's own task are made in
-- turn: above the application's frames stand the framework's. In a task of its own (gather, create_task) nothing but the loop
-- does. Answers are counted, too: a question sent in two parts is one. Whether a call needs the answer before it is not seen.
WITH RECURSIVE sends AS MATERIALIZED (
  SELECT g.slot, g.route, g.stack_id, g.units, g.calls, f.app_file AS file, f.app_line AS line, f.app_function AS function
  FROM v1_usage g JOIN v1_frame f ON f.id = g.stack_id WHERE g.kind = 'send' AND g.peer_kind IN ('http', 'unknown') AND g.units > 0 AND f.has_app
    AND EXISTS (SELECT 1 FROM basis b WHERE b.route IS g.route AND b.asynchronous)
), above(stack_id, id) AS (
  SELECT DISTINCT stack_id, stack_id FROM sends UNION SELECT a.stack_id, f.parent_id FROM above a JOIN v1_frame f ON f.id = a.id WHERE f.parent_id > 0
), outermost AS ( -- parent_id is of min()'s row
  SELECT a.stack_id, f.parent_id, min(f.depth) FROM above a JOIN v1_frame f ON f.id = a.id WHERE f.kind = 'app' GROUP BY a.stack_id
), callers AS ( -- the frame of the application next to the line's own
  SELECT a.stack_id, f.file, f.line, f.function, max(f.depth) FROM above a JOIN v1_frame f ON f.id = a.id JOIN sends s ON s.stack_id = a.stack_id
  WHERE f.kind = 'app' AND (f.file <> s.file OR f.function <> s.function) GROUP BY a.stack_id
), own AS (
  SELECT s.* FROM sends s JOIN outermost o ON o.stack_id = s.stack_id JOIN v1_frame p ON p.id = o.parent_id
  WHERE p.file NOT LIKE '%/asyncio/%' AND p.file NOT LIKE '%/anyio/_backends/%' AND p.file NOT LIKE '%/concurrent/futures/%' AND p.file NOT LIKE '%/threading.py'
), finished AS (SELECT route, count(*) AS units FROM v1_unit WHERE finished GROUP BY route
), answers AS (
  SELECT g.route, 1.0 * sum(g.calls) / max(u.units) AS each FROM v1_usage g JOIN finished u ON u.route IS g.route
  WHERE g.kind = 'recv' AND g.peer_kind IN ('http', 'unknown') AND g.units > 0 GROUP BY g.route
), lines AS (
  SELECT file, line, function, o.route, max(stack_id) AS stack_id, 1.0 * sum(calls) / max(u.units) AS calls, sum(calls) AS all_calls
  FROM own o JOIN finished u ON u.route IS o.route GROUP BY file, line, o.route
), judged AS (
  SELECT l.*, min(l.calls, a.each) AS calls_each, 1.0 * l.all_calls / (SELECT sum(calls) FROM sends s WHERE s.route IS l.route) AS part
  FROM lines l JOIN answers a ON a.route IS l.route WHERE l.calls >= 2
), sites AS (
  SELECT j.file, j.line, j.function, max(j.stack_id) AS stack_id, iif(count(DISTINCT j.route) = 1, max(j.route), NULL) AS route, sum(b.weight) AS unit_count,
    sum(b.weight * j.calls_each) / sum(b.weight) AS calls, sum(b.weight * b.await_ns * j.part) AS await_ns, min(j.part) AS part,
    sum(b.weight) * midmean(b.await_ns * j.part * (1 - 1 / j.calls_each)) AS mid, sum(b.weight) * boot_low(b.await_ns * j.part * (1 - 1 / j.calls_each)) AS low
  FROM judged j JOIN basis b ON b.route IS j.route GROUP BY j.file, j.line
)
SELECT calls >= 2.8 AS fires, printf('%s:%d', base_name(s.file), s.line) AS subject, s.stack_id, s.route,
  printf('%.0f calls of another service are awaited one after the other in a %s%s.', calls, one, coalesce(' to ' || nullif(s.route, ''), '')) AS title,
  (SELECT json_group_array(json_array(file, line, function)) FROM (SELECT s.file, s.line, s.function UNION ALL
    SELECT c.file, c.line, c.function FROM callers c WHERE c.stack_id = s.stack_id)) AS places,
  unit_count AS units, await_ns AS share_ns, 0.6 * low / units AS saving_low_ns, mid / units AS saving_mid_ns, min(1.15 * mid, await_ns) / units AS saving_high_ns,
  json_array(json_array(printf('await:%s:%d', s.file, s.line), await_ns)) AS claims,
  json_array(json_array('calls from this line in the ' || one || '''s own task', calls, 'per ' || one), json_array('awaiting', await_ns / unit_count / 1e6, 'ms per ' || one),
    json_array('of the calls of such ' || one || 's', 100 * part, '%')) AS evidence,
  json_array(json_array('sequential-upstream-calls', 'the calls are made on an event loop, the thread does not wait'),
    json_array('slow-upstream', printf('%.1f calls, not one', calls))) AS excluded,
  printf('%s; in each, one task makes %.1f calls from this line, and a task waits for one at a time', counted(unit_count, one), calls) AS because,
  printf('at most %.1f calls of another service from one line in a %s''s own task', calls, one) AS ruled_out
FROM sites s, basis_total, noun ORDER BY mid DESC;
