-- id: nothing-wrong
-- group: overall
-- needs: v1_unit
-- excludes: none
-- floor: 0
-- level: proven
-- saving: none
-- fix: nothing to change: if it must be faster still, look at the largest part of the time below
-- doc: docs/causes/nothing-wrong.md
-- order: 90
-- units: 1

-- Asked only when no other cause speaks.
WITH parts AS (
  SELECT column1 AS name, column2 AS ns FROM (
    SELECT 'Python' AS column1, sum(weight * python_ns) AS column2 FROM basis
    UNION ALL SELECT 'the database', sum(weight * io_db_ns) FROM basis
    UNION ALL SELECT 'the network', sum(weight * io_net_ns) FROM basis
    UNION ALL SELECT 'files', sum(weight * io_file_ns) FROM basis
    UNION ALL SELECT 'locks and pools', sum(weight * (lock_ns + pool_ns)) FROM basis
    UNION ALL SELECT 'the GIL', sum(weight * gil_ns) FROM basis
    UNION ALL SELECT 'waiting for a CPU', sum(weight * runqueue_ns) FROM basis
    UNION ALL SELECT 'sleep', sum(weight * sleep_ns) FROM basis
    UNION ALL SELECT 'awaiting', sum(weight * (await_ns + loop_busy_ns)) FROM basis
    UNION ALL SELECT 'unexplained', sum(weight * max(0, unexplained_ns)) FROM basis)
  WHERE column2 > 0 ORDER BY 2 DESC LIMIT 3
), odd AS ( -- a healthy request works or asks its database; much of anything else is something
  SELECT name, ns FROM parts, basis_total
  WHERE name NOT IN ('Python', 'the database') AND ns > 0.3 * wall_ns ORDER BY ns DESC LIMIT 1
)
SELECT units > 0 AS fires, 'all' AS subject,
  coalesce((SELECT printf('No rule names a cause, but %.0f %% of the time is %s.', 100.0 * ns / wall_ns, name) FROM odd),
    'Nothing stands out: the time is spread over '
    || (SELECT group_concat(printf('%s %.0f %%', name, 100.0 * ns / wall_ns), ', ') FROM parts) || '.') AS title,
  '[]' AS places, units, iif((SELECT count(*) FROM odd), NULL, 0) AS share_ns, '[]' AS evidence, '[]' AS excluded,
  printf('%d %s%s, no cause above 2 %% of the time', units, one, iif(units = 1, '', 's')) AS because, NULL AS ruled_out
FROM basis_total, noun WHERE units > 0;
