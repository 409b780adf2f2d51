-- id: commit-per-statement
-- group: db
-- needs: v1_statement v1_usage v1_frame
-- excludes: sqlite-busy-wait n-plus-one-queries
-- floor: 0.02
-- level: proven
-- saving: S3
-- fix: commit once, after the last of them: one transaction around the loop, or executemany()
-- doc: docs/causes/commit-per-statement.md
-- order: 13
-- units: 1

-- Five or more transactions of one or two writes each, from one line of one unit: each ends with its own COMMIT, or is
-- one itself (no BEGIN before it). N-1 ends of transaction are too many. Of a write that commits itself, what is beyond
-- a round trip of the database (or a quick read) is its commit.
WITH ends AS (
  SELECT t.unit_id, b.route, b.weight, t.file, t.line, t.function, t.peer_kind, t.stack_id, t.dur_ns + l.begin_dur_ns AS ns, l.writes, 0 AS implied
  FROM told t JOIN lent l ON l.unit_id = t.unit_id AND l.handle_id = t.handle_id AND l.tx = t.tx JOIN basis b ON b.id = t.unit_id
  WHERE t.verb = 'commit' AND l.writes > 0
  UNION ALL
  SELECT t.unit_id, b.route, b.weight, t.file, t.line, t.function, t.peer_kind, t.stack_id, max(0, t.dur_ns - coalesce(r.dur_ns, q.dur_ns, 0)), 1, 1
  FROM told t JOIN basis b ON b.id = t.unit_id LEFT JOIN round_trip r ON r.peer_kind = t.peer_kind
  LEFT JOIN (SELECT peer_kind, percentile(dur_ns, 0.25) AS dur_ns FROM told WHERE verb = 'read' GROUP BY 1) q ON q.peer_kind = t.peer_kind
  WHERE t.verb = 'write' AND NOT t.open AND NOT t.failed
), lines AS (
  SELECT unit_id, route, weight, file, line, function, max(peer_kind) AS peer_kind, max(stack_id) AS stack_id, count(*) AS commits, sum(writes) AS writes, max(implied) AS implied,
    sum(ns) AS ns, (count(*) - 1.0) / count(*) * sum(ns) AS mid, (count(*) - 1) * percentile(ns, 0.25) AS least
  FROM ends GROUP BY unit_id, file, line HAVING count(*) >= 5 AND sum(writes) <= 2 * count(*)
), sites AS (
  SELECT file, line, function, max(peer_kind) AS peer_kind, max(stack_id) AS stack_id, iif(count(DISTINCT coalesce(route, '')) = 1, max(route), NULL) AS route,
    max(implied) AS implied, sum(weight) AS unit_count, 1.0 * sum(commits * weight) / sum(weight) AS commits, 1.0 * sum(writes * weight) / sum(commits * weight) AS writes,
    sum(weight * ns) AS ns, sum(ns) / sum(commits) AS each_ns, sum(weight) * midmean(mid) AS mid, sum(weight) * boot_low(max(least, 0.5 * mid)) AS low, sum(weight) * boot_high(mid) AS high
  FROM lines GROUP BY file, line, function
), slept AS ( -- waits of SQLite for another's lock, at the same lines
  SELECT f.app_file AS file, f.app_line AS line, sum(g.dur_ns) AS ns FROM v1_usage g JOIN v1_frame f ON f.id = g.stack_id
  WHERE g.kind = 'sleep' AND g.nested GROUP BY 1, 2
)
SELECT coalesce(w.ns, 0) < 0.5 * s.ns AS fires, printf('%s:%d', base_name(s.file), s.line) AS subject, peer_kind, stack_id, route,
  printf('%.*f transactions of one write each in a %s: each waits until it is safe.', iif(commits = cast(commits AS int), 0, 1), commits, one) AS title,
  json_array(json_array(s.file, s.line, function)) AS places, unit_count AS units, s.ns AS share_ns,
  min(low, mid) * iif(implied, 0.5, 1) / units AS saving_low_ns, mid / units AS saving_mid_ns, 1.1 * max(mid, high) / units AS saving_high_ns,
  json_array(json_array(printf('statement:%s:%d', s.file, s.line), s.ns)) AS claims,
  json_array(json_array('transactions from this line', commits, 'per ' || one), json_array('writes in each', s.writes, ''),
    json_array(iif(implied, 'each beyond a round trip', 'each COMMIT, with its BEGIN'), each_ns / 1e6, 'ms')) AS evidence,
  json_array(json_array('sqlite-busy-wait', printf('waiting for another''s lock is %.0f %% of it', 100.0 * coalesce(w.ns, 0) / s.ns)),
    json_array('n-plus-one-queries', 'each of these transactions writes; those that only read are not counted')) AS excluded,
  printf('%s with %.1f transactions each that hold %.1f writes', counted(unit_count, one), commits, s.writes) AS because,
  'the commits wait for another''s lock: sqlite-busy-wait' AS ruled_out
FROM sites s LEFT JOIN slept w ON w.file = s.file AND w.line = s.line, basis_total, noun
UNION ALL SELECT 0, 'all', NULL, NULL, NULL, '', '[]', 0, 0, NULL, NULL, NULL, '[]', '[]', '[]', '', printf('at most %s that write in a %s from one line', counted(commits, 'transaction'), one)
  FROM (SELECT max(commits) AS commits FROM (SELECT count(*) AS commits FROM ends GROUP BY unit_id, file, line)), noun WHERE commits > 0 AND NOT EXISTS (SELECT 1 FROM sites)
ORDER BY saving_mid_ns DESC;
