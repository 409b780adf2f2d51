-- id: db-pool-churn
-- group: db
-- needs: v1_handle v1_frame
-- excludes: db-connection-per-request
-- floor: 0.02
-- level: proven
-- saving: S2
-- fix: let the pool keep as many connections as are used at once (its lowest size, not its highest), and recycle them
--   after minutes
-- doc: docs/causes/db-pool-churn.md
-- order: 10
-- units: 3

-- A pool makes connections in some units, all along, and gives them up again while it is still asked: a pool that only
-- fills itself closes none. Made through a pool's code; per unit that uses the database they are 0.05 to 0.9.
WITH made AS (
  SELECT c.*, b.weight, b.route, c.opened_ns > (SELECT min(start_ns) FROM basis) + window_ns / 2 AS late,
    c.closed_ns < (SELECT max(end_ns) FROM basis) AS given_up
  FROM connection c JOIN basis b ON b.id = c.open_unit_id, basis_total
  WHERE c.open_stack_id IN (SELECT id FROM pool_stack)
), sites AS (
  SELECT peer_kind, file, line, function, max(open_stack_id) AS stack_id, sum(weight * mid_ns) AS ns FROM made GROUP BY 1, 2, 3, 4 ORDER BY ns DESC
), used AS (SELECT peer_kind, sum(touching) AS touching FROM database_use GROUP BY 1
), total AS (
  SELECT m.peer_kind, max(u.touching) AS touching, sum(weight) AS opened, total(weight * coalesce(given_up, 0)) AS given_up, total(coalesce(late AND given_up, 0)) AS late,
    sum(weight) * midmean(mid_ns) AS mid, sum(weight) * min(midmean(low_ns), boot_low(mid_ns)) AS low, sum(weight) * max(midmean(high_ns), boot_high(mid_ns)) AS high,
    max(at_least) AS at_least, median(uses) AS uses, iif(count(DISTINCT coalesce(route, '')) = 1, max(route), NULL) AS route
  FROM made m JOIN used u USING (peer_kind) GROUP BY 1
)
SELECT given_up >= 5 AND late >= 2 AND 2 * given_up >= opened AND opened BETWEEN 0.05 * touching AND 0.9 * touching AS fires, peer_kind AS subject, peer_kind, route, at_least,
  printf('The pool gives connections (%s) up and makes new ones: one in every %.*f %ss.', name, touching < 10 * opened, 1.0 * touching / opened, one) AS title,
  (SELECT json_group_array(json_array(file, line, function)) FROM (SELECT * FROM sites s WHERE s.peer_kind = t.peer_kind AND ns > 0.05 * mid LIMIT 5)) AS places,
  (SELECT stack_id FROM sites s WHERE s.peer_kind = t.peer_kind LIMIT 1) AS stack_id, opened AS units, mid AS share_ns,
  low / units AS saving_low_ns, mid / units AS saving_mid_ns, high / units AS saving_high_ns,
  (SELECT json_group_array(json_array(printf('connect:%s:%d', file, line), ns)) FROM sites s WHERE s.peer_kind = t.peer_kind) AS claims,
  json_array(json_array('connections made', 1.0 * opened / touching, 'per ' || one || ' that uses the database'), json_array('given up again', given_up, printf('of %d', opened)),
    json_array(one || 's served by one', uses, 'in the middle'), json_array('making and giving up one', mid / opened / 1e6, 'ms')) AS evidence,
  json_array(json_array('db-connection-per-request', printf('%.2f made per %s that uses the database', 1.0 * opened / touching, one))) AS excluded,
  printf('%d connections made through the pool for %d %ss, %d of them given up again', opened, touching, one, given_up) AS because,
  printf('%s made through a pool, for %d %ss; %d given up again', counted(opened, 'connection'), touching, one, given_up) AS ruled_out
FROM total t JOIN peer_name USING (peer_kind), basis_total, noun;
