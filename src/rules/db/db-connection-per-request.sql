-- id: db-connection-per-request
-- group: db
-- needs: v1_handle v1_statement v1_unit v1_frame
-- excludes: db-pool-churn
-- floor: 0.02
-- level: proven
-- saving: S2
-- fix: open one pool per worker at start-up and borrow a connection from it here
-- doc: docs/causes/db-connection-per-request.md
-- order: 10
-- units: 1
WITH touched AS ( -- units that worked with each kind of database
  SELECT DISTINCT b.id, b.route, b.weight, s.peer_kind
  FROM v1_statement s JOIN basis b ON b.id = s.unit_id WHERE s.peer_kind IS NOT NULL
  UNION SELECT b.id, b.route, b.weight, c.peer_kind FROM connection c JOIN basis b ON b.id = c.open_unit_id
), opened AS (
  SELECT c.*, b.route, b.weight FROM connection c JOIN basis b ON b.id = c.open_unit_id WHERE c.discarded
), by_route AS ( -- a run is one unit: there it takes reopening, not one opening
  SELECT t.peer_kind, t.route, sum(t.weight) AS touching,
    coalesce((SELECT sum(o.weight) FROM opened o WHERE o.peer_kind = t.peer_kind AND o.route IS t.route), 0)
      AS opens, coalesce((SELECT sum(b.weight) FROM connection c JOIN basis b ON b.id = c.open_unit_id
      WHERE c.peer_kind = t.peer_kind AND b.route IS t.route), 0) AS made, iif((SELECT one IN ('run', 'command') FROM noun), 5, 0.9) AS least
  FROM touched t GROUP BY 1, 2
), bad AS (
  SELECT o.* FROM opened o JOIN by_route r
    ON r.peer_kind = o.peer_kind AND r.route IS o.route AND r.opens >= r.least * r.touching
), costs AS ( -- formula S2, each route by itself: a cheap one must not hide a dear one
  SELECT peer_kind, route, sum(weight) AS opens, count(DISTINCT open_unit_id) AS rows,
    sum(weight) * midmean(mid_ns) AS mid, sum(weight) * min(midmean(low_ns), boot_low(mid_ns)) AS low,
    sum(weight) * max(midmean(high_ns), boot_high(mid_ns)) AS high, max(at_least) AS at_least,
    sum(weight) * midmean(create_ns + close_ns) AS open_close,
    sum(weight) * midmean(excess_ns) AS excess, avg(uses) AS uses
  FROM bad GROUP BY 1, 2
), sites AS (
  SELECT peer_kind, file, line, function, sum(weight * mid_ns) AS ns, max(open_stack_id) AS stack_id
  FROM bad GROUP BY 1, 2, 3, 4 ORDER BY ns DESC
), total AS (
  SELECT r.peer_kind, sum(r.opens) AS all_opens, sum(r.made) AS all_made, sum(r.touching) AS touching, sum(c.opens) AS opens,
    coalesce(sum(r.touching) FILTER (WHERE c.opens IS NOT NULL), 0) AS bad_units, count(c.opens) AS routes,
    max(iif(c.opens, r.route, NULL)) AS route, sum(c.mid) AS mid, sum(c.low) AS low, sum(c.high) AS high,
    max(c.at_least) AS at_least, sum(c.open_close) AS open_close, sum(c.excess) AS excess
  FROM by_route r LEFT JOIN costs c ON c.peer_kind = r.peer_kind AND c.route IS r.route GROUP BY 1
)
SELECT t.opens IS NOT NULL AS fires, t.peer_kind AS subject, t.peer_kind,
  iif(t.opens > 1.5 * t.bad_units, printf('%.1f database connections (%s) are', 1.0 * t.opens / t.bad_units, n.name),
    printf('A database connection (%s) is', n.name)) || printf(' opened and closed in every %s%s.', one,
    iif(t.bad_units < 0.9 * units AND t.routes = 1 AND t.route <> '', ' of ' || t.route, '')) AS title,
  (SELECT json_group_array(json_array(file, line, function)) FROM (SELECT * FROM sites WHERE
    peer_kind = t.peer_kind AND ns > 0.05 * t.mid AND file IS NOT NULL LIMIT 5)) AS places,
  (SELECT stack_id FROM sites WHERE peer_kind = t.peer_kind LIMIT 1) AS stack_id,
  t.bad_units AS units, t.mid AS share_ns, t.low / units AS saving_low_ns, t.mid / units AS saving_mid_ns,
  t.high / units AS saving_high_ns, t.at_least,
  (SELECT json_group_array(json_array(printf('connect:%s:%d', file, line), ns)) FROM sites WHERE peer_kind = t.peer_kind) AS claims,
  json_array(json_array('connections opened and not kept', 1.0 * t.opens / t.bad_units, 'per ' || one),
    json_array('opening and closing them', t.open_close / t.bad_units / 1e6, 'ms per ' || one),
    json_array('first statement of a fresh one, beyond a warm one', t.excess / t.bad_units / 1e6, 'ms per ' || one)) AS evidence,
  json_array(json_array('db-pool-churn', printf('%.2f opened per %s that uses the database; a pool that recycles shows 0.05 to 0.9',
    1.0 * t.opens / t.bad_units, one))) AS excluded,
  printf('%d of %d %ss that use the database opened %d and kept none', t.bad_units, t.touching, one, t.opens) AS because,
  iif(t.routes = 1, nullif(t.route, ''), NULL) AS route,
  iif(t.all_made = 0, printf('%d %s%s used %s, on connections that were open already', t.touching, one, iif(t.touching = 1, '', 's'), n.name),
    printf('%d %s%s used %s; %d connection%s opened in them, %d of these for one %s only', t.touching, one, iif(t.touching = 1, '', 's'),
    n.name, t.all_made, iif(t.all_made = 1, ' was', 's were'), t.all_opens, one)) AS ruled_out
FROM total t JOIN peer_name n ON n.peer_kind = t.peer_kind, basis_total, noun ORDER BY t.mid DESC;
