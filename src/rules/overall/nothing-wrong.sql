-- id: nothing-wrong
-- group: overall
-- needs: v1_unit v1_event v1_statement v1_handle v1_frame
-- excludes: none
-- floor: 0
-- level: possible
-- saving: none
-- fix: start with the largest part of the time below
-- doc: docs/causes/nothing-wrong.md
-- order: 90
-- units: 1

-- Asked only when no other cause speaks. Never more than possible: it says what was not found. The line
-- is named whose calls or statements own more than 30 % of the time; else that below which Python does, in several lines; else the state (what is left of
-- awaiting where samples of tasks were taken out of it may be more of the same: then it is no headline).
-- peer_kind chooses the advice (fixes.sql).
WITH RECURSIVE line AS (
  SELECT p.* FROM place_time p, basis_total WHERE ns > 0.3 * wall_ns ORDER BY ns DESC LIMIT 1
), up(stack_id, id) AS (
  SELECT DISTINCT stack_id, stack_id FROM sampled WHERE has_app UNION ALL SELECT u.stack_id, f.parent_id FROM up u JOIN v1_frame f ON f.id = u.id WHERE f.parent_id > 0
), through AS ( -- lines that samples pass, on their way to others
  SELECT u.stack_id, f.file, f.line, of_function(f.function) AS function, max(f.depth) AS depth FROM up u JOIN v1_frame f ON f.id = u.id WHERE f.kind = 'app' GROUP BY 1, 2, 3
), below AS ( -- the innermost that seven of ten pass
  SELECT t.file, t.line, t.function, 'Python below' AS name, min(python_ns, total(s.ns) * scale) AS ns FROM through t JOIN sampled s ON s.stack_id = t.stack_id, sampled_total, basis_total
  GROUP BY 1, 2 HAVING total(s.ticks) >= 20 AND total(s.ns) >= 0.7 * (SELECT total(ns) FROM sampled) AND min(python_ns, total(s.ns) * scale) > 0.3 * wall_ns ORDER BY max(t.depth) DESC, 5 DESC LIMIT 1
), place AS (SELECT * FROM line UNION ALL SELECT * FROM below WHERE NOT EXISTS (SELECT 1 FROM line)
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
), most AS (SELECT name, ns FROM parts, basis_total WHERE ns > 0.5 * wall_ns AND NOT (name = 'awaiting' AND (SELECT count(*) FROM task_cpu)) ORDER BY ns DESC LIMIT 1)
SELECT wall_ns > 0 AS fires, 'all' AS subject,
  'No known cause was found; ' || coalesce(
    (SELECT printf('%.0f %% of a %s is %s%s %s:%d', 100.0 * ns / wall_ns, one, name, iif(name = 'Python below', '', ' at'), base_name(file), line)
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
