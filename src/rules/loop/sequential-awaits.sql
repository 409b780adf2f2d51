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
-- does; what started the loop (an application that runs its own server) is above that and not looked at. Answers are counted, too: a question sent in two parts is one. uvloop reads them outside of any request: there the parts
-- are told apart by the code that sends them. Whether a call needs the answer before it is not seen; of lines that call one by one it is read (upstream.sql).
WITH RECURSIVE sends AS MATERIALIZED (
  SELECT g.slot, g.route, g.stack_id, g.units, g.calls, f.app_file AS file, f.app_line AS line, f.app_function AS function
  FROM v1_usage g JOIN v1_frame f ON f.id = g.stack_id WHERE g.kind = 'send' AND g.peer_kind IN ('http', 'unknown') AND g.units > 0 AND f.has_app AND EXISTS (SELECT 1 FROM basis b WHERE b.route IS g.route AND b.asynchronous)
), above(stack_id, id) AS (
  SELECT DISTINCT stack_id, stack_id FROM sends UNION SELECT a.stack_id, f.parent_id FROM above a JOIN v1_frame f ON f.id = a.id WHERE f.parent_id > 0 AND f.file NOT LIKE '%/asyncio/events.py' AND f.file NOT LIKE '%/asyncio/runners.py' AND f.file NOT LIKE '%/aiohttp/web.py'
), outermost AS ( -- parent_id is of min()'s row
  SELECT a.stack_id, f.parent_id, min(f.depth) FROM above a JOIN v1_frame f ON f.id = a.id WHERE f.kind = 'app' GROUP BY a.stack_id
), callers AS ( -- the frame of the application next to the line's own
  SELECT a.stack_id, s.file AS of_file, s.line AS of_line, f.file, f.line, f.function, max(f.depth) FROM above a JOIN v1_frame f ON f.id = a.id JOIN sends s ON s.stack_id = a.stack_id WHERE f.kind = 'app' AND (f.file <> s.file OR f.function <> s.function) GROUP BY a.stack_id
), forks AS ( -- the nearest function above it whose own lines lead there by two ways and more: depth of max()'s row
  SELECT of_file, of_line, file, function, max(depth) AS depth FROM (SELECT s.file AS of_file, s.line AS of_line, f.file, f.function, max(f.depth) AS depth FROM (SELECT DISTINCT stack_id, file, line, function FROM sends) s JOIN above a ON a.stack_id = s.stack_id JOIN v1_frame f ON f.id = a.id WHERE f.kind = 'app' AND (f.file <> s.file OR f.function <> s.function) GROUP BY 1, 2, 3, 4 HAVING count(DISTINCT f.line) >= 2) GROUP BY 1, 2
), own AS ( SELECT s.* FROM sends s JOIN outermost o ON o.stack_id = s.stack_id JOIN v1_frame p ON p.id = o.parent_id
  WHERE p.file NOT LIKE '%/asyncio/%' AND p.file NOT LIKE '%/aiohttp/web.py' AND p.file NOT LIKE '%/anyio/_backends/%' AND p.file NOT LIKE '%/concurrent/futures/%' AND p.file NOT LIKE '%/threading.py'
), finished AS (SELECT route, count(*) AS units FROM v1_unit WHERE finished GROUP BY route
), answers AS (
  SELECT g.route, 1.0 * sum(g.calls) / max(u.units) AS each FROM v1_usage g JOIN finished u ON u.route IS g.route WHERE g.kind = 'recv' AND g.peer_kind IN ('http', 'unknown') AND g.units > 0 GROUP BY g.route
), code AS ( -- of the application, and the five innermost frames of the library that sends
  SELECT a.stack_id, max(iif(f.kind = 'app', f.id, 0)) AS app_id, group_concat(iif(f.depth > s.depth - 5, f.file || f.line, NULL)) AS sender
  FROM (SELECT * FROM above ORDER BY id) a JOIN v1_frame f ON f.id = a.id JOIN v1_frame s ON s.id = a.stack_id GROUP BY a.stack_id
), parts AS (
  SELECT o.file, o.line, o.function, o.route, c.app_id, c.sender, max(o.stack_id) AS stack_id, sum(o.calls) AS calls FROM own o JOIN code c ON c.stack_id = o.stack_id GROUP BY o.route, c.app_id, c.sender
), lines AS (
  SELECT file, line, function, p.route, max(stack_id) AS stack_id, 1.0 * sum(calls) / max(u.units) - coalesce((SELECT max(w.each) FROM upstream_greeting w WHERE w.route IS p.route), 0) AS calls, 1.0 * sum(most) / max(u.units) AS least, sum(calls) AS all_calls
  FROM (SELECT file, line, function, route, max(stack_id) AS stack_id, sum(calls) AS calls, max(calls) AS most FROM parts GROUP BY route, app_id) p JOIN finished u ON u.route IS p.route GROUP BY file, line, p.route
), judged AS (
  SELECT l.*, min(l.calls, coalesce(a.each, l.least)) AS calls_each, 1.0 * l.all_calls / (SELECT sum(calls) FROM sends s WHERE s.route IS l.route) AS part FROM lines l LEFT JOIN answers a ON a.route IS l.route WHERE l.calls >= 2
), sites AS (
  SELECT j.file, j.line, j.function, max(j.stack_id) AS stack_id, iif(count(DISTINCT j.route) = 1, max(j.route), NULL) AS route, sum(b.weight) AS unit_count,
    sum(b.weight * j.calls_each) / sum(b.weight) AS calls, sum(b.weight * b.await_ns * j.part) AS await_ns, min(j.part) AS part,
    sum(b.weight) * midmean(b.await_ns * j.part * (1 - 1 / j.calls_each)) AS mid, sum(b.weight) * boot_low(b.await_ns * j.part * (1 - 1 / j.calls_each)) AS low
  FROM judged j JOIN basis b ON b.route IS j.route GROUP BY j.file, j.line
)
SELECT calls >= 2.8 AS fires, printf('%s:%d', base_name(s.file), s.line) AS subject, s.stack_id, s.route,
  printf('%.0f calls of another service are awaited one after the other in a %s%s.', calls, one, coalesce(' to ' || nullif(s.route, ''), '')) AS title,
  (SELECT json_group_array(json_array(file, line, function)) FROM ( -- lines of one caller that await the same helper: they are what to change
    SELECT * FROM (SELECT DISTINCT f.file, f.line, f.function FROM forks k JOIN sends x ON x.file = k.of_file AND x.line = k.of_line JOIN above a ON a.stack_id = x.stack_id JOIN v1_frame f ON f.id = a.id AND f.file = k.file AND f.function = k.function
      WHERE k.of_file = s.file AND k.of_line = s.line ORDER BY f.line LIMIT 4) UNION ALL SELECT s.file, s.line, s.function UNION ALL SELECT c.file, c.line, c.function FROM callers c WHERE c.stack_id = s.stack_id AND NOT EXISTS (SELECT 1 FROM forks k WHERE k.of_file = s.file AND k.of_line = s.line))) AS places,
  unit_count AS units, await_ns AS share_ns, 0.6 * low / units AS saving_low_ns, mid / units AS saving_mid_ns, min(1.15 * mid, await_ns) / units AS saving_high_ns, json_array(json_array(printf('await:%s:%d', s.file, s.line), await_ns)) AS claims,
  json_array(json_array('calls from this line in the ' || one || '''s own task', calls, 'per ' || one), json_array('awaiting', await_ns / unit_count / 1e6, 'ms per ' || one), json_array('of the calls of such ' || one || 's', 100 * part, '%')) AS evidence,
  json_array(json_array('sequential-upstream-calls', 'the calls are made on an event loop, the thread does not wait'), json_array('slow-upstream', printf('%.1f calls, not one', calls))) AS excluded,
  printf('%s; in each, one task makes %.1f calls from this line, and a task waits for one at a time', counted(unit_count, one), calls) AS because, printf('at most %.1f calls of another service from one line in a %s''s own task', calls, one) AS ruled_out
FROM sites s, basis_total, noun UNION ALL SELECT 1, printf('%s:%s', base_name(file), function), stack_id, route, title, places, unit_count, wait_ns, 0.6 * low / units, mid / units, min(1.15 * mid, wait_ns) / units, claims, evidence,
  json_array(json_array('sequential-upstream-calls', 'the calls are made on an event loop, the thread does not wait'), json_array('slow-upstream', printf('%d calls, not one', ways))), because, NULL FROM apart_call, basis_total WHERE on_loop ORDER BY saving_mid_ns DESC;
