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

WITH bad AS ( -- a run is one unit: there it takes reopening, not one opening
  SELECT c.*, b.weight, u.route, u.touching, u.opens
  FROM connection c JOIN basis b ON b.id = c.open_unit_id
  JOIN database_use u ON u.peer_kind = c.peer_kind AND u.route = coalesce(b.route, ''), noun
  WHERE c.discarded AND u.opens >= iif(one IN ('run', 'command'), 5, 0.9) * u.touching
), costs AS ( -- formula S2, each route by itself: a cheap one must not hide a dear one
  SELECT peer_kind, route, max(touching) AS touching, max(opens) AS opens, max(at_least) AS at_least,
    sum(weight) * midmean(mid_ns) AS mid,
    sum(weight) * min(midmean(low_ns), boot_low(mid_ns)) AS low,
    sum(weight) * max(midmean(high_ns), boot_high(mid_ns)) AS high,
    sum(weight) * midmean(max(coalesce(ready_ns, 0), create_ns) + close_ns) AS open_close, sum(weight) * midmean(excess_ns) AS excess
  FROM bad GROUP BY 1, 2
), sites AS (
  SELECT peer_kind, file, line, function, sum(weight * mid_ns) AS ns, max(open_stack_id) AS stack_id
  FROM bad GROUP BY 1, 2, 3, 4 ORDER BY ns DESC
), total AS (
  SELECT peer_kind, sum(u.opens) AS all_opens, sum(u.made) AS all_made, sum(u.meanwhile) AS meanwhile, sum(u.touching) AS all_touching,
    sum(c.opens) AS opens, sum(c.touching) AS touching, count(c.opens) AS routes, max(c.route) AS route,
    sum(mid) AS mid, sum(low) AS low, sum(high) AS high, max(at_least) AS at_least,
    sum(open_close) AS open_close, sum(excess) AS excess
  FROM database_use u LEFT JOIN costs c USING (peer_kind, route) GROUP BY 1
)
SELECT routes > 0 AS fires, peer_kind AS subject, peer_kind,
  iif(opens > 1.5 * touching, printf('%.1f database connections (%s) are', 1.0 * opens / touching, name),
    printf('A database connection (%s) is', name)) || printf(' opened and closed in every %s%s.', one,
    iif(touching < 0.9 * units AND routes = 1 AND route <> '', ' of ' || route, '')) AS title,
  (SELECT json_group_array(json_array(file, line, function)) FROM (SELECT * FROM sites s WHERE
    s.peer_kind = t.peer_kind AND ns > 0.05 * mid AND file IS NOT NULL LIMIT 5)) AS places,
  (SELECT stack_id FROM sites s WHERE s.peer_kind = t.peer_kind LIMIT 1) AS stack_id,
  coalesce(touching, 0) AS units, mid AS share_ns, at_least,
  low / units AS saving_low_ns, mid / units AS saving_mid_ns, high / units AS saving_high_ns,
  (SELECT json_group_array(json_array(printf('connect:%s:%d', file, line), ns)) FROM sites s
    WHERE s.peer_kind = t.peer_kind) AS claims,
  json_array(json_array('connections opened and not kept', 1.0 * opens / touching, 'per ' || one),
    json_array('opening and closing them', open_close / touching / 1e6, 'ms per ' || one),
    json_array('first statement of a fresh one, beyond a warm one', excess / touching / 1e6, 'ms per ' || one))
    AS evidence,
  json_array(json_array('db-pool-churn', printf('%.2f opened per %s that uses the database; a pool that recycles '
    || 'shows 0.05 to 0.9', 1.0 * opens / touching, one))) AS excluded,
  printf('%d of %d %ss that use the database opened %d and kept none', touching, all_touching, one, opens) AS because,
  iif(routes = 1, nullif(route, ''), NULL) AS route,
  printf('%s used %s', counted(all_touching, one), name) || iif(all_made > 0, printf('; %s %s opened in them, %d of these for one %s only',
    counted(all_made, 'connection'), iif(all_made = 1, 'was', 'were'), all_opens, one), iif(meanwhile = 0, ', on connections that were open already',
    printf('; %s %s opened meanwhile, by none of them', counted(meanwhile, 'connection'), iif(meanwhile = 1, 'was', 'were')))) AS ruled_out
FROM total t JOIN peer_name USING (peer_kind), basis_total, noun
UNION ALL SELECT fires, subject, peer_kind, title, places, stack_id, units, share_ns, NULL, NULL, NULL, NULL, claims,
  evidence, excluded, because, NULL, ruled_out FROM connects_from_outside -- by samples alone (outside.sql)
ORDER BY share_ns DESC;
