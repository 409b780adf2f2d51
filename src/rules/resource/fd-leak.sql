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
-- order: 10
-- units: 3

-- Left open: opened for a unit that ended, never used by another, never closed while its
-- process still served. A connection that is kept alive is used again.
-- Databases' are db-connection-leak's.
WITH ends AS ( -- what is closed after a process's last unit was closed by its shutdown
  SELECT process_id, max(end_ns) AS last_ns FROM v1_unit GROUP BY process_id
), sqlite_files AS (SELECT DISTINCT process_id, peer FROM v1_handle WHERE kind = 'sqlite'
), opened AS (
  SELECT h.*, b.failed, b.weight, (h.closed_ns IS NULL OR h.closed_ns > last_ns) AND h.uses <= 1
    AND b.end_ns < last_ns AS left_open
  FROM v1_handle h JOIN basis b ON b.id = h.open_unit_id JOIN ends ON ends.process_id = b.process_id
  WHERE NOT h.is_database AND h.peer_kind <> 'client' AND h.kind IN ('socket', 'file', 'pipe')
    -- the files of a SQLite database (main, -wal, -journal) are its connection's
    AND NOT EXISTS (SELECT 1 FROM sqlite_files s WHERE s.process_id = h.process_id AND h.peer IN (s.peer, s.peer || '-wal', s.peer || '-journal', s.peer || '-shm'))
), counted AS (
  SELECT *, sum(left_open) OVER (PARTITION BY process_id, file, line ORDER BY opened_ns, id) AS open_now
  FROM opened
), sites AS (
  SELECT file, line, function, kind, max(open_stack_id) AS stack_id, sum(left_open) AS left_open,
    count(*) AS opens, sum(left_open AND failed) AS left_failed, sum(failed AND NOT left_open) AS closed_failed,
    count(DISTINCT process_id) AS processes,
    sum(left_open AND opened_ns > (SELECT start_ns + window_ns / 2 FROM (SELECT min(start_ns) AS start_ns FROM basis), basis_total)) AS late,
    slope_low(opened_ns / 1e9, open_now) AS per_s_low, slope(opened_ns / 1e9, open_now) AS per_s
  FROM counted GROUP BY file, line, function, kind
), room AS ( -- descriptors left before the limit, where both are known
  SELECT min(f.value - h.fds) AS fds FROM v1_fact f JOIN (SELECT process_id, max(at_ns), fds FROM v1_host
    WHERE process_id > 0 GROUP BY 1) h ON h.process_id = f.process_id WHERE f.key = 'rlimit.nofile'
)
SELECT left_open >= 3 AND late >= 1 AND per_s_low > 0 AS fires, printf('%s %s:%d', kind, file, line) AS subject,
  stack_id, printf('A %s is opened here and never closed.', kind)
    || iif(left_failed = left_open AND left_open > 0, printf(' It happens when the %s fails.', one), '') AS title,
  json_array(json_array(file, line, function)) AS places, left_open AS units, 0 AS share_ns,
  room.fds / nullif(per_s, 0) / 3600.0 AS hours_to_limit,
  json_array(json_array('descriptors left open', left_open, printf('of %d opened', opens)),
    json_array('growth', per_s * 60, 'per minute and process'),
    json_array('of them in failing units', left_failed, printf('of %d', left_open)),
    json_array('descriptors left', room.fds, 'before the limit')) AS evidence,
  json_array(json_array('no-upstream-keep-alive', printf('%d of %d were never closed; without keep-alive each is', left_open, opens))) AS excluded,
  printf('%d of %d opened at this line were still open at the end', left_open, opens) AS because,
  printf('%d of %d descriptors left open', left_open, opens) AS ruled_out
FROM sites, room, noun ORDER BY left_open DESC;
