-- id: slow-client-holds-worker
-- group: net
-- needs: v1_event v1_handle v1_unit v1_fact
-- excludes: slow-upstream
-- floor: 0.1
-- level: likely
-- saving: S6
-- fix: put a server in front that takes requests whole before it passes them on (nginx: proxy_request_buffering, on by default), or let threads
--   or an event loop wait for clients
-- doc: docs/causes/slow-client-holds-worker.md
-- order: 12
-- units: 3
-- corpus: none the load generator has no slow clients

-- A thread that serves waits for its own client to send what the request is made of: reads from an accepted connection that wait, in half of a
-- route's requests or more, outside an event loop. A small response is no matter: the kernel takes it, however slow the client.
WITH reads AS (
  SELECT b.id, b.weight, b.route, b.wall_ns, total(e.dur_ns) AS ns, count(*) AS reads FROM v1_event e JOIN basis b ON b.id = e.unit_id JOIN v1_handle h ON h.id = e.handle_id
  WHERE h.peer_kind = 'client' AND e.kind IN ('recv', 'poll') AND NOT e.nested AND NOT e.on_loop AND 2 * coalesce(e.cpu_ns, 0) < e.dur_ns GROUP BY b.id
), heads AS ( -- read before the unit began, where the server's way is known
  SELECT route, sum(weight) AS seen, median(wall_ns) AS middle_ns, median(read_ns) AS head_ns FROM basis GROUP BY route
), routes AS (
  SELECT h.route, h.seen, h.middle_ns, h.head_ns, coalesce(sum(r.weight), 0) AS waiting, coalesce(sum(r.weight) * midmean(r.ns), 0) AS body_ns, coalesce(sum(r.weight) * boot_low(r.ns), 0) AS low,
    coalesce(sum(r.weight) * boot_high(r.ns), 0) AS high, coalesce(1.0 * sum(r.weight * r.reads) / sum(r.weight), 0) AS reads
  FROM heads h LEFT JOIN reads r ON r.route IS h.route GROUP BY h.route
)
SELECT 2 * waiting >= r.seen AS fires, coalesce(nullif(r.route, ''), 'all') AS subject, nullif(r.route, '') AS route,
  printf('A thread that serves%s waits %s for its client to send the request.', coalesce(' ' || nullif(r.route, ''), ''), ms(body_ns / waiting)) AS title,
  '[]' AS places, waiting AS units, body_ns AS share_ns, 0.9 * low / b.units AS saving_low_ns, 0.95 * body_ns / b.units AS saving_mid_ns, high / b.units AS saving_high_ns,
  json_array(json_array('reads that wait for the client', reads, 'per ' || one), json_array('they take', body_ns / 1e6 / waiting, 'ms per ' || one),
    json_array('before that, until its head is read', head_ns / 1e6, 'ms, in the middle')) AS evidence,
  json_array(json_array('slow-upstream', 'the peer is the client, whose connection was accepted')) AS excluded,
  (SELECT printf('its workers are gunicorn''s %s: each serves one client at a time', value) FROM v1_fact WHERE key = 'gunicorn.worker_class' AND value = 'sync' LIMIT 1) AS fix_more,
  printf('in %d of %d %ss the thread waited for its client', waiting, r.seen, one) AS because,
  printf('in %d of %d %ss a thread waited for its client', waiting, r.seen, one) AS ruled_out
FROM routes r, basis_total b, noun WHERE waiting > 0 ORDER BY body_ns DESC LIMIT 5;
