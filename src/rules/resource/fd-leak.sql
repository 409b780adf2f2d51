-- id: fd-leak
-- group: resource
-- needs: v1_handle v1_unit v1_host v1_fact
-- excludes: no-upstream-keep-alive
-- floor: 0
-- level: proven
-- saving: S12
-- fix: close it in every way out of the function: `with open(…) as f:`, `with socket…`, or a finally block
-- doc: docs/causes/fd-leak.md
-- list: will-fail
-- order: 9
-- units: 3

-- Opened for a unit that ended, never used by another, never closed while its process still served
-- (common.sql). A connection that is kept alive is used again. Databases' are db-connection-leak's.
SELECT leaks AS fires, printf('%s %s:%d', what, file, line) AS subject, stack_id,
  printf('A %s is opened here and %s.', what, fate)
    || iif(only_failing, printf(' It happens when the %s fails.', one), '') AS title,
  json_array(json_array(file, line, function)) AS places,
  left_open + late_closed AS units, 0 AS share_ns, hours_to_limit, evidence,
  iif(collected, '[]', json_array(json_array('no-upstream-keep-alive',
    printf('%d of %d were never closed; without keep-alive each is', left_open, opens)))) AS excluded,
  iif(collected,
    printf('%d of %d opened at this line were closed long after their %s, by no code of it',
      late_closed, opens, one),
    printf('%d of %d opened at this line were still open at the end', left_open, opens)) AS because,
  printf('%d of %d descriptors left open', left_open, opens) AS ruled_out
FROM leak, noun
WHERE NOT is_database
UNION ALL SELECT 1, 'process', NULL, 'Descriptors pile up in a process; which line opens them cannot be seen from outside.', '[]', last - first, 0,
  NULL, json_array(json_array('growth', per_s * 60, 'per minute and process'), json_array('open', last, '')), '[]', what, NULL
FROM leak_from_outside WHERE NOT is_database
ORDER BY units DESC;
