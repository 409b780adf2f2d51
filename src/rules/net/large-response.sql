-- id: large-response
-- group: net
-- needs: v1_usage v1_unit v1_frame
-- excludes: slow-client-holds-worker
-- floor: 0.05
-- level: likely
-- saving: S1
-- fix: send what is shown: a page of rows (LIMIT, a cursor), fewer fields; let the server in front compress it; a file belongs to sendfile or to
--   a store that serves it
-- doc: docs/causes/large-response.md
-- order: 20
-- units: 3

-- Routes whose middle response is 128 KiB or more: after the first 14 KiB (ten segments, RFC 6928) it takes three more round trips and more than
-- one turn of the send buffer. The cost is sending, in the thread that serves, and what the function that works most for the route takes in its
-- own frame, if that is some passes over the bytes of the response in C (5 ns a byte or less; a step of Python takes ten and more): it joins or encodes them.
WITH routes AS (
  SELECT route, sum(weight) AS unit_count, median(bytes_out) AS bytes, max(bytes_out) AS most FROM basis GROUP BY route
), sending AS ( -- of all units of the route: first ones are in these sums, too
  SELECT g.route, 1.0 * sum(g.dur_ns) / (SELECT count(*) FROM v1_unit u WHERE u.route IS g.route AND u.finished) AS each_ns, 1.0 * sum(g.blocked_ns) / max(1, sum(g.dur_ns)) AS waiting, max(g.max_ns) AS max_ns
  FROM v1_usage g WHERE g.kind IN ('send', 'poll') AND g.peer_kind = 'client' AND NOT g.nested AND g.units > 0 GROUP BY g.route
), places AS (
  SELECT route, app_file AS file, app_line AS line, app_function AS function, stack_id, max(ns) AS ns FROM (SELECT route, app_file, app_line, app_function, max(stack_id) AS stack_id, total(ns) AS ns
    FROM sampled WHERE has_app GROUP BY 1, 2, 3) GROUP BY route
), own AS (
  SELECT route, file, function, total(ns) * (SELECT scale FROM sampled_total) AS ns FROM sampled WHERE kind = 'app' GROUP BY 1, 2, 3
), judged AS (
  SELECT r.*, s.each_ns AS send_ns, s.waiting, s.max_ns, p.file, p.line, p.function, p.stack_id, iif(o.ns <= 5.0 * r.bytes * r.unit_count, o.ns / r.unit_count, 0) AS make_ns,
    s.each_ns + coalesce(iif(o.ns <= 5.0 * r.bytes * r.unit_count, o.ns / r.unit_count, 0), 0) AS each_ns
  FROM routes r JOIN sending s ON s.route IS r.route LEFT JOIN places p ON p.route IS r.route LEFT JOIN own o ON o.route IS p.route AND o.file = p.file AND o.function = p.function
)
SELECT bytes >= 131072 AS fires, coalesce(nullif(j.route, ''), 'all') AS subject, stack_id, nullif(j.route, '') AS route,
  printf('A response%s has %.0f KiB; %s it takes %s.', coalesce(' to ' || nullif(j.route, ''), ''), bytes / 1024, iif(make_ns > 0, 'making and sending', 'sending'), ms(each_ns)) AS title,
  iif(file IS NULL, '[]', json_array(json_array(file, line, function))) AS places, unit_count AS units, each_ns * unit_count AS share_ns, 1 AS at_least,
  0.4 * each_ns * unit_count / units AS saving_low_ns, 0.8 * each_ns * unit_count / units AS saving_mid_ns, each_ns * unit_count / units AS saving_high_ns,
  json_array(json_array(printf('sending:%s', coalesce(j.route, '')), send_ns * unit_count), json_array(printf('python:%s:%s', file, function), coalesce(make_ns, 0) * unit_count)) AS claims,
  json_array(json_array('a response, in the middle', bytes / 1024, 'KiB'), json_array('the largest', most / 1024, 'KiB'), json_array('sending', send_ns / 1e6, 'ms per ' || one),
    json_array(printf('%s() passes over its bytes', function), nullif(make_ns, 0) / 1e6, 'ms per ' || one),
    json_array('of it the client is waited for', 100 * waiting, '%')) AS evidence,
  json_array(json_array('slow-client-holds-worker', iif(send_ns > 0, printf('it went out at %.0f MiB a second', bytes / 1048576 / (send_ns / 1e9)), NULL))) AS excluded,
  printf('%s sent %.0f KiB each, in the middle', counted(unit_count, one), bytes / 1024) AS because,
  printf(iif(bytes < 1024, 'a response has %.0f bytes in the middle', 'a response has %.1f KiB in the middle'), bytes / iif(bytes < 1024, 1, 1024)) AS ruled_out
FROM judged j, basis_total, noun WHERE send_ns > 0 ORDER BY each_ns * unit_count DESC LIMIT 5;
