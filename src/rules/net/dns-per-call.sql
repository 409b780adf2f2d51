-- id: dns-per-call
-- group: net
-- needs: v1_usage v1_handle v1_unit v1_frame
-- excludes: no-upstream-keep-alive
-- floor: 0.03
-- level: proven
-- saving: S1
-- fix: keep the connection, so that no name is asked for; where there is none (datagrams, metrics), resolve the name once at start-up and after
--   an error
-- doc: docs/causes/dns-per-call.md
-- order: 20
-- units: 3

-- Look-ups of names (getaddrinfo and its like), each counted, at a line that makes one in nine of ten requests or more. Where connections are opened
-- by the same line, they are the reason: keeping them saves both.
WITH lookups AS (
  SELECT f.app_file AS file, f.app_line AS line, max(f.app_function) AS function, max(g.stack_id) AS stack_id, g.route, sum(g.calls) AS calls, sum(g.dur_ns) AS dur_ns,
    sum(g.cpu_ns) AS cpu_ns, max(g.max_ns) AS max_ns, (SELECT count(*) FROM v1_unit u WHERE u.route IS g.route AND u.finished) AS seen
  FROM v1_usage g JOIN v1_frame f ON f.id = g.stack_id WHERE g.kind = 'dns' AND NOT g.nested AND NOT g.on_loop AND g.units > 0 AND f.has_app GROUP BY 1, 2, g.route
), opened AS (SELECT file, line, count(*) AS opens FROM v1_handle WHERE kind = 'socket' AND open_unit_id IS NOT NULL GROUP BY file, line
), sites AS ( -- of the basis: first requests are in the sums, too
  SELECT l.file, l.line, l.function, max(l.stack_id) AS stack_id, iif(count(*) = 1, max(l.route), NULL) AS route, sum(l.calls) AS calls, sum(l.seen) AS seen, max(l.max_ns) AS max_ns,
    1.0 * sum(l.cpu_ns) / max(1, sum(l.dur_ns)) AS cpu_part, 1.0 * sum(l.dur_ns) / sum(l.seen) AS each_ns, coalesce(max(o.opens), 0) AS opens,
    (SELECT sum(b.weight) FROM basis b WHERE EXISTS (SELECT 1 FROM lookups x WHERE x.file = l.file AND x.line = l.line AND x.route IS b.route)) AS unit_count
  FROM lookups l LEFT JOIN opened o ON o.file = l.file AND o.line = l.line WHERE l.calls >= 0.9 * l.seen GROUP BY l.file, l.line
)
SELECT 1 AS fires, printf('%s:%d', base_name(file), line) AS subject, stack_id, route,
  printf('A name is looked up %s.', iif(calls >= 1.5 * seen, printf('%.1f times in each %s', 1.0 * calls / seen, one), 'in each ' || one)) AS title,
  json_array(json_array(file, line, function)) AS places, unit_count AS units, each_ns * unit_count AS share_ns,
  0.8 * each_ns * unit_count / units AS saving_low_ns, each_ns * unit_count / units AS saving_mid_ns, 1.5 * each_ns * unit_count / units AS saving_high_ns,
  json_array(json_array(iif(opens >= 0.9 * calls, printf('connect:%s:%d', file, line), printf('call:%s:%d', file, line)), each_ns * unit_count)) AS claims,
  json_array(json_array('look-ups', 1.0 * calls / seen, 'per ' || one), json_array('they take', each_ns / 1e6, 'ms per ' || one), json_array('longest', max_ns / 1e6, 'ms'),
    json_array('of it CPU', 100 * cpu_part, '%')) AS evidence,
  json_array(json_array('no-upstream-keep-alive', iif(opens < 0.1 * calls, printf('this line opened %d connections and made %d look-ups', opens, calls), NULL))) AS excluded,
  printf('%d look-ups in %d %ss, all of this line', calls, seen, one) AS because, '' AS ruled_out
FROM sites, basis_total, noun WHERE unit_count > 0
UNION ALL SELECT 0, 'all', NULL, NULL, '', '[]', 0, 0, NULL, NULL, NULL, '[]', '[]', '[]', '', counted(calls, 'look-up') || ' of names in ' || counted(units, one)
  FROM (SELECT total(calls) AS calls FROM lookups), basis_total, noun WHERE calls > 0 AND NOT EXISTS (SELECT 1 FROM sites)
ORDER BY share_ns DESC;
