-- id: row-lock-wait
-- group: db
-- needs: v1_statement
-- excludes: sqlite-busy-wait missing-index
-- floor: 0.02
-- level: proven
-- saving: S11
-- fix: keep the transaction that locks the row short: lock late, commit before slow work; lock rows in one order; for a
--   counter use a sequence
-- doc: docs/causes/row-lock-wait.md
-- order: 11
-- units: 3

-- A write to a table (or SELECT … FOR UPDATE) that ends only when a transaction of another connection ends, which had
-- written to the same table before it began. The 400 longest such statements are compared with all transactions.
WITH locking AS (
  SELECT *, lower(CASE verb WHEN 'lock' THEN substr(t, instr(lower(t), ' from ') + 6) ELSE substr(t, CASE WHEN t LIKE 'update %' THEN 8 ELSE 13 END) END) AS rest
  FROM (SELECT *, ltrim(coalesce(fingerprint, ''), ' (') AS t FROM told WHERE verb IN ('write', 'lock') AND peer_kind <> 'sqlite' AND NOT failed)
), tabled AS (SELECT *, substr(rest, 1, instr(rest || ' ', ' ') - 1) AS name FROM locking
), usual AS (SELECT fingerprint_id, percentile(dur_ns, 0.1) AS quick_ns, count(*) AS runs FROM tabled GROUP BY 1
), waiters AS (
  SELECT t.*, b.weight, b.route, u.quick_ns FROM tabled t JOIN basis b ON b.id = t.unit_id JOIN usual u ON u.fingerprint_id = t.fingerprint_id
  WHERE t.dur_ns > 2 * u.quick_ns ORDER BY t.dur_ns DESC LIMIT 400
), holders AS ( -- from its first write to a table to the end of its COMMIT
  SELECT l.peer, l.name, l.handle_id, l.tx, min(l.start_ns) AS since_ns, e.start_ns AS ends_ns, e.end_ns AS ended_ns, e.file, e.line, total(l.dur_ns) AS busy_ns
  FROM tabled l JOIN told e ON e.handle_id = l.handle_id AND e.tx = l.tx AND e.verb IN ('commit', 'rollback')
  WHERE l.open GROUP BY l.peer, l.name, l.handle_id, l.tx
), met AS (
  SELECT w.*, h.file AS end_file, h.line AS end_line, h.ended_ns - h.since_ns AS held_ns, max(h.ended_ns), min(w.dur_ns - w.quick_ns, h.ended_ns - w.start_ns) AS lost_ns
  FROM waiters w JOIN holders h ON h.peer IS w.peer AND h.name = w.name AND h.handle_id <> w.handle_id
    AND h.since_ns < w.end_ns AND w.start_ns < h.ends_ns AND w.end_ns > h.ends_ns AND w.end_ns - h.ended_ns < max(0.3 * w.dur_ns, w.quick_ns)
  GROUP BY w.handle_id, w.start_ns
), sites AS (
  SELECT file, line, function, name, max(peer_kind) AS peer_kind, max(stack_id) AS stack_id, iif(count(DISTINCT coalesce(route, '')) = 1, max(route), NULL) AS route,
    count(*) AS met, count(DISTINCT unit_id) AS rows_seen, sum(weight) AS unit_count, sum(weight * lost_ns) AS ns, max(dur_ns) AS max_ns, max(quick_ns) AS quick_ns, median(held_ns) AS held_ns,
    (SELECT count(*) FROM waiters w WHERE w.file IS m.file AND w.line IS m.line) AS slow, max(end_file) AS end_file, max(end_line) AS end_line
  FROM met m GROUP BY file, line, function, name
)
SELECT 2 * met >= slow AS fires, printf('%s at %s:%d', name, base_name(file), line) AS subject, peer_kind, stack_id, route,
  printf('A write waits until another transaction that has the row (table %s) ends.', name) AS title,
  json_array(json_array(file, line, function)) AS places, unit_count AS units, ns AS share_ns,
  0.4 * ns / units AS saving_low_ns, 0.8 * ns / units AS saving_mid_ns, ns / units AS saving_high_ns,
  json_array(json_array(printf('statement:%s:%d', file, line), ns)) AS claims,
  json_array(json_array('statements that waited', met, printf('of %d slow ones', slow)), json_array('longest', max_ns / 1e6, 'ms, ' || ms(quick_ns) || ' without'),
    json_array('the row is locked for', held_ns / 1e6, 'ms in the middle')) AS evidence,
  json_array(json_array('sqlite-busy-wait', 'the lock is one of ' || peer_kind || ', a server'),
    json_array('missing-index', printf('%d of %d slow runs ended with another''s transaction; a quick one takes %s', met, slow, ms(quick_ns)))) AS excluded,
  printf('the transaction that is waited for ends at %s:%d', base_name(end_file), end_line) AS fix_more,
  printf('%d statements ended when a transaction ended that had written to %s before', met, name) AS because,
  printf('%d of %d slow writes at one line ended with another''s transaction', met, slow) AS ruled_out
FROM sites, basis_total, noun
UNION ALL SELECT 0, 'all', NULL, NULL, NULL, '', '[]', 0, 0, NULL, NULL, NULL, '[]', '[]', '[]', NULL, '', 'no write ended with the transaction of another connection'
  FROM basis_total WHERE EXISTS (SELECT 1 FROM tabled) AND NOT EXISTS (SELECT 1 FROM sites)
ORDER BY saving_mid_ns DESC;
