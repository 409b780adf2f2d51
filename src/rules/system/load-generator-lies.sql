-- id: load-generator-lies
-- group: system
-- needs: v1_client_load v1_client_verdict v1_client_request v1_listener
-- excludes: too-few-workers overload-past-knee
-- floor: 0.05
-- level: likely
-- saving: none
-- fix: load it again so that the load sets the pace: random or constant arrivals (-R, --poisson) in place of a closed loop, as many connections as it
--   takes (--open), a client that is not busy itself (-t, a CPU or a machine of its own); then read the causes below anew
-- doc: docs/causes/load-generator-lies.md
-- list: gate
-- order: 1
-- units: 20

-- What the generator says of its own figures: it was busy itself (beyond four fifths of a CPU, or half of one and late), it had no connection free while
-- the server took no longer than at first (and began at once what it was sent), or it waited for each answer before it asked again, so that stalls look rare. Being woken late by a busy
-- machine is that machine's matter.
WITH told AS (
  SELECT l.*, c.*, (SELECT id FROM v1_client_verdict WHERE id = 'busy' OR (id = 'late' AND l.busy_share >= 0.5) OR (id = 'connections' AND c.before_ns < c.server_ns
      AND (SELECT total(refused) FROM v1_listener) < 3)
      ORDER BY id LIMIT 1) AS verdict
  FROM v1_client_load l, (SELECT avg(c.late_ns) AS late_ns, avg(c.before_ns) AS before_ns, avg(c.server_ns) AS server_ns, count(*) AS asked FROM v1_client_request c JOIN basis b ON b.id = c.unit_id) c
), judged AS (
  SELECT t.*, coalesce(verdict, iif(pace = 'closed' AND slow_time >= 0.1 AND slow_requests <= 0.005, 'closed', NULL)) AS lie,
    (SELECT v.text FROM v1_client_verdict v WHERE v.id = t.verdict) AS words, coalesce(late_ns, 0) * b.units / (b.wall_ns + coalesce(late_ns, 0) * b.units) AS late_part
  FROM told t, basis_total b WHERE b.units > 0 AND b.wall_ns > 0
)
SELECT lie IS NOT NULL AS fires, coalesce(lie, 'load') AS subject,
  CASE lie WHEN 'connections' THEN printf('The load had no connection free (%d at most): its requests waited %s in the client, and not for the server.', connections, ms(late_ns))
    WHEN 'closed' THEN printf('The load waits for each answer before it asks again: %.2g %% of its requests were slow, but who comes at any time meets a stall in %.0f %% of cases.', 100 * slow_requests, 100 * slow_time)
    ELSE printf('The load generator was busy %.0f %% of its time and sent up to %s late: its times are its own, not the server''s.', 100 * busy_share, ms(late_p99_ns)) END AS title,
  '[]' AS places, asked AS units, iif(lie = 'closed', slow_time, max(0.05, late_part)) * b.wall_ns AS share_ns, iif(lie = 'closed', NULL, json_array(json_array('before:client', max(0.05, late_part) * b.wall_ns))) AS claims,
  json_array(json_array('not sent when due, in the mean', late_ns / 1e6, 'ms'), json_array('its own lateness (p99)', late_p99_ns / 1e6, 'ms'), json_array('busy', 100 * busy_share, '% of a CPU'),
    json_array('due', due, ''), json_array('answered', answered, ''), json_array('slower than ten times the middle one', iif(lie = 'closed', 100 * slow_requests, NULL), '% of requests'),
    json_array('of its time spent in these', iif(lie = 'closed', 100 * slow_time, NULL), '%')) AS evidence,
  json_array(json_array('too-few-workers', iif(lie IN ('busy', 'late', 'connections') AND before_ns < late_ns, printf('sent, they began after %s', ms(before_ns)), iif(lie = 'closed', 'a stall holds those who ask, not a queue', NULL))),
    json_array('overload-past-knee', CASE WHEN lie = 'connections' THEN 'the server took no longer than at first' WHEN lie = 'closed' THEN 'a closed loop asks for no more than it gets' END)) AS excluded,
  coalesce(words, printf('%d connections, each asks again when it has its answer', connections)) AS because,
  printf('the client was busy %.0f %% of its time and sent up to %s late%s', 100 * busy_share, ms(late_p99_ns), iif(pace = 'closed', '; stalls are no large part of its time', '')) AS ruled_out
FROM judged, basis_total b;
