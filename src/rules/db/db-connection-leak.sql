-- id: db-connection-leak
-- group: db
-- needs: v1_handle v1_unit v1_host v1_fact
-- excludes: db-pool-exhausted
-- floor: 0
-- level: proven
-- saving: S12
-- fix: close the connection in every way out of the function: `with`, or a finally block
-- doc: docs/causes/db-connection-leak.md
-- list: will-fail
-- order: 9
-- units: 3

-- Opened for a unit that ended, never used by another, never closed while its process still served
-- (common.sql). A pool's connections are used again; a full pool opens no more.
SELECT leaks AS fires, printf('%s %s:%d', what, file, line) AS subject, what AS peer_kind, stack_id,
  printf('Connections to the database (%s) are opened here and %s.', name, fate)
    || iif(only_failing, printf(' It happens when the %s fails.', one), '') AS title,
  json_array(json_array(file, line, function)) AS places,
  left_open + late_closed AS units, 0 AS share_ns, hours_to_limit, evidence,
  iif(collected, '[]', json_array(json_array('db-pool-exhausted',
    printf('%d still opened in the second half; none was used by another %s, as a pool would', late, one))))
    AS excluded,
  iif(collected,
    printf('%d of %d connections opened at this line were closed long after their %s, by no code of it',
      late_closed, opens, one),
    printf('%d of %d connections opened at this line were still open at the end', left_open, opens)) AS because,
  printf('%d of %d connections left open', left_open, opens)
    || iif(together >= 3, printf(', %d of them opened by %ss that ran at the same time', together, one), '') AS ruled_out
FROM leak JOIN peer_name ON peer_kind = what, noun
UNION ALL SELECT 1, 'process', NULL, NULL, 'Connections to a database pile up in a process; which line opens them cannot be seen from outside.', '[]', last - first, 0,
  NULL, json_array(json_array('growth', per_s * 60, 'per minute and process'), json_array('open', last, '')), '[]', what, NULL
FROM leak_from_outside WHERE is_database
ORDER BY units DESC;
