-- id: slow-upstream
-- group: net
-- needs: v1_event v1_handle v1_unit v1_usage v1_frame
-- excludes: no-upstream-keep-alive sequential-upstream-calls sequential-awaits
-- floor: 0.5
-- level: likely
-- saving: S1
-- fix: keep its answer for a while where it may be some seconds old, do not wait for what the response does not need, and ask those who run it
--   why it takes so long: the time is spent there, so no faster code or server of yours shortens the wait
-- doc: docs/causes/slow-upstream.md
-- order: 30
-- units: 3

-- One or two calls of one other service from one line, whose answer is waited for during half of the time. In a thread the waits are timed; on an event
-- loop each question is, to its answer, or, where these cannot be read (TLS, HTTP/2), what a request awaits is divided among its calls of services.
-- What a cure saves is not this application's to say: at most all of the waiting. An answer within 10 ms is slow by nobody's measure.
WITH counted_calls AS (
  SELECT f.app_file AS file, f.app_line AS line, f.app_function AS function, g.route, max(g.stack_id) AS stack_id, sum(g.calls) AS calls,
    1.0 * sum(g.calls) / (SELECT count(*) FROM v1_unit u WHERE u.route IS g.route AND u.finished) - coalesce((SELECT max(w.each) FROM upstream_greeting w WHERE w.route IS g.route), 0) AS each
  FROM v1_usage g JOIN v1_frame f ON f.id = g.stack_id WHERE g.kind = 'send' AND g.peer_kind IN ('http', 'unknown') AND g.units > 0 AND f.has_app GROUP BY 1, 2, g.route
), timed AS MATERIALIZED (
  SELECT f.app_file AS file, f.app_line AS line, b.id, b.weight, b.route, sum(e.dur_ns) AS ns, max(h.peer) AS peer
  FROM v1_event e JOIN basis b ON b.id = e.unit_id JOIN v1_handle h ON h.id = e.handle_id JOIN v1_frame f ON f.id = e.stack_id
  WHERE e.kind IN ('poll', 'recv') AND NOT e.nested AND NOT e.on_loop AND f.has_app
    AND (h.peer_kind = 'http' OR (h.peer_kind = 'unknown' AND h.tls)) GROUP BY 1, 2, b.id
), asked_of AS MATERIALIZED (
  SELECT f.app_file AS file, f.app_line AS line, b.id, b.weight, b.route, min(b.await_ns, sum(e.dur_ns)) AS ns, max(h.peer) AS peer, avg(e.result = 0) AS silent
  FROM v1_event e JOIN basis b ON b.id = e.unit_id LEFT JOIN v1_handle h ON h.id = e.handle_id JOIN v1_frame f ON f.id = e.stack_id WHERE e.kind = 'exchange' AND b.asynchronous AND f.has_app GROUP BY 1, 2, b.id
), waits AS (
  SELECT *, 0 AS silent FROM timed UNION ALL SELECT * FROM asked_of a WHERE NOT EXISTS (SELECT 1 FROM timed t WHERE t.file = a.file AND t.line = a.line)
  UNION ALL SELECT c.file, c.line, b.id, b.weight, b.route, b.await_ns * c.calls / (SELECT sum(x.calls) FROM counted_calls x WHERE x.route IS c.route), NULL, 0
  FROM counted_calls c JOIN basis b ON b.route IS c.route WHERE b.asynchronous AND c.each >= 0.5
    AND NOT EXISTS (SELECT 1 FROM timed t WHERE t.file = c.file AND t.line = c.line) AND NOT EXISTS (SELECT 1 FROM asked_of a WHERE a.file = c.file AND a.line = c.line)
), erring AS ( -- answers that say that it failed, as far as they can be read
  SELECT f.app_file AS file, f.app_line AS line, sum(b.weight * (e.failed AND e.result > 0)) AS failed, sum(b.weight) AS answers
  FROM v1_event e JOIN basis b ON b.id = e.unit_id JOIN v1_frame f ON f.id = e.stack_id WHERE e.kind = 'exchange' AND f.has_app GROUP BY 1, 2
), sites AS (
  SELECT w.file, w.line, max(c.function) AS function, max(c.stack_id) AS stack_id, iif(count(DISTINCT w.route) = 1, max(w.route), NULL) AS route, sum(w.weight) AS unit_count,
    sum(w.weight * w.ns) AS ns, median(w.ns) AS each_ns, percentile(w.ns, 0.95) AS worst_ns, max(c.each) AS calls, max(w.peer) AS peer, avg(w.silent) AS silent
  FROM waits w JOIN counted_calls c ON c.file = w.file AND c.line = w.line AND c.route IS w.route GROUP BY w.file, w.line
)
SELECT calls < 2.8 AND ns >= 10000000 * max(1, calls) * unit_count AS fires, printf('%s:%d', base_name(file), line) AS subject, stack_id, route,
  iif(silent >= 0.5, printf('Another service%s gives no answer, and calls end after %s: %.0f %% of a %s.', coalesce(' (' || peer || ')', ''), ms(each_ns), 100 * ns / wall_ns, one),
    printf('Another service%s takes %s to answer%s: %.0f %% of a %s.', coalesce(' (' || peer || ')', ''), ms(each_ns),
      iif(calls >= 1.5, printf(' %.*f calls, %s each', iif(calls = cast(calls AS int), 0, 1), calls, ms(each_ns / calls)), ''), 100 * ns / wall_ns, one)) AS title,
  json_array(json_array(file, line, function)) AS places, unit_count AS units, ns AS share_ns, ns / b.units AS saving_high_ns, 'whether its answer can be kept, or need not be waited for, is not seen' AS unseen,
  json_array(json_array(printf('call:%s:%d', file, line), ns), json_array(printf('await:%s:%d', file, line), ns)) AS claims,
  json_array(json_array('calls', calls, 'per ' || one), json_array('it is waited for', each_ns / 1e6, 'ms per ' || one || ', in the middle'), json_array('one of twenty takes', worst_ns / 1e6, 'ms or more'),
    json_array('answers that are an error', (SELECT 100.0 * failed / answers FROM erring x WHERE x.file = sites.file AND x.line = sites.line AND failed > 0), '%')) AS evidence,
  json_array(json_array('no-upstream-keep-alive', 'opening connections is not counted here'),
    json_array('sequential-upstream-calls', printf('%.1f calls from this line', calls)), json_array('sequential-awaits', printf('%.1f calls from this line', calls))) AS excluded,
  printf('%s waited for it', counted(unit_count, one)) AS because,
  iif(calls < 2.8, printf('an answer takes %s, in the mean: it is most of a %s only because that does little else', ms(ns / unit_count / max(1, calls)), one), printf('the line waits for %.1f answers in turn', calls)) AS ruled_out
FROM sites, basis_total b, noun WHERE ns > 0 ORDER BY ns DESC;
