-- id: listen-backlog-overflow
-- group: system
-- needs: v1_listener v1_client_request v1_client_verdict v1_unit
-- excludes: overload-past-knee load-generator-lies
-- floor: 0.02
-- level: likely
-- saving: S11
-- fix: let more of them wait: the server's backlog (gunicorn --backlog, uvicorn --backlog, listen(n)), and no less the machine's net.core.somaxconn, which bounds it;
--   and accept sooner: more workers or threads, kept connections
-- doc: docs/causes/listen-backlog-overflow.md
-- list: outside
-- order: 6
-- units: 3

-- Connections that found no place in the queue of those that wait to be accepted, as the kernel counts them at the listening socket, once a second.
-- Who is refused hears nothing and tries again after 1 s, 3 s, 7 s (RFC 6298); a load that keeps a pool sends on the next one that is open. What clients
-- lose is what they waited for a connection; without their side it is not known, and the finding possible at most.
WITH listeners AS (
  SELECT address, total(refused) AS refused, max(waiting) AS waiting, min(room) AS room, total(refused > 0) AS seconds FROM v1_listener GROUP BY address
), clients AS (
  SELECT count(*) AS asked, avg(c.late_ns) AS late_ns, percentile(c.late_ns, 0.99) AS worst_ns FROM v1_client_request c JOIN basis b ON b.id = c.unit_id
), judged AS (
  SELECT s.*, iif(asked >= 20, late_ns, NULL) AS late_ns, iif(asked >= 20, worst_ns, NULL) AS worst_ns,
    EXISTS (SELECT 1 FROM v1_client_verdict WHERE id = 'busy') AS is_busy FROM listeners s, clients
)
SELECT refused > 0 AND refused >= 0.005 * b.units AS fires, address AS subject,
  printf('%s found no place in the queue at %s, where %d may wait: who comes then tries again a second later.', counted(refused, 'connection'), address, room) AS title,
  '[]' AS places, min(refused, b.units) AS units, late_ns * b.units / (b.wall_ns + late_ns * b.units) * b.wall_ns AS share_ns,
  0.5 * late_ns AS saving_low_ns, 0.9 * late_ns AS saving_mid_ns, late_ns AS saving_high_ns, json_array(json_array('before:let-in', late_ns * b.units)) AS claims,
  json_array(json_array('connections refused a place', refused, printf('beside %s', counted(b.units, one))), json_array('seconds in which some were', seconds, ''), json_array('may wait there', room, ''),
    json_array('waited when it was looked', waiting, 'at most'), json_array('clients wait until they can send', late_ns / 1e6, 'ms in the mean'), json_array('one of a hundred', worst_ns / 1e6, 'ms or more')) AS evidence,
  json_array(json_array('overload-past-knee', 'that is a matter of what it can serve; here who comes is not let in'),
    json_array('load-generator-lies', iif(is_busy, NULL, 'the kernel at the server counted them, not the client'))) AS excluded,
  printf('%d connections were refused a place at %s in %d seconds', refused, address, seconds) AS because,
  printf('%s refused a place in the queue of the listening socket (%d may wait)', counted(refused, 'connection'), room) AS ruled_out
FROM judged, basis_total b, noun WHERE b.units > 0 AND b.wall_ns > 0 AND b.kind = 'request' ORDER BY refused DESC;
