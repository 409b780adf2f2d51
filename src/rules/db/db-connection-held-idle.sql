-- id: db-connection-held-idle
-- group: db
-- needs: v1_usage v1_frame v1_statement v1_event v1_handle
-- excludes: db-pool-exhausted
-- floor: 0.02
-- level: proven
-- saving: S6
-- fix: call the other service before the connection is taken, or after it is given back: commit and leave the `with`
--   block first
-- doc: docs/causes/db-connection-held-idle.md
-- order: 11
-- units: 3

-- A transaction is open, and so its connection held, while the unit waits for something else; and other units wait for a
-- connection of the pool meanwhile. Without such waits it costs nothing yet, and the rule is silent. A task of an event loop waits in no call: what it
-- awaits between two statements on a connection that serves nobody else is that wait (common.sql). Named beside what waits is
-- where the function that also asks the database calls it.
WITH RECURSIVE held AS (
  SELECT total(weight * ns) AS ns, total(weight * busy_ns) AS busy_ns, max(peer_kind) AS peer_kind FROM (SELECT weight, end_ns - begin_ns AS ns, busy_ns, peer_kind FROM lent WHERE unit_id IN (SELECT id FROM basis WHERE NOT asynchronous) UNION ALL SELECT weight, ns, busy_ns, peer_kind FROM kept)
), away AS ( -- what was waited for while a transaction of the same unit was open
  SELECT f.app_file AS file, f.app_line AS line, f.app_function AS function, max(e.stack_id) AS stack_id, count(DISTINCT l.unit_id) AS seen,
    total(l.weight * max(0, e.dur_ns - coalesce(e.cpu_ns, 0))) AS ns, group_concat(DISTINCT e.kind) AS kinds, iif(count(DISTINCT coalesce(l.route, '')) = 1, max(l.route), NULL) AS route
  FROM lent l JOIN v1_event e ON e.unit_id = l.unit_id AND e.start_ns BETWEEN l.begin_ns AND l.end_ns
  LEFT JOIN v1_handle h ON h.id = e.handle_id JOIN v1_frame f ON f.id = e.stack_id
  WHERE NOT e.nested AND e.kind IN ('connect', 'send', 'recv', 'poll', 'dns', 'sleep', 'read', 'write', 'fsync', 'spawn') AND coalesce(h.is_database, 0) = 0
  GROUP BY 1, 2, 3 UNION ALL SELECT w.file, w.line, w.function, w.stack_id, k.seen, k.ns, 'await', k.route FROM (SELECT count(DISTINCT unit_id) AS seen, total(weight * (ns - busy_ns)) AS ns, iif(count(DISTINCT coalesce(route, '')) = 1, max(route), NULL) AS route FROM kept) k,
    (SELECT file, line, function, stack_id FROM pool_wait ORDER BY ns DESC LIMIT 1) w WHERE k.ns > 0 ORDER BY ns DESC LIMIT 5
), up(stack_id, id, depth) AS ( -- who asks for what is waited for …
  SELECT stack_id, stack_id, 0 FROM away WHERE kinds <> 'await' UNION ALL SELECT u.stack_id, f.parent_id, u.depth + 1 FROM up u JOIN v1_frame f ON f.id = u.id WHERE f.parent_id > 0
), below(id) AS ( -- … and functions that statements run in, or below
  SELECT DISTINCT stack_id FROM told WHERE unit_id IN (SELECT unit_id FROM lent) UNION SELECT f.parent_id FROM below w JOIN v1_frame f ON f.id = w.id WHERE f.parent_id > 0
), meets AS ( -- the innermost that does both; columns beside are of min()'s row
  SELECT u.stack_id, min(u.depth), f.file, f.line, of_function(f.function) AS function FROM up u JOIN v1_frame f ON f.id = u.id
  WHERE f.kind = 'app' AND (f.file, f.function) IN (SELECT g.file, g.function FROM below w JOIN v1_frame g ON g.id = w.id WHERE g.kind = 'app') GROUP BY u.stack_id
), places AS (
  SELECT file, line, function, min(nth) FROM (SELECT m.file, m.line, m.function, 1 + 2 * row_number() OVER (ORDER BY a.ns DESC) AS nth, a.ns FROM away a JOIN meets m ON m.stack_id = a.stack_id
    UNION ALL SELECT file, line, function, 2 * row_number() OVER (ORDER BY ns DESC), ns FROM away) WHERE ns > 0.1 * (SELECT sum(ns) FROM away) GROUP BY 1, 2, 3 ORDER BY 4
), judged AS (
  SELECT h.*, (SELECT sum(ns) FROM away) AS away_ns, (SELECT max(seen) FROM away) AS seen,
    (SELECT total(ns) FROM pool_wait) AS wait_ns, (SELECT total(units) FROM pool_wait) AS waited
  FROM held h
)
SELECT away_ns >= 0.5 * ns AND waited >= 3 AS fires, peer_kind AS subject, peer_kind, (SELECT stack_id FROM away LIMIT 1) AS stack_id, (SELECT route FROM away LIMIT 1) AS route,
  printf('A database connection is held while the %s waits for something else, and others wait for it.', one) AS title,
  (SELECT json_group_array(json_array(file, line, function)) FROM places) AS places, seen AS units, wait_ns * away_ns / ns AS share_ns,
  0.5 * wait_ns * away_ns / ns / b.units AS saving_low_ns, wait_ns * away_ns / ns / b.units AS saving_mid_ns, wait_ns / b.units AS saving_high_ns,
  (SELECT json_group_array(json_array(printf('pool:%s:%d', file, line), ns)) FROM pool_wait) AS claims,
  json_array(json_array('connections held', ns / 1e6 / b.units, 'ms per ' || one), json_array('of it their statements', busy_ns / 1e6 / b.units, 'ms'),
    json_array('of it waiting for something else', away_ns / 1e6 / b.units, 'ms (' || (SELECT kinds FROM away LIMIT 1) || ')'),
    json_array('waiting for a connection', wait_ns / 1e6 / b.units, 'ms per ' || one)) AS evidence,
  json_array(json_array('db-pool-exhausted', printf('statements ran in only %.0f %% of the time that connections were held', 100.0 * busy_ns / ns))) AS excluded,
  printf('%s held a connection while waiting elsewhere; %d waited for a connection', counted(seen, one), waited) AS because,
  iif(away_ns >= 0.5 * ns, printf('transactions stay open while the %s waits for something else (%s), but nobody waits for a connection', one, ms(away_ns / b.units)),
    printf('of the time that transactions are open, %.0f %% is waiting for something else', 100.0 * coalesce(away_ns, 0) / ns)) AS ruled_out
FROM judged, basis_total b, noun WHERE ns > 0;
