-- id: sequential-upstream-calls
-- group: net
-- needs: v1_event v1_handle v1_unit v1_usage v1_frame
-- excludes: sequential-awaits slow-upstream
-- floor: 0.1
-- level: possible
-- saving: S5
-- fix: where no call needs the answer of one before it, make them at the same time: a ThreadPoolExecutor made once,
--   executor.map(call, things), one connection a thread
-- doc: docs/causes/sequential-upstream-calls.md
-- order: 15
-- units: 3

-- Three or more calls of another service from one line, in one thread of a unit: each waits for its answer before the next is
-- made. A call is one that was sent and waited for: what a line waits for without sending is a long answer.
-- Whether a call needs the answer before it is not seen, so it is possible at most. Made together they take the longest wait and all Python that
-- comes before a question, one after another as ever; what comes after an answer passes while others are waited for. Which part of the Python
-- between two calls that is, is not seen: half of it, from nothing to all.
WITH waits AS MATERIALIZED (
  SELECT e.unit_id, e.thread_id, e.stack_id, e.start_ns, e.dur_ns, b.weight, b.route, f.app_file AS file, f.app_line AS line, f.app_function AS function
  FROM v1_event e JOIN basis b ON b.id = e.unit_id JOIN v1_handle h ON h.id = e.handle_id JOIN v1_frame f ON f.id = e.stack_id
  WHERE e.kind IN ('poll', 'recv') AND NOT e.nested AND NOT e.on_loop AND f.has_app AND NOT h.is_database
    AND (h.peer_kind = 'http' OR (h.peer_kind = 'unknown' AND h.tls))
), lines AS (
  SELECT file, line, function, unit_id, weight, route, max(stack_id) AS stack_id, count(*) AS waits, sum(dur_ns) AS wait_ns, max(dur_ns) AS most_ns,
    max(start_ns + dur_ns) - min(start_ns) - sum(dur_ns) AS between_ns
  FROM waits GROUP BY file, line, unit_id, thread_id
), asked_of AS ( -- exact, short ones too; where just some requests of a route ask, it is less than theirs
  SELECT file, line, max(sends) AS sends FROM (SELECT f.app_file AS file, f.app_line AS line, 1.0 * sum(g.calls) / u.units - coalesce((SELECT max(w.each) FROM upstream_greeting w WHERE w.route IS g.route), 0) AS sends FROM v1_usage g
    JOIN v1_frame f ON f.id = g.stack_id JOIN (SELECT route, count(*) AS units FROM v1_unit WHERE finished GROUP BY route) u ON u.route IS g.route
    WHERE g.kind = 'send' AND g.peer_kind IN ('http', 'unknown') AND NOT g.on_loop AND g.units > 0 GROUP BY g.route, 1, 2) GROUP BY file, line
), sites AS (
  SELECT l.file, l.line, l.function, max(l.stack_id) AS stack_id, iif(count(DISTINCT route) = 1, max(route), NULL) AS route, sum(weight) AS unit_count,
    min(1.0 * sum(weight * waits) / sum(weight), a.sends) AS calls, sum(weight * wait_ns) AS wait_ns, median(wait_ns / waits) AS each_ns, median(most_ns) AS most_ns,
    median(between_ns) AS between_ns, sum(weight) * midmean(wait_ns - most_ns + min(most_ns, max(0, between_ns) / 2)) AS mid, sum(weight) * boot_low(wait_ns - most_ns) AS low,
    sum(weight) * boot_high(wait_ns - most_ns + max(0, between_ns)) AS high
  FROM lines l JOIN asked_of a USING (file, line) WHERE waits >= 2 GROUP BY l.file, l.line
), up(site, id, apps) AS ( -- who calls it in a loop: the nearest other frame of the application above the line
  SELECT s.stack_id, f.id, 0 FROM sites s JOIN v1_frame f ON f.id = s.stack_id
  UNION ALL SELECT u.site, p.id, u.apps + (p.kind = 'app') FROM up u JOIN v1_frame f ON f.id = u.id JOIN v1_frame p ON p.id = f.parent_id WHERE u.apps < 2
), above(stack_id, id) AS (
  SELECT DISTINCT w.stack_id, w.stack_id FROM waits w JOIN sites USING (file, line) UNION SELECT a.stack_id, f.parent_id FROM above a JOIN v1_frame f ON f.id = a.id WHERE f.parent_id > 0
), forks AS ( -- the nearest function above the line whose own lines lead there by two ways and more: columns beside are of max()'s row
  SELECT of_file, of_line, file, function, max(depth) FROM (SELECT s.file AS of_file, s.line AS of_line, f.file, f.function, max(f.depth) AS depth FROM (SELECT DISTINCT stack_id, file, line, function FROM waits) s
    JOIN above a ON a.stack_id = s.stack_id JOIN v1_frame f ON f.id = a.id WHERE f.kind = 'app' AND (f.file <> s.file OR f.function <> s.function) GROUP BY 1, 2, 3, 4 HAVING count(DISTINCT f.line) >= 2) GROUP BY 1, 2
)
SELECT calls >= 3 AS fires, printf('%s:%d', base_name(s.file), s.line) AS subject, s.stack_id, s.route,
  printf('%.*f calls of another service wait for one another in a %s%s.', iif(calls = cast(calls AS int), 0, 1), calls, one, coalesce(' to ' || nullif(s.route, ''), '')) AS title,
  (SELECT json_group_array(json_array(file, line, function)) FROM (SELECT * FROM (SELECT DISTINCT f.file, f.line, f.function FROM forks k JOIN waits w ON w.file = k.of_file AND w.line = k.of_line JOIN above a ON a.stack_id = w.stack_id
    JOIN v1_frame f ON f.id = a.id AND f.file = k.file AND f.function = k.function WHERE k.of_file = s.file AND k.of_line = s.line ORDER BY f.line LIMIT 4)
    UNION ALL SELECT s.file, s.line, s.function UNION ALL SELECT c.file, c.line, c.function FROM up JOIN v1_frame c ON c.id = up.id
    WHERE up.site = s.stack_id AND apps = 2 AND c.kind = 'app' AND NOT EXISTS (SELECT 1 FROM forks k WHERE k.of_file = s.file AND k.of_line = s.line) AND (c.file <> s.file OR c.line <> s.line))) AS places,
  unit_count AS units, wait_ns AS share_ns, 0.8 * low / units AS saving_low_ns, mid / units AS saving_mid_ns, max(mid, high) / units AS saving_high_ns,
  json_array(json_array(printf('call:%s:%d', s.file, s.line), wait_ns)) AS claims,
  json_array(json_array('calls from this line', calls, 'per ' || one || ', one after the other'), json_array('each waits', each_ns / 1e6, 'ms'),
    json_array('the longest', most_ns / 1e6, 'ms'), json_array('Python between them, all', between_ns / 1e6, 'ms')) AS evidence,
  json_array(json_array('sequential-awaits', 'the thread itself waits, outside an event loop'), json_array('slow-upstream', printf('%.1f calls, not one', calls))) AS excluded,
  printf('%s; in each, one thread waits for %.1f answers in turn', counted(unit_count, one), calls) AS because, printf('at most %.1f calls of another service from one line of a %s', calls, one) AS ruled_out
FROM sites s, basis_total, noun UNION ALL SELECT 1, printf('%s:%s', base_name(file), function), stack_id, route, title, places, unit_count, wait_ns, 0.8 * low / units, mid / units, min(1.15 * mid, wait_ns) / units, claims, evidence,
  json_array(json_array('sequential-awaits', 'the thread itself waits, outside an event loop'), json_array('slow-upstream', printf('%d calls, not one', ways))), because, NULL FROM apart_call, basis_total WHERE NOT on_loop ORDER BY saving_mid_ns DESC;
