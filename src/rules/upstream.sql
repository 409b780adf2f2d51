-- Temporary tables for rules about calls of other services, after samples.sql.

CREATE TEMP TABLE upstream_set_up AS
-- Sampled Python of libraries that make an HTTP client or a connection, by the application line that asked for it. The making of a
-- TLS context (a cause of its own) and agreeing on keys (timed) are not in it. client: it makes the client.
WITH RECURSIVE code AS MATERIALIZED (
  SELECT DISTINCT f.file, f.function, s.what FROM (SELECT DISTINCT file, function FROM v1_frame) f JOIN client_code s
    ON f.file LIKE s.file AND (f.function = s.name OR substr(f.function, -length(s.name) - 1) = '.' || s.name)
), frame AS MATERIALIZED (SELECT id, parent_id, file, function FROM v1_frame), under(id, what) AS (
  SELECT id, what FROM frame JOIN code USING (file, function) UNION SELECT f.id, u.what FROM under u JOIN frame f ON f.parent_id = u.id
)
SELECT u.id AS stack_id, max(u.what = 'client') AS client, max(u.what = 'own') AS own, max(u.what = 'ended') AS ended,
  max(u.what IN ('client', 'set-up')) AND NOT max(u.what IN ('context', 'keys')) AS is_set_up
FROM under u GROUP BY u.id;

CREATE TEMP TABLE upstream_python AS
SELECT s.app_file, s.app_line, s.app_function, s.file, s.function, max(u.client) AS client, total(s.ns) AS ns
FROM sampled s JOIN upstream_set_up u ON u.stack_id = s.stack_id WHERE u.is_set_up GROUP BY 1, 2, 3, 4, 5;

CREATE TEMP TABLE upstream_greeting AS
-- Sends of a unit of a route that are no questions: a client says two things (ClientHello, Finished) before it asks over a new TLS connection.
SELECT u.route, 2.0 * count(h.id) / count(DISTINCT u.id) AS each
FROM v1_unit u LEFT JOIN v1_handle h ON h.open_unit_id = u.id AND h.kind = 'socket' AND h.tls AND NOT h.is_database WHERE u.finished GROUP BY u.route;

CREATE TEMP TABLE upstream_caller AS
-- The line that sends to other services on a route, if it is one: whose connections an event loop opened.
SELECT route, app_file AS file, app_line AS line, app_function AS function, stack_id FROM (
  SELECT g.route, f.app_file, f.app_line, f.app_function, max(g.stack_id) AS stack_id, count(*) OVER (PARTITION BY g.route) AS lines FROM v1_usage g JOIN v1_frame f ON f.id = g.stack_id
  WHERE g.kind = 'send' AND g.peer_kind IN ('http', 'unknown') AND g.units > 0 AND f.has_app AND g.route IS NOT NULL GROUP BY 1, 2, 3) WHERE lines = 1;

CREATE TEMP TABLE upstream_connection AS
-- A row an application line that opens connections to other HTTP services: how many of them served one unit and were then thrown
-- away (opens), of so many uses of all, and what these cost. ns: opening, agreeing on keys and closing, as measured, on an event loop with its
-- turns until the first question is sent (some of which makes the question); keys_ns: the keys' part;
-- python_ns: upstream_python. theirs: the service ends them (a client that reads an answer to its end and closes then, http.client's will_close,
-- was told so). each_own: the client is made for each call, too. unsure: an event loop closes them, which it does by itself whoever
-- ended the connection, and no client was seen being made. tls: so many of them agreed on keys.
WITH unanswered AS MATERIALIZED (SELECT DISTINCT handle_id FROM v1_event WHERE handle_id IS NOT NULL AND ((kind = 'exchange' AND result = 0) OR (kind = 'connect' AND failed)) -- no client keeps these
), keys AS (SELECT handle_id, sum(dur_ns) AS ns FROM v1_event WHERE kind = 'tls_handshake' GROUP BY handle_id
), connecting AS MATERIALIZED (SELECT handle_id, max(dur_ns) AS ns FROM v1_event WHERE kind = 'connect' AND nested AND NOT failed AND handle_id IS NOT NULL GROUP BY 1
), asking AS MATERIALIZED (SELECT handle_id, min(start_ns) AS at_ns FROM v1_event WHERE kind = 'exchange' AND handle_id IS NOT NULL GROUP BY 1
), handles AS MATERIALIZED (
  SELECT h.id, h.process_id, h.kind, h.peer_kind, h.peer, h.tls, h.opened_ns, max(coalesce(h.open_dur_ns, 0), coalesce(o.ns, 0)) AS open_dur_ns, a.at_ns - h.opened_ns AS asked_ns, h.open_unit_id, h.closed_ns, h.close_dur_ns, h.close_stack_id, h.close_unit_id, h.uses,
    iif(h.has_app, h.file, c.file) AS file, iif(h.has_app, h.line, c.line) AS line, iif(h.has_app, h.function, c.function) AS function, h.has_app OR c.file IS NOT NULL AS has_app,
    iif(h.has_app, h.open_stack_id, c.stack_id) AS open_stack_id, max(coalesce(h.tls_ns, 0), coalesce(k.ns, 0)) AS keys_ns, min(coalesce(h.closed_ns, u.end_ns)) OVER (PARTITION BY h.process_id, h.peer ORDER BY h.opened_ns, h.id
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS free_ns
  FROM v1_handle h LEFT JOIN v1_unit u ON u.id = h.open_unit_id LEFT JOIN keys k ON k.handle_id = h.id LEFT JOIN connecting o ON o.handle_id = h.id LEFT JOIN asking a ON a.handle_id = h.id LEFT JOIN upstream_caller c ON c.route = u.route
  WHERE h.kind = 'socket' AND (h.peer_kind = 'http' OR (h.peer_kind = 'unknown' AND h.tls)) AND h.opened_ns IS NOT NULL
), judged AS (
  SELECT *, uses <= 1 AND open_unit_id IS NOT NULL AND (close_unit_id IS open_unit_id OR free_ns < opened_ns) AND id NOT IN (SELECT handle_id FROM unanswered) AS discarded,
    close_stack_id IN (SELECT id FROM v1_frame WHERE file LIKE '%/asyncio/%') AS by_loop, close_stack_id IN (SELECT stack_id FROM upstream_set_up WHERE ended) AS ended, open_stack_id IN (SELECT stack_id FROM upstream_set_up WHERE own) AS own FROM handles
), sites AS (
  SELECT file, line, function, sum(discarded) AS opens, sum(max(uses, 1)) AS uses, total(discarded AND ended) AS ended, total(own) AS own, max(open_stack_id) AS stack_id, total(discarded AND by_loop) AS by_loop,
    total(discarded AND (tls OR keys_ns > 0)) AS tls, iif(count(DISTINCT peer) = 1, max(peer), count(DISTINCT peer) || ' services') AS peer FROM judged WHERE has_app GROUP BY 1, 2, 3
), per_unit AS (
  SELECT j.file, j.line, b.id, b.weight, b.route, count(*) AS opens, sum(j.open_dur_ns + coalesce(j.close_dur_ns, 0) + j.keys_ns) AS least_ns, sum(j.keys_ns) AS keys_ns,
    sum(iif(b.asynchronous, max(j.open_dur_ns + j.keys_ns, coalesce(j.asked_ns, 0)), j.open_dur_ns + j.keys_ns) + coalesce(j.close_dur_ns, 0)) AS ns
  FROM judged j JOIN basis b ON b.id = j.open_unit_id WHERE j.discarded GROUP BY 1, 2, 3
), costs AS (
  SELECT s.*, sum(p.weight) AS unit_count, sum(p.weight * p.opens) AS made, sum(p.weight) * midmean(p.ns) AS ns, sum(p.weight) * boot_low(max(p.least_ns, 0.7 * p.ns)) AS low,
    sum(p.weight) * midmean(p.keys_ns) AS keys_ns, iif(count(DISTINCT coalesce(p.route, '')) = 1, max(p.route), NULL) AS route,
    coalesce((SELECT total(y.ns) * t.scale FROM upstream_python y WHERE y.app_file = s.file AND y.app_line = s.line), 0) AS python_ns,
    (SELECT json_group_array(json_array(printf('python:%s:%s', y.file, y.function), t.scale * y.ns)) FROM upstream_python y WHERE y.app_file = s.file AND y.app_line = s.line) AS python_claims,
    s.ended >= 0.5 * s.opens AS theirs, own > 0 OR EXISTS (SELECT 1 FROM upstream_python y WHERE y.app_file = s.file AND y.app_function = s.function AND y.client) AS each_own
  FROM sites s JOIN per_unit p USING (file, line), sampled_total t GROUP BY s.file, s.line
)
SELECT *, by_loop >= 0.5 * opens AND NOT each_own AS unsure FROM costs;

CREATE TEMP TABLE apart_stack AS
-- Three or more lines of one function, each of which calls another service in nine of ten requests of a route, in the request's own
-- task or thread, and none needs what another gave (apart.h): a row a stack that sends. line: of that function; app_line: of the innermost
-- one of the application. The function is the one with most such lines, of several the innermost.
WITH RECURSIVE sends AS MATERIALIZED (
  SELECT g.route, g.stack_id, max(g.on_loop) AS on_loop, sum(g.calls) AS calls FROM v1_usage g JOIN v1_frame f ON f.id = g.stack_id
  WHERE g.kind = 'send' AND g.peer_kind IN ('http', 'unknown') AND g.units > 0 AND f.has_app AND g.route IS NOT NULL GROUP BY 1, 2
), above(stack_id, id) AS (
  SELECT DISTINCT stack_id, stack_id FROM sends UNION SELECT a.stack_id, f.parent_id FROM above a JOIN v1_frame f ON f.id = a.id JOIN sends s ON s.stack_id = a.stack_id WHERE f.parent_id > 0
    AND NOT (s.on_loop AND (f.file LIKE '%/asyncio/events.py' OR f.file LIKE '%/asyncio/runners.py' OR f.file LIKE '%/aiohttp/web.py'))
), apps AS MATERIALIZED (
  SELECT a.stack_id, f.file, f.function, f.line, f.depth, f.parent_id FROM above a JOIN v1_frame f ON f.id = a.id WHERE f.kind = 'app'
), outermost AS (SELECT stack_id, parent_id, min(depth) FROM apps GROUP BY stack_id
), own AS (
  SELECT s.* FROM sends s JOIN outermost o ON o.stack_id = s.stack_id JOIN v1_frame p ON p.id = o.parent_id
  WHERE p.file NOT LIKE '%/asyncio/%' AND p.file NOT LIKE '%/concurrent/futures/%' AND p.file NOT LIKE '%/threading.py' AND NOT (s.on_loop AND (p.file LIKE '%/anyio/_backends/%' OR p.file LIKE '%/aiohttp/web.py'))
), finished AS (SELECT route, count(*) AS units FROM v1_unit WHERE finished GROUP BY route
), ways AS (
  SELECT o.route, a.file, a.function, a.line, max(a.depth) AS depth, sum(o.calls) AS calls FROM own o JOIN (SELECT DISTINCT stack_id, file, function, line, depth FROM apps) a ON a.stack_id = o.stack_id GROUP BY 1, 2, 3, 4
), lines AS (SELECT w.*, 1.0 * w.calls / u.units AS each FROM ways w JOIN finished u ON u.route = w.route WHERE w.calls >= 0.9 * u.units ORDER BY w.line
), functions AS (
  SELECT route, file, function, count(*) AS ways, group_concat(line) AS lines, min(line) AS first_line, max(depth) AS depth FROM lines GROUP BY 1, 2, 3 HAVING count(*) >= 3 AND max(each) < 2.8
), chosen AS (
  SELECT *, row_number() OVER (PARTITION BY route ORDER BY ways DESC, depth DESC) AS nth FROM functions
)
SELECT DISTINCT c.route, c.file, c.function, c.ways, c.lines, c.first_line, a.line, o.stack_id, o.calls, o.on_loop, f.app_file, f.app_line
FROM chosen c JOIN own o ON o.route = c.route JOIN apps a ON a.stack_id = o.stack_id AND a.file = c.file AND a.function = c.function JOIN v1_frame f ON f.id = o.stack_id
WHERE c.nth = 1 AND apart_source(c.file, c.lines, (SELECT value FROM v1_meta WHERE key = 'started_realtime_ns'));

CREATE TEMP TABLE apart_call AS
-- What these wait for, a row a route and function: in threads as measured, together as long as the longest; what tasks await is shared out by
-- calls, as if each took as long.
WITH total AS (SELECT route, sum(calls) AS calls, max(on_loop) AS on_loop FROM apart_stack GROUP BY route
), asked AS (
  SELECT t.route, min(1, t.calls / total(g.calls)) AS part FROM total t JOIN v1_usage g ON g.route = t.route WHERE t.on_loop AND g.kind = 'send' AND g.peer_kind IN ('http', 'unknown') AND g.units > 0 GROUP BY t.route
), per_unit AS (
  SELECT b.route, b.id, b.weight, b.await_ns * a.part AS wait_ns, NULL AS most_ns FROM basis b JOIN asked a ON a.route = b.route
  UNION ALL SELECT b.route, b.id, b.weight, sum(e.dur_ns), max(e.dur_ns) FROM basis b JOIN total t ON t.route = b.route JOIN v1_event e ON e.unit_id = b.id JOIN v1_handle h ON h.id = e.handle_id
  JOIN v1_frame f ON f.id = e.stack_id JOIN (SELECT DISTINCT route, app_file, app_line FROM apart_stack) s ON s.route = b.route AND s.app_file = f.app_file AND s.app_line = f.app_line
  WHERE NOT t.on_loop AND e.kind IN ('poll', 'recv') AND NOT e.nested AND NOT e.on_loop AND (h.peer_kind = 'http' OR (h.peer_kind = 'unknown' AND h.tls)) GROUP BY b.id
), costs AS (
  SELECT route, sum(weight) AS unit_count, sum(weight * wait_ns) AS wait_ns, sum(weight) * midmean(coalesce(wait_ns - most_ns, wait_ns * (1 - 1.0 / w.ways))) AS mid, sum(weight) * boot_low(coalesce(wait_ns - most_ns, wait_ns * (1 - 1.0 / w.ways))) AS low
  FROM per_unit JOIN (SELECT DISTINCT route, ways FROM apart_stack) w USING (route) GROUP BY route
)
SELECT c.*, s.file, s.function, s.first_line AS line, s.ways, max(s.stack_id) AS stack_id, s.on_loop,
  printf('%d lines of %s() each call another service, one after the other, and none needs what another gave.', s.ways, s.function) AS title,
  (SELECT json_group_array(json_array(file, line, function)) FROM (SELECT DISTINCT file, line, function FROM apart_stack p WHERE p.route = c.route ORDER BY line LIMIT 5)) AS places,
  (SELECT json_group_array(json_array(printf('%s:%s:%d', iif(p.on_loop, 'await', 'call'), p.app_file, p.app_line), c.wait_ns * p.part)) FROM (
    SELECT a.app_file, a.app_line, t.on_loop, 1.0 * sum(a.calls) / t.calls AS part FROM apart_stack a JOIN total t ON t.route = a.route WHERE a.route = c.route GROUP BY 1, 2) p) AS claims,
  (SELECT json_array(json_array('lines that call', s.ways, 'in ' || s.function || '()'), json_array('they wait', c.wait_ns / c.unit_count / 1e6, 'ms per ' || one)) FROM noun) AS evidence,
  printf('%.0f requests; lines %s each wait for an answer, and no later one uses what an earlier one gave', c.unit_count, s.lines) AS because
FROM costs c JOIN apart_stack s ON s.route = c.route GROUP BY c.route;
