-- id: db-pool-exhausted
-- group: db
-- needs: v1_statement v1_usage
-- excludes: db-connection-held-idle db-connection-leak n-plus-one-queries noisy-neighbour
-- floor: 0.05
-- level: proven
-- saving: S6
-- fix: let the pool hold as many connections as threads may ask at once (and the server allow as many for all
--   processes together), or make what they are held for shorter
-- doc: docs/causes/db-pool-exhausted.md
-- order: 12
-- units: 3

-- Units wait for a lock inside a pool's code: all of its connections are lent. What the lent ones do tells it from
-- connections that are held while nothing is asked of them, from those that never come back, and from those that run one statement
-- again and again: that is what the pool is too small for. Where units wait for a CPU or the GIL in the rest of their time, so do those that have the
-- connections, and keep them for it.
WITH waited AS (
  SELECT sum(ns) AS ns, sum(units) AS units FROM pool_wait
), held AS (
  SELECT total(weight * ns) AS ns, total(weight * busy_ns) AS busy_ns, max(peer_kind) AS peer_kind,
    (SELECT max(handles) FROM (SELECT count(DISTINCT handle_id) AS handles FROM lent GROUP BY process_id)) AS handles
  FROM (SELECT weight, end_ns - begin_ns AS ns, busy_ns, peer_kind FROM lent WHERE unit_id IN (SELECT id FROM basis WHERE NOT asynchronous) UNION ALL SELECT weight, ns, busy_ns, peer_kind FROM kept)
), repeated AS ( -- of what statements take: reads of one text that a line runs five times in a unit and more
  SELECT total(ns) / nullif((SELECT total(weight * dur_ns) FROM rounds), 0) AS part FROM (SELECT sum(weight * dur_ns) AS ns FROM rounds WHERE fingerprint LIKE 'select %' GROUP BY unit_id, file, line, fingerprint_id HAVING count(*) >= 5)
), starved AS (
  SELECT total(weight * (coalesce(runqueue_ns, 0) + coalesce(throttled_ns, 0) + coalesce(gil_ns, 0))) / nullif(total(weight * (wall_ns - pool_ns)), 0) AS part FROM basis
), judged AS (
  SELECT w.*, coalesce((SELECT part FROM starved), 0) AS starved, coalesce((SELECT part FROM repeated), 0) AS repeats, h.peer_kind, h.handles, h.busy_ns / nullif(h.ns, 0) AS busy, (SELECT total(leaks) FROM leak WHERE is_database) AS leaking,
    (SELECT total(left_open) FROM leak WHERE is_database) AS left_open, (SELECT stack_id FROM pool_wait LIMIT 1) AS stack_id, (SELECT sum(ns) FROM pool_wait) AS all_ns,
    (SELECT iif(count(DISTINCT coalesce(route, '')) = 1, max(route), NULL) FROM pool_wait) AS route, (SELECT max(max_ns) FROM pool_wait) AS max_ns
  FROM waited w, held h WHERE EXISTS (SELECT 1 FROM pool_wait)
)
SELECT repeats < 0.5 AND starved < 0.5 AND (busy IS NULL OR (busy >= 0.5 AND leaking = 0)) AS fires, coalesce(j.peer_kind, 'pool') AS subject, j.peer_kind, stack_id, route,
  printf('%ss wait for a connection of the pool: all are lent.', upper(substr(one, 1, 1)) || substr(one, 2)) AS title,
  (SELECT json_group_array(json_array(file, line, function)) FROM pool_wait WHERE ns > 0.05 * j.all_ns) AS places, min(j.units, b.units) AS units, j.ns AS share_ns,
  0.6 * j.ns / b.units AS saving_low_ns, j.ns / b.units AS saving_mid_ns, 1.1 * j.ns / b.units AS saving_high_ns,
  (SELECT json_group_array(json_array(printf('pool:%s:%d', file, line), ns)) FROM pool_wait) AS claims,
  json_array(json_array(one || 's that waited', j.units, printf('of %d', b.units)), json_array('waiting for a connection', j.ns / 1e6 / b.units, 'ms per ' || one),
    json_array('longest wait', max_ns / 1e6, 'ms'), json_array('connections in use', handles, 'of a process, at most'),
    json_array('statements ran in', 100 * busy, '% of the time that transactions were open')) AS evidence,
  json_array(json_array('db-connection-held-idle', iif(busy IS NULL, NULL, printf('statements ran in %.0f %% of the time that connections were held', 100 * busy))),
    json_array('db-connection-leak', printf('%d connections were left open', left_open)), json_array('n-plus-one-queries', printf('reads that a line repeats are %.0f %% of what statements take', 100 * repeats)),
    json_array('noisy-neighbour', iif(starved < 0.2, printf('%.0f %% of the rest of %ss'' time is waiting for a CPU or the GIL', 100 * starved, one), NULL))) AS excluded,
  printf('%s waited inside the pool''s own code', counted(j.units, one)) AS because,
  CASE WHEN leaking > 0 THEN 'waits are for connections that never come back: db-connection-leak' WHEN repeats >= 0.5 THEN printf('waits are for connections that run one statement again and again: n-plus-one-queries, %.0f %% of what statements take', 100 * repeats)
    WHEN starved >= 0.5 THEN printf('waits are for connections whose holders wait for a CPU or the GIL: %.0f %% of the rest of %ss'' time', 100 * starved, one) ELSE printf('waits are for connections that were held and not used: statements ran in %.0f %% of the time', 100 * busy) END AS ruled_out
FROM judged j, basis_total b, noun
UNION ALL SELECT 0, 'all', NULL, NULL, NULL, '', '[]', 0, 0, NULL, NULL, NULL, '[]', '[]', '[]', '', printf('no %s waited for a connection of a pool', one)
  FROM noun WHERE EXISTS (SELECT 1 FROM asked) AND NOT EXISTS (SELECT 1 FROM judged);
