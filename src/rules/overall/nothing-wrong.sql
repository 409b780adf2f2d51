-- id: nothing-wrong
-- group: overall
-- needs: v1_unit v1_event v1_statement v1_handle v1_frame
-- excludes: none
-- floor: 0
-- level: possible
-- saving: none
-- fix: no advice without a cause: start with the largest part of the time below
-- doc: docs/causes/nothing-wrong.md
-- order: 90
-- units: 1

-- Asked only when no other cause speaks. Never more than possible: it says what was not found. The line
-- is named whose calls or statements own more than 30 % of the time; else the state that does.
-- peer_kind chooses the advice (fixes.sql).
WITH called AS (
  SELECT f.app_file AS file, f.app_line AS line, f.app_function AS function,
    CASE WHEN e.kind = 'spawn' OR f.file LIKE '%/subprocess.py' OR c.file LIKE '%/subprocess.py' THEN 'waiting for a child process' WHEN e.kind IN ('sleep', 'lock') THEN e.kind WHEN e.kind IN ('open', 'read', 'write', 'fsync') THEN 'files'
      WHEN e.kind LIKE 'sqlite%' OR e.is_database THEN 'the database'
      ELSE 'waiting for another service' END AS name,
    e.weight * e.ns AS ns
  FROM (SELECT e.kind, e.stack_id, b.weight, max(0, e.dur_ns - coalesce(e.cpu_ns, 0)) AS ns,
      coalesce(h.is_database, 0) AS is_database
    FROM v1_event e JOIN basis b ON b.id = e.unit_id LEFT JOIN v1_handle h ON h.id = e.handle_id
    WHERE NOT e.nested AND e.kind NOT IN ('callback', 'gc', 'span', 'exception', 'gil', 'statement')
      AND h.peer_kind IS NOT 'client') e
  JOIN v1_frame f ON f.id = e.stack_id LEFT JOIN v1_frame c ON c.id = f.parent_id WHERE f.has_app
  UNION ALL
  SELECT s.file, s.line, s.function, 'a database statement', b.weight * s.dur_ns FROM v1_statement s JOIN basis b ON b.id = s.unit_id WHERE s.file IS NOT NULL
  UNION ALL SELECT app_file, app_line, app_function, 'Python', min(ns * scale, python_ns) FROM sampled, (SELECT scale, python_ns FROM sampled_total) WHERE has_app
  UNION ALL SELECT app_file, app_line, app_function, n.column2, l.wall_ns FROM looked l JOIN state_name n ON n.column1 = l.ledger JOIN v1_frame f ON f.id = l.stack_id WHERE f.has_app
), place AS (
  SELECT file, line, function, name, min(sum(ns), wall_ns) AS ns FROM called, basis_total
  GROUP BY file, line, function, name HAVING sum(ns) > 0.3 * wall_ns ORDER BY sum(ns) DESC LIMIT 1
), parts AS (
  SELECT column1 AS name, column2 AS ns FROM (
    SELECT 'Python' AS column1, sum(weight * python_ns) AS column2 FROM basis
    UNION ALL SELECT 'the database', sum(weight * io_db_ns) FROM basis
    UNION ALL SELECT 'the network', sum(weight * io_net_ns * (1 - part)) FROM basis, client_part UNION ALL SELECT 'sending to the client', sum(weight * io_net_ns * part) FROM basis, client_part
    UNION ALL SELECT 'files', sum(weight * io_file_ns) FROM basis UNION ALL SELECT 'locks and pools', sum(weight * (lock_ns + pool_ns)) FROM basis
    UNION ALL SELECT 'the GIL', sum(weight * gil_ns) FROM basis UNION ALL SELECT 'waiting for a CPU', sum(weight * runqueue_ns) FROM basis
    UNION ALL SELECT 'sleep', sum(weight * sleep_ns) FROM basis UNION ALL SELECT 'awaiting', sum(weight * (await_ns + loop_busy_ns)) FROM basis
    UNION ALL SELECT 'unexplained', sum(weight * max(0, unexplained_ns)) FROM basis
    UNION ALL SELECT 'Python', total(wall_ns) FROM looked WHERE ledger IN ('python', 'native')
    UNION ALL SELECT column2, total(wall_ns) FROM state_name JOIN looked ON ledger = column1 GROUP BY 1)
  WHERE column2 > 0 ORDER BY 2 DESC LIMIT 3
), most AS (SELECT name, ns FROM parts, basis_total WHERE ns > 0.5 * wall_ns ORDER BY ns DESC LIMIT 1)
SELECT wall_ns > 0 AS fires, 'all' AS subject,
  'No known cause; ' || coalesce(
    (SELECT printf('%.0f %% of a %s is %s at %s:%d', 100.0 * ns / wall_ns, one, name, base_name(file), line)
      || coalesce(' ' || function || '()', '') || '.' FROM place),
    (SELECT printf('%.0f %% of a %s is %s', 100.0 * ns / wall_ns, one, iif(name = 'Python',
      'Python''s own work, ' || (SELECT words FROM python_line), name)) || '.' FROM most),
    (SELECT printf('a %s is ', one) || group_concat(printf('%.0f %% %s', 100.0 * ns / wall_ns, name), ', ') || '.' FROM parts),
    'no time was measured.') AS title,
  coalesce((SELECT json_array(json_array(file, line, function)) FROM place), '[]') AS places,
  iif((SELECT count(*) FROM place), 'place', NULL) AS peer_kind, (SELECT group_concat(printf('`unslow show %s` has %s', view, has), ', ') FROM proof WHERE view IN ('io', 'sql', 'lines')) AS fix_more,
  units, coalesce((SELECT ns FROM place), 0) AS share_ns, '[]' AS evidence, '[]' AS excluded,
  iif(one = 'busy thread', printf('%.1f s of busy threads', wall_ns / 1e9), counted(units, one)) AS because, NULL AS ruled_out
FROM basis_total, noun WHERE wall_ns > 0;
