-- id: sqlite-busy-wait
-- group: db
-- needs: v1_usage v1_frame v1_statement
-- excludes: commit-per-statement row-lock-wait
-- floor: 0.02
-- level: proven
-- saving: S6
-- fix: keep write transactions short: commit before anything else is waited for; PRAGMA journal_mode = WAL, so that
--   readers and the writer do not wait for each other; one writer for all
-- doc: docs/causes/sqlite-busy-wait.md
-- order: 11
-- units: 3

-- Sleeps inside a call of SQLite: its busy handler waits for the lock that another connection holds, in steps that grow
-- to 100 ms (sqlite3.c, sqliteDefaultBusyCallback). Below ten units that wait it is likely at most. Who holds it: write transactions, and how much of them is statements.
WITH inside AS MATERIALIZED (SELECT DISTINCT stack_id FROM v1_usage WHERE kind LIKE 'sqlite%'
), slept AS MATERIALIZED (
  SELECT f.app_file AS file, f.app_line AS line, f.app_function AS function, max(g.stack_id) AS stack_id, sum(g.units) AS units, sum(g.calls) AS calls, sum(g.dur_ns) AS ns,
    iif(count(DISTINCT coalesce(g.route, '')) = 1, max(g.route), NULL) AS route
  FROM v1_usage g JOIN v1_frame f ON f.id = g.stack_id
  WHERE g.kind = 'sleep' AND g.nested AND g.units > 0 AND g.stack_id IN (SELECT stack_id FROM inside)
  GROUP BY 1, 2, 3 ORDER BY ns DESC
), synced AS (
  SELECT total(g.dur_ns) AS ns FROM v1_usage g WHERE g.kind = 'fsync' AND g.nested AND g.stack_id IN (SELECT stack_id FROM inside)
), written AS MATERIALIZED (SELECT handle_id, tx, verb, open, start_ns, end_ns, dur_ns FROM told WHERE peer_kind = 'sqlite' AND EXISTS (SELECT 1 FROM slept)
), first AS ( -- until its first write has the lock a transaction waits for it, too
  SELECT handle_id, tx, min(end_ns) AS end_ns FROM written WHERE verb = 'write' AND open GROUP BY 1, 2
), holding AS (
  SELECT total(ns) AS ns, total(busy_ns) AS busy_ns, median(ns) AS each_ns FROM (SELECT max(t.end_ns) - f.end_ns AS ns, sum(t.dur_ns) AS busy_ns
    FROM first f JOIN written t ON t.handle_id = f.handle_id AND t.tx = f.tx AND t.start_ns >= f.end_ns GROUP BY f.handle_id, f.tx)
), longest AS ( -- the line that ends the transactions which hold it longest
  SELECT t.file, t.line, sum(l.end_ns - l.begin_ns) AS ns FROM lent l JOIN told t ON t.handle_id = l.handle_id AND t.tx = l.tx AND t.unit_id = l.unit_id AND t.verb IN ('commit', 'rollback')
  WHERE l.peer_kind = 'sqlite' AND l.writes > 0 GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 1
), total AS (
  SELECT sum(ns) AS ns, sum(calls) AS calls, max(units) AS waited, max(stack_id) AS stack_id, iif(count(DISTINCT coalesce(route, '')) = 1, max(route), NULL) AS route FROM slept
), part AS ( -- of the sleeps, that in which the holder had no statement running; both ends by how few waited (Poisson: Wilson near 0)
  SELECT iif(h.ns > 0, max(0.3, 1 - h.busy_ns / h.ns), 0.6) AS cured, iif(h.ns > 0, h.busy_ns < 0.5 * h.ns, NULL) AS idle,
    share_low(waited, 1e6) * 1e6 / waited AS least, share_high(waited, 1e6) * 1e6 / waited AS most FROM total, holding h WHERE waited > 0
)
SELECT 1 AS fires, 'sqlite' AS subject, 'sqlite' AS peer_kind, t.stack_id, t.route,
  printf('%ss wait for SQLite''s lock: one writes at a time%s.', upper(substr(one, 1, 1)) || substr(one, 2), CASE idle WHEN 1 THEN ', and holds it for long' WHEN 0 THEN ', for as long as its statements take' ELSE '' END) AS title,
  (SELECT json_group_array(json_array(file, line, function)) FROM (SELECT * FROM slept WHERE ns > 0.05 * t.ns LIMIT 5)) AS places, waited AS units, t.ns AS share_ns,
  0.5 * cured * least * t.ns / b.units AS saving_low_ns, cured * t.ns / b.units AS saving_mid_ns, min(most * t.ns, b.wall_ns) / b.units AS saving_high_ns,
  (SELECT json_group_array(json_array(printf('statement:%s:%d', file, line), ns)) FROM slept) AS claims,
  json_array(json_array('sleeps inside SQLite', calls, printf('in %d %ss', waited, one)), json_array('waiting in them', t.ns / 1e6 / b.units, 'ms per ' || one),
    json_array('a writing transaction has the lock for', each_ns / 1e6, 'ms in the middle'), json_array('of that in its statements', 100.0 * busy_ns / nullif(h.ns, 0), '%')) AS evidence,
  json_array(json_array('commit-per-statement', printf('writing to the disk (fsync) takes %s a %s, the sleeps %s', ms(y.ns / b.units), one, ms(t.ns / b.units))),
    json_array('row-lock-wait', iif(waited >= 10, 'the waits are sleeps inside SQLite, in this process', NULL))) AS excluded,
  (SELECT printf('the transactions that hold the lock longest end at %s:%d', base_name(file), line) FROM longest) AS fix_more,
  printf('%d sleeps of SQLite''s busy handler', calls) AS because, '' AS ruled_out
FROM total t, part, synced y, holding h, basis_total b, noun WHERE t.ns > 0
UNION ALL SELECT 0, 'all', 'sqlite', NULL, NULL, '', '[]', 0, 0, NULL, NULL, NULL, '[]', '[]', '[]', NULL, '', 'no call of SQLite slept for another''s lock'
  FROM noun WHERE EXISTS (SELECT 1 FROM asked WHERE peer_kind = 'sqlite') AND NOT EXISTS (SELECT 1 FROM slept);
