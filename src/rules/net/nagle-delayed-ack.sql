-- id: nagle-delayed-ack
-- group: net
-- needs: v1_event v1_handle v1_unit v1_frame v1_statement v1_command
-- excludes: slow-upstream
-- floor: 0.05
-- level: proven
-- saving: S1
-- fix: send what belongs together in one call (join the parts, or sendmsg), or switch the delay off where the connection is made:
--   sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
-- doc: docs/causes/nagle-delayed-ack.md
-- order: 11
-- units: 3

-- Bytes that the kernel held back, for 30 ms and more, until the other side acknowledged what was sent before them: two small sends in a row on a
-- connection without TCP_NODELAY. Held bytes are seen at the send, and for how long when the connection is used next (src/agent/held.h). What
-- a unit loses is the part of that time in which it waits: for this connection or for none in particular, or in a statement of it; on a loop, at most what it
-- awaits. Nobody waits for a note that is sent while the unit computes. Of a response, its client waits after the unit's end.
WITH bytes_held AS MATERIALIZED (
  SELECT e.handle_id, e.stack_id, e.start_ns, e.start_ns + e.dur_ns AS end_ns, e.dur_ns, e.bytes, h.peer, h.peer_kind = 'client' AS to_client, b.id, b.weight, b.route, f.has_app,
    f.app_file AS file, f.app_line AS line, f.app_function AS function
  FROM v1_event e JOIN v1_handle h ON h.id = e.handle_id LEFT JOIN basis b ON b.id = e.unit_id LEFT JOIN v1_frame f ON f.id = e.stack_id
  WHERE e.kind = 'held' AND e.dur_ns >= 30000000 AND (b.id IS NOT NULL OR h.peer_kind = 'client')
), held AS MATERIALIZED (
  SELECT * FROM (SELECT h.*, CASE WHEN to_client THEN dur_ns ELSE min(dur_ns, max(iif(b.asynchronous, coalesce(b.await_ns + b.db_await_ns, 0), 0),
    (SELECT total(min(h.end_ns, e.start_ns + e.dur_ns) - max(h.start_ns, e.start_ns)) FROM v1_event e WHERE e.unit_id = h.id AND coalesce(e.handle_id, h.handle_id) = h.handle_id AND e.kind IN ('recv', 'poll') AND NOT e.nested AND e.start_ns < h.end_ns AND e.start_ns + e.dur_ns > h.start_ns),
    (SELECT total(min(h.end_ns, s.end_ns) - max(h.start_ns, s.start_ns)) FROM (SELECT unit_id, handle_id, start_ns, end_ns FROM v1_statement UNION ALL SELECT unit_id, handle_id, start_ns, end_ns FROM v1_command) s WHERE s.unit_id = h.id AND s.handle_id = h.handle_id AND s.start_ns < h.end_ns AND s.end_ns > h.start_ns))) END AS wait_ns
  FROM bytes_held h LEFT JOIN basis b ON b.id = h.id) WHERE wait_ns >= 0.1 * dur_ns
), waited AS ( -- lines that waited meanwhile, and statements under way: the same time
  SELECT h.file, h.line, 'call' AS key, f.app_file AS at_file, f.app_line AS at_line, total(h.weight * (min(h.end_ns, e.start_ns + e.dur_ns) - max(h.start_ns, e.start_ns))) AS ns
  FROM held h JOIN v1_event e ON e.handle_id = h.handle_id AND e.kind IN ('recv', 'poll') AND e.start_ns < h.end_ns AND e.start_ns + e.dur_ns > h.start_ns JOIN v1_frame f ON f.id = e.stack_id
  WHERE NOT h.to_client GROUP BY 1, 2, 4, 5
  UNION ALL SELECT h.file, h.line, 'statement', s.file, s.line, total(h.weight * h.dur_ns) FROM held h JOIN (SELECT handle_id, start_ns, end_ns, file, line FROM v1_statement
    UNION ALL SELECT handle_id, start_ns, end_ns, file, line FROM v1_command) s ON s.handle_id = h.handle_id AND s.start_ns < h.end_ns AND s.end_ns > h.start_ns WHERE NOT h.to_client AND s.file IS NOT NULL GROUP BY 1, 2, 4, 5
), by_unit AS (
  SELECT h.file, h.line, h.id, h.weight, h.route, min(sum(h.wait_ns), max(0, b.wall_ns - b.cpu_ns)) AS ns FROM held h JOIN basis b ON b.id = h.id WHERE NOT to_client GROUP BY h.file, h.line, h.id
), own AS ( -- sends of units
  SELECT u.file, u.line, max(h.function) AS function, max(h.stack_id) AS stack_id, max(h.has_app) AS has_app, iif(count(DISTINCT coalesce(u.route, '')) = 1, max(u.route), NULL) AS route, max(h.peer) AS peer, u.unit_count, u.ns, u.low, u.high,
    count(*) AS times, median(h.wait_ns) AS each_ns, median(h.bytes) AS bytes
  FROM (SELECT file, line, route, sum(weight) AS unit_count, sum(weight * ns) AS ns, sum(weight) * boot_low(ns) AS low, sum(weight) * boot_high(ns) AS high FROM by_unit GROUP BY file, line) u
  JOIN held h ON h.file IS u.file AND h.line IS u.line AND NOT h.to_client GROUP BY u.file, u.line
), responses AS ( -- one row, of all: the server sends them
  SELECT count(*) AS times, total(dur_ns) AS ns, median(dur_ns) AS each_ns, median(bytes) AS bytes, max(stack_id) AS stack_id, (SELECT total(weight) FROM basis) AS unit_count FROM held WHERE to_client HAVING count(*) > 0
)
SELECT 1 AS fires, printf('%s:%d', base_name(file), line) AS subject, stack_id, NULL AS peer_kind, route,
  printf('A second small send to %s waits %s until the other side acknowledges the first.', coalesce(peer, 'another service'), ms(each_ns)) AS title,
  iif(has_app, json_array(json_array(file, line, function)), '[]') AS places, unit_count AS units, ns AS share_ns, 0.88 * low / b.units AS saving_low_ns, 0.97 * ns / b.units AS saving_mid_ns, high / b.units AS saving_high_ns,
  (SELECT json_group_array(json_array(printf('%s:%s:%d', key, at_file, at_line), ns)) FROM (SELECT key, at_file, at_line, ns FROM waited w WHERE w.file IS o.file AND w.line IS o.line
    UNION ALL SELECT column1, o.file, o.line, o.ns FROM (VALUES ('call'), ('await')))) AS claims,
  json_array(json_array('sends that were held', 1.0 * times / unit_count, 'per ' || one), json_array('each for', each_ns / 1e6, 'ms, in the middle'), json_array('bytes in them', bytes, ''),
    json_array('waits of other lines and statements meanwhile', nullif((SELECT total(ns) FROM waited w WHERE w.file IS o.file AND w.line IS o.line AND w.at_line <> o.line), 0) / 1e6 / unit_count, 'ms per ' || one)) AS evidence,
  json_array(json_array('slow-upstream', printf('the other side had not been sent it: %d bytes were still in this kernel', bytes))) AS excluded,
  printf('%s; in each, bytes were held back by the kernel (Nagle''s algorithm) while the other side delayed its acknowledgement', counted(unit_count, one)) AS because, '' AS ruled_out
FROM own o, basis_total b, noun
UNION ALL SELECT times >= 3, 'responses', stack_id, 'client', NULL,
  printf('The second part of a response waits %s until the client acknowledges the first.', ms(each_ns)), '[]', min(times, unit_count), min(1, ns / unit_count / (b.wall_ns / b.units + ns / unit_count)) * b.wall_ns,
  0.88 * ns / unit_count, 0.97 * ns / unit_count, ns / unit_count, '[]',
  json_array(json_array('responses with a part that was held', times, printf('of %d', unit_count)), json_array('each for', each_ns / 1e6, 'ms, in the middle'), json_array('bytes in them', bytes, '')),
  json_array(json_array('slow-upstream', printf('the %s had ended: its response was still in this kernel', one))),
  printf('%d of %d responses were held back by the kernel (Nagle''s algorithm) while the client delayed its acknowledgement', times, unit_count), printf('%s waited with a part until the one before it was acknowledged', counted(times, 'response')) FROM responses, basis_total b, noun WHERE b.wall_ns > 0
ORDER BY 9 DESC;
