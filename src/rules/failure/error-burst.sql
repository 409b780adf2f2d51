-- id: error-burst
-- group: failure
-- needs: v1_unit v1_exception
-- excludes: no-timeout-retry-storm
-- floor: 0
-- level: proven
-- saving: none
-- fix: mend what raises, then measure again. The exception's message, which is never recorded, is in the
--   app's own log
-- doc: docs/causes/error-burst.md
-- list: fails
-- order: 90
-- units: 1

-- One unit in ten or more fails, or half of those of a route: its status is 5xx, or its exception reached the framework.
-- A row an exception class and the application line that raised it; where no exception was seen, the app answered so itself.
WITH failing AS (
  SELECT b.id, b.route, b.wall_ns, b.weight, b.status, iif(b.error LIKE 'builtins.%', substr(b.error, 10), b.error) AS class, x.file, x.line, x.function
  FROM basis b LEFT JOIN (SELECT unit_id, min(at_ns), file, line, function FROM v1_exception GROUP BY unit_id) x ON x.unit_id = b.id
  WHERE b.failed
), sites AS (
  SELECT class, file, line, function, sum(weight) AS failed, total(weight * wall_ns) AS ns, min(status) AS low, max(status) AS high,
    iif(count(DISTINCT coalesce(route, '')) = 1, max(route), NULL) AS route, total(weight) FILTER (WHERE status >= 500) AS answered
  FROM failing GROUP BY class, file, line, function
), judged AS (
  SELECT s.*, b.units, f.failed AS all_failed, r.units AS route_units, coalesce(class, printf('status %d', high)) AS name,
    f.failed >= 0.1 * b.units OR 2 * s.failed >= r.units AS fires
  FROM sites s, basis_total b, (SELECT total(weight) AS failed FROM failing) f
  LEFT JOIN (SELECT route, sum(weight) AS units FROM basis GROUP BY route) r ON r.route = s.route
)
SELECT fires, printf('%s %s:%d', name, coalesce(base_name(file), '-'), coalesce(line, 0)) AS subject,
  iif(failed = units, iif(units = 1, printf('The only %s', one), printf('Every one of the %d %ss', units, one)),
    printf('%d of %d %ss%s', failed, coalesce(route_units, units), one, coalesce(' of ' || route, '')))
    || iif(failed = 1, ' fails', iif(failed = units, ' fails', ' fail'))
    || iif(class IS NULL, printf(': answered with status %d, and no exception reached the framework.', high), printf(' with %s.', class)) AS title,
  iif(file IS NULL, '[]', json_array(json_array(file, line, function))) AS places, failed AS units, ns AS share_ns, route,
  iif(class IS NULL, 'status', NULL) AS peer_kind,
  json_array(json_array('failing here', failed, printf('of %d %ss', units, one)), json_array('failing in all', all_failed, printf('of %d %ss', units, one)),
    json_array('of them answered with a status of 500 or more', answered, '')) AS evidence,
  json_array(json_array('no-timeout-retry-storm', iif(class IS NULL OR lower(class) LIKE '%time%out%', NULL, printf('%s is no timeout', class)))) AS excluded,
  printf('%d of %d %ss failed like this', failed, units, one) AS because,
  printf('%d of %d %ss failed (%.1f %%), most with %s', all_failed, units, one, 100.0 * all_failed / units, name) AS ruled_out
FROM judged, noun
UNION ALL SELECT 0, 'all', '', '[]', 0, NULL, NULL, NULL, '[]', '[]', '', printf('none of %d %ss failed', units, one) FROM basis_total, noun
  WHERE units > 0 AND NOT EXISTS (SELECT 1 FROM failing)
ORDER BY 5 DESC;
