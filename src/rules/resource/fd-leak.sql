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
    AND b.end_ns < last_ns AS left_open,
    -- closed by nobody's code: long after its unit, in another or in none
    h.closed_ns IS NOT NULL AND h.closed_ns BETWEEN b.end_ns + 10000000 AND last_ns AND h.close_unit_id IS NOT h.open_unit_id
    AND h.uses <= 1 + (h.close_unit_id IS NOT NULL) AND h.kind <> 'socket' AS late_closed
  FROM v1_handle h JOIN basis b ON b.id = h.open_unit_id JOIN ends ON ends.process_id = b.process_id
  WHERE NOT h.is_database AND h.peer_kind <> 'client' AND h.kind IN ('socket', 'file', 'pipe')
    -- the files of a SQLite database (main, -wal, -journal) are its connection's
    AND NOT EXISTS (SELECT 1 FROM sqlite_files s WHERE s.process_id = h.process_id AND h.peer IN (s.peer, s.peer || '-wal', s.peer || '-journal', s.peer || '-shm'))
), counted AS (
  SELECT *, sum(left_open) OVER (PARTITION BY process_id, file, line ORDER BY opened_ns, id) AS open_now
  FROM opened
), changes AS (
  SELECT process_id, file, line, opened_ns AS at_ns, 1 AS change FROM opened WHERE left_open OR late_closed
  UNION ALL SELECT process_id, file, line, closed_ns, -1 FROM opened WHERE late_closed
), levels AS (
  SELECT *, sum(change) OVER (PARTITION BY process_id, file, line ORDER BY at_ns, change) AS open_now FROM changes
), halves AS (SELECT (SELECT min(start_ns) FROM basis) + window_ns / 2 AS half_ns, window_ns / 20 AS tenth_ns FROM basis_total
), maxima AS ( -- what a collector empties now and then is judged by its peaks, ten in the second half
  SELECT file, line, (at_ns - half_ns) / tenth_ns AS tenth, max(open_now) AS most, tenth_ns
  FROM levels, halves WHERE at_ns > half_ns GROUP BY process_id, file, line, tenth
), peaks AS (
  SELECT file, line, max(most) AS most, slope_low(tenth, most) AS low, slope(tenth, most) * 1e9 / max(tenth_ns) AS per_s FROM maxima GROUP BY file, line
), sites AS (
  SELECT file, line, function, kind, max(open_stack_id) AS stack_id, sum(left_open) AS left_open,
    count(*) AS opens, sum(left_open AND failed) AS left_failed, sum(failed AND NOT left_open) AS closed_failed,
    count(DISTINCT process_id) AS processes,
    sum((left_open OR late_closed) AND opened_ns > (SELECT half_ns FROM halves)) AS late,
    sum(late_closed) AS late_closed, max(uses) AS most_uses,
    slope_low(opened_ns / 1e9, open_now) AS per_s_low, slope(opened_ns / 1e9, open_now) AS all_per_s
  FROM counted GROUP BY file, line, function, kind
), judged AS ( -- collected: the garbage collector closes them; grows: and does not keep up
  SELECT s.*, peaks.most, late_closed >= 3 AND 4 * late_closed >= left_open AS collected,
    iif(late_closed >= 3 AND 4 * late_closed >= left_open, coalesce(peaks.low, 0) > 0, per_s_low > 0) AS grows,
    iif(late_closed >= 3 AND 4 * late_closed >= left_open, peaks.per_s, all_per_s) AS per_s
  FROM sites s LEFT JOIN peaks USING (file, line)
), room AS ( -- descriptors left before the limit, where both are known
  SELECT min(f.value - h.fds) AS fds FROM v1_fact f JOIN (SELECT process_id, max(at_ns), fds FROM v1_host
    WHERE process_id > 0 GROUP BY 1) h ON h.process_id = f.process_id WHERE f.key = 'rlimit.nofile'
)
SELECT left_open + late_closed >= 3 AND late >= 1 AND (grows OR (collected AND most >= 5)) AND (NOT collected OR most_uses <= 2) AS fires, printf('%s %s:%d', kind, file, line) AS subject,
  stack_id, printf('A %s is opened here and %s.', kind,
    CASE WHEN NOT collected THEN 'never closed' WHEN grows THEN 'left for the garbage collector to close, which does not keep up' ELSE 'left for the garbage collector to close' END)
    || iif(left_failed = left_open AND left_open > 0, printf(' It happens when the %s fails.', one), '') AS title,
  json_array(json_array(file, line, function)) AS places, left_open + late_closed AS units, 0 AS share_ns,
  iif(grows, room.fds / nullif(per_s, 0) / 3600.0, NULL) AS hours_to_limit,
  json_array(json_array('descriptors left open', left_open, printf('of %d opened', opens)),
    json_array('left for the garbage collector', late_closed, printf('of %d, %d open at once at most', opens, most)),
    json_array('growth', iif(grows, per_s * 60, 0), 'per minute and process'),
    json_array('of them in failing units', left_failed, printf('of %d', left_open)),
    json_array('descriptors left', room.fds, 'before the process may open no more')) AS evidence,
  iif(collected, json_array(), json_array(json_array('no-upstream-keep-alive', printf('%d of %d were never closed; without keep-alive each is', left_open, opens)))) AS excluded,
  iif(collected, printf('%d of %d opened at this line were closed long after their %s, by no code of it', late_closed, opens, one),
    printf('%d of %d opened at this line were still open at the end', left_open, opens)) AS because,
  printf('%d of %d descriptors left open', left_open, opens) AS ruled_out
FROM judged, room, noun ORDER BY left_open DESC;
