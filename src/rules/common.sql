-- Temporary tables that rules share, made once for each diagnosis. The ledger has made `basis` (the
-- units that are looked at: rows of v1_unit) and `basis_total` (kind, units, wall_ns, window_ns,
-- rows) before.

CREATE TEMP TABLE verb AS
-- What a statement does, by its text: begin, commit, rollback, savepoint, write, lock (SELECT … FOR UPDATE),
-- read, own (SET …).
SELECT fingerprint_id, is_transaction, CASE WHEN NOT is_transaction THEN CASE
    WHEN t LIKE 'insert%' OR t LIKE 'update%' OR t LIKE 'delete%' OR t LIKE 'replace%' OR t LIKE 'merge%' OR t LIKE 'copy%'
      OR (t LIKE 'with%' AND (t LIKE '%insert into%' OR t LIKE '%update %set%' OR t LIKE '%delete from%')) THEN 'write'
    WHEN t LIKE '%for update%' OR t LIKE '%for no key update%' THEN 'lock'
    WHEN t LIKE 'select%' OR t LIKE 'with%' THEN 'read' ELSE 'own' END
  WHEN t LIKE 'begin%' OR t LIKE 'start transaction%' THEN 'begin' WHEN t LIKE 'rollback to%' OR t LIKE 'savepoint%'
    OR t LIKE 'release%' THEN 'savepoint' WHEN t LIKE 'commit%' OR t LIKE 'end%' THEN 'commit'
  WHEN t LIKE 'rollback%' OR t LIKE 'abort%' THEN 'rollback' ELSE 'own' END AS verb
FROM (SELECT DISTINCT fingerprint_id, is_transaction, ltrim(fingerprint, ' (') AS t FROM v1_statement WHERE fingerprint IS NOT NULL);

CREATE TEMP TABLE handed AS
-- A row a statement that a thread beside the event loop ran (aiosqlite's, asgiref's, an executor's), with no line of the application on
-- its own stack: the stack from which the work that it was in was handed over. Of works at once that differ by their line: none.
WITH hop AS MATERIALIZED (
  SELECT e.unit_id, e.start_ns, e.start_ns + e.dur_ns AS end_ns, e.stack_id, f.app_file, f.app_line FROM v1_event e JOIN v1_frame f ON f.id = e.stack_id
  WHERE e.kind = 'span' AND e.subject = 'thread.hop' AND f.has_app
)
SELECT s.start_ns, s.handle_id, max(h.stack_id) AS stack_id FROM (SELECT * FROM v1_statement WHERE unit_id IN (SELECT unit_id FROM hop)) s JOIN v1_frame f ON f.id = s.stack_id
JOIN hop h ON h.unit_id = s.unit_id AND s.start_ns BETWEEN h.start_ns AND h.end_ns -- SQLite's goes on in the next
WHERE NOT f.has_app GROUP BY 1, 2 HAVING count(DISTINCT h.app_file || ':' || h.app_line) = 1;
CREATE UNIQUE INDEX temp.handed_statement ON handed(handle_id, start_ns);

CREATE TEMP TABLE told AS
-- Every statement on its connection, transactions' own too. seq: which of those that are none of these; tx: which transaction of
-- its connection; open: it is inside one. One pass over the statements; all others read this.
SELECT s.start_ns, s.dur_ns, s.end_ns, s.unit_id, s.handle_id, s.nth, s.fingerprint_id, s.fingerprint, s.raw_hash, s.literals, s.rows, s.prepare_ns, s.bytes,
  coalesce(h.stack_id, s.stack_id) AS stack_id, s.failed, s.encrypted, s.is_transaction, s.app_text, s.peer_kind, s.peer, s.process_id,
  coalesce(f.app_file, s.file) AS file, coalesce(f.app_line, s.line) AS line, coalesce(f.app_function, s.function) AS function, s.values_hash, s.question, s.scanned,
  max(count(*) FILTER (WHERE NOT s.is_transaction) OVER upto,
    iif((SELECT parts FROM detail) > 1, s.nth - count(*) FILTER (WHERE s.is_transaction) OVER upto, 0)) AS seq, -- some are not looked at
  coalesce(v.verb, 'own') AS verb, total(v.verb IN ('commit', 'rollback')) OVER before AS tx,
  coalesce(max(iif(v.verb = 'begin', s.start_ns, NULL)) OVER upto, -2)
    > coalesce(max(iif(v.verb IN ('commit', 'rollback'), s.start_ns, NULL)) OVER before, -1) AS open
FROM v1_statement s LEFT JOIN verb v ON v.fingerprint_id = s.fingerprint_id AND v.is_transaction = s.is_transaction
LEFT JOIN handed h ON h.handle_id = s.handle_id AND h.start_ns = s.start_ns LEFT JOIN v1_frame f ON f.id = h.stack_id
WINDOW before AS (PARTITION BY s.handle_id ORDER BY s.start_ns ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
  upto AS (PARTITION BY s.handle_id ORDER BY s.start_ns ROWS UNBOUNDED PRECEDING);

CREATE TEMP VIEW asked AS
-- Statements of the application in order on their connection: seq counts without BEGIN, SET ….
SELECT start_ns, dur_ns, end_ns, unit_id, handle_id, nth, fingerprint_id, fingerprint, raw_hash, literals, rows, prepare_ns, bytes, stack_id, failed,
  encrypted, is_transaction, app_text, peer_kind, peer, process_id, file, line, function, values_hash, question, scanned, seq
FROM told
WHERE is_transaction = 0;

CREATE TEMP TABLE rounds AS
-- The same for units of the basis, with the time from a statement's end to the unit's next one.
SELECT a.*, b.route, b.weight,
  max(0, lead(a.start_ns) OVER (PARTITION BY a.unit_id ORDER BY a.start_ns) - a.end_ns) AS after_ns
FROM asked a
JOIN basis b ON b.id = a.unit_id;

CREATE TEMP TABLE warm AS
-- What a statement takes on a connection already in use: the best reference there is for the cost
-- of a fresh one. PostgreSQL's server process is slow for two statements, SQLite for one.
SELECT peer_kind, fingerprint_id, median(dur_ns) AS dur_ns
FROM asked
WHERE NOT failed AND NOT encrypted AND seq > iif(peer_kind = 'sqlite', 1, 2)
GROUP BY peer_kind, fingerprint_id;

CREATE TEMP TABLE warm_prepare AS
-- What preparing a statement takes on a connection in use (SQLite).
SELECT peer_kind, median(prepare_ns) AS dur_ns
FROM asked
WHERE seq > 1 AND prepare_ns > 0 AND NOT failed
GROUP BY peer_kind;

CREATE TEMP TABLE round_trip AS
-- The least a statement takes: a quarter of the transaction statements are faster.
SELECT peer_kind, percentile(dur_ns, 0.25) AS dur_ns
FROM told
WHERE is_transaction AND NOT failed AND nth > 1
GROUP BY peer_kind;

CREATE TEMP TABLE quick_answer AS
-- A row a statement: what the quickest answers of its database take, to transactions' statements, or else, of a server, to another question
-- that was asked five times and more.
WITH others AS (
  SELECT peer_kind, fingerprint_id, percentile(dur_ns, 0.25) AS dur_ns FROM asked WHERE NOT failed AND seq > 2 AND peer_kind <> 'sqlite' GROUP BY 1, 2 HAVING count(*) >= 5
)
SELECT s.peer_kind, s.fingerprint_id, coalesce((SELECT dur_ns FROM round_trip r WHERE r.peer_kind = s.peer_kind),
  (SELECT min(dur_ns) FROM others o WHERE o.peer_kind = s.peer_kind AND o.fingerprint_id <> s.fingerprint_id)) AS dur_ns
FROM (SELECT DISTINCT peer_kind, fingerprint_id FROM asked) s;

CREATE TEMP TABLE first_use AS
-- A row a connection: what its first statements took beyond a warm one. warm_ns is measured against
-- the same statement elsewhere in this recording; most_ns is the most it can be.
SELECT a.handle_id,
  sum(max(0, a.dur_ns - w.dur_ns)) AS warm_ns,
  sum(max(0, a.dur_ns - coalesce(r.dur_ns, 0))) FILTER (WHERE a.seq = 1) AS most_ns
FROM asked a
LEFT JOIN warm w ON w.peer_kind = a.peer_kind AND w.fingerprint_id = a.fingerprint_id
LEFT JOIN round_trip r ON r.peer_kind = a.peer_kind
WHERE NOT a.failed AND a.seq <= iif(a.peer_kind = 'sqlite', 1, 2)
GROUP BY a.handle_id;

CREATE TEMP TABLE prepared_again AS
-- A row a SQLite connection: preparing texts that other connections prepared, too. A connection that
-- is kept has them in its statement cache; a text with its values in it is never met again.
WITH texts AS (
  SELECT fingerprint_id, raw_hash, count(DISTINCT handle_id) AS handles,
    sum(count(DISTINCT handle_id)) OVER (PARTITION BY fingerprint_id) AS all_handles
  FROM asked
  WHERE peer_kind = 'sqlite'
  GROUP BY 1, 2
)
SELECT a.handle_id, sum(a.prepare_ns) AS dur_ns
FROM asked a
JOIN texts t ON t.fingerprint_id = a.fingerprint_id AND t.raw_hash = a.raw_hash
WHERE t.handles > 1 AND t.handles >= 0.1 * t.all_handles AND NOT a.failed
GROUP BY a.handle_id;

CREATE TEMP TABLE opened_beside AS
-- A row a database connection that a thread of a driver's own opened, of no unit (aiosqlite's), for one unit: opened while it ran, it alone
-- used it and closed it. file, line: the application's first use of it.
WITH alone AS (
  SELECT h.id, u.id AS unit_id, h.opened_ns, h.closed_ns
  FROM v1_handle h JOIN v1_unit u ON u.id = h.close_unit_id
  LEFT JOIN (SELECT handle_id, min(coalesce(unit_id, 0)) AS least, max(unit_id) AS most FROM told GROUP BY 1) t ON t.handle_id = h.id
  WHERE h.is_database AND h.open_unit_id IS NULL AND h.uses = 1 AND h.opened_ns BETWEEN u.start_ns AND u.end_ns AND h.closed_ns IS NOT NULL
    AND coalesce(t.least, u.id) = u.id AND coalesce(t.most, u.id) = u.id
), uses AS (
  SELECT a.id, t.start_ns, t.stack_id FROM alone a JOIN told t ON t.handle_id = a.id
  UNION ALL SELECT a.id, e.start_ns, e.stack_id FROM alone a JOIN v1_event e ON e.unit_id = a.unit_id
  WHERE e.kind = 'span' AND e.subject = 'thread.hop' AND e.start_ns BETWEEN a.opened_ns AND a.closed_ns
), first AS ( -- columns beside are of min()'s row
  SELECT s.id, min(s.start_ns), s.stack_id, f.app_file AS file, f.app_line AS line, f.app_function AS function FROM uses s JOIN v1_frame f ON f.id = s.stack_id AND f.has_app GROUP BY s.id
)
SELECT a.id, a.unit_id, f.stack_id, f.file, f.line, f.function FROM alone a LEFT JOIN first f USING (id);

CREATE TEMP TABLE connection AS
-- A row a database connection opened while recording, with formula S2 (what keeping it would have
-- saved) as low_ns, mid_ns, high_ns. `discarded`: opened for one unit and closed by it, or opened
-- although an earlier one to the same database had been let go by then; not one with statements
-- after that unit, whosever they are. `reference`: where the cost
-- of the first statement comes from (warm, schema, bound, none).
WITH opened AS (
  SELECT h.id, h.process_id, h.peer_kind, h.peer, h.is_database, h.opened_ns, h.open_dur_ns, h.ready_ns, h.closed_ns, h.close_dur_ns, h.close_unit_id, h.uses,
    h.first_extra_ns, h.create_span_ns, h.close_span_ns, o.id IS NOT NULL AS beside, coalesce(h.open_unit_id, o.unit_id) AS open_unit_id,
    iif(o.file IS NULL, h.open_stack_id, o.stack_id) AS open_stack_id, iif(o.file IS NULL, h.file, o.file) AS file,
    iif(o.file IS NULL, h.line, o.line) AS line, iif(o.file IS NULL, h.function, o.function) AS function
  FROM v1_handle h LEFT JOIN opened_beside o ON o.id = h.id
), followed AS (
  SELECT h.*,
    min(coalesce(h.closed_ns, u.end_ns)) OVER (
      PARTITION BY h.process_id, h.peer_kind, h.peer ORDER BY h.opened_ns, h.id
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS free_ns,
    max(coalesce(h.create_span_ns, 0), coalesce(h.open_dur_ns, 0)) AS create_ns,
    max(coalesce(h.close_span_ns, 0), coalesce(h.close_dur_ns, 0)) AS close_ns,
    f.warm_ns, f.most_ns, p.dur_ns AS again_ns,
    l.last_ns > u.end_ns AS served_later, coalesce(u.weight, 1) > 0 AS is_looked_at
  FROM opened h
  LEFT JOIN v1_unit u ON u.id = h.open_unit_id
  LEFT JOIN first_use f ON f.handle_id = h.id
  LEFT JOIN prepared_again p ON p.handle_id = h.id
  LEFT JOIN (SELECT handle_id, max(start_ns) AS last_ns FROM asked GROUP BY 1) l ON l.handle_id = h.id
  WHERE h.is_database AND h.opened_ns IS NOT NULL AND h.peer IS NOT ':memory:' -- a new, empty one each time: none that is kept could take its place
), bracket AS (
  SELECT *,
    uses <= 1 + coalesce(close_unit_id <> open_unit_id, 0) AND open_unit_id IS NOT NULL AND served_later IS NOT 1 -- who closes it, uses it
      AND (close_unit_id IS open_unit_id OR free_ns < opened_ns) AS discarded,
    CASE WHEN warm_ns IS NOT NULL THEN 'warm' WHEN peer_kind = 'sqlite' AND first_extra_ns IS NOT NULL
      THEN 'schema' WHEN peer_kind <> 'sqlite' AND most_ns IS NOT NULL THEN 'bound'
      ELSE 'none' END AS reference,
    peer_kind <> 'sqlite' AS is_server
  FROM followed WHERE is_looked_at -- of other units' connections the first statements are not known
)
SELECT *,
  -- what keeping SQLite's connections saved was 0.62 … 1.28 of these sums in 18 runs of the demo,
  -- 0.91 in the middle: the same code takes a third more or less as the machine idles or works
  -- (bench/demo-saving); a server's bracket is
  -- set-up and close alone, and with the first statement's excess; 5 % less, and 15 % more, for a
  -- server process that ends takes a CPU from whoever is next
  iif(is_server, 0.95 * (coalesce(ready_ns, create_ns) + close_ns),
      0.65 * (create_ns + close_ns + excess_ns)) AS low_ns,
  iif(is_server, (coalesce(ready_ns, create_ns) + max(coalesce(ready_ns, 0), create_ns)
                  + 2 * close_ns + excess_ns) / 2.0,
      create_ns + close_ns + excess_ns) AS mid_ns,
  iif(is_server, 1.15 * (max(coalesce(ready_ns, 0), create_ns) + close_ns + excess_ns),
      1.3 * (create_ns + close_ns + excess_ns)) AS high_ns,
  reference = 'none' OR beside OR (NOT is_server AND create_span_ns IS NULL)
    OR (is_server AND ready_ns IS NULL AND create_span_ns IS NULL) AS at_least
FROM (SELECT *, CASE reference WHEN 'warm' THEN warm_ns WHEN 'schema' THEN max(first_extra_ns, coalesce(again_ns, 0))
                WHEN 'bound' THEN most_ns ELSE 0 END AS excess_ns FROM bracket);

CREATE TEMP TABLE database_use AS
-- A row a kind of database and route of the basis ('': unknown): units that worked with it (touching),
-- connections made in them, and those of these that were discarded (opens). meanwhile: connections they used that were opened while
-- they ran, and by no unit.
WITH used AS (
  SELECT unit_id, peer_kind, 0 AS made, 0 AS opens, 0 AS meanwhile FROM told WHERE peer_kind IS NOT NULL
  UNION ALL SELECT open_unit_id, peer_kind, 1, discarded IS TRUE, 0 FROM connection
  UNION ALL SELECT DISTINCT t.unit_id, c.peer_kind, 0, 0, c.id FROM connection c JOIN told t ON t.handle_id = c.id JOIN v1_unit u ON u.id = t.unit_id
  WHERE c.open_unit_id IS NULL AND c.opened_ns >= u.start_ns
), by_unit AS (
  SELECT u.peer_kind, coalesce(b.route, '') AS route, b.weight, sum(u.made) AS made, sum(u.opens) AS opens, count(nullif(u.meanwhile, 0)) AS meanwhile
  FROM used u
  JOIN basis b ON b.id = u.unit_id
  GROUP BY b.id, u.peer_kind
)
SELECT peer_kind, route, sum(weight) AS touching, sum(weight * made) AS made, sum(weight * opens) AS opens, sum(weight * meanwhile) AS meanwhile
FROM by_unit
GROUP BY peer_kind, route;

CREATE TEMP TABLE unit_handle AS
-- A row a database connection (`what`: its peer_kind) or other descriptor (`what`: socket, file, pipe)
-- that was opened for a unit of the basis. left_open: used by no other unit, as a pool's are, and not
-- closed while its process still served. late_closed: closed by nobody's code: 10 ms or more after its
-- unit, in another or in none.
WITH ends AS ( -- what is closed after a process's last unit was closed by its shutdown
  SELECT process_id, max(end_ns) AS last_ns FROM v1_unit GROUP BY process_id
), sqlite_files AS (SELECT DISTINCT process_id, peer FROM v1_handle WHERE kind = 'sqlite')
SELECT h.id, h.process_id, h.is_database, iif(h.is_database, h.peer_kind, h.kind) AS what, h.file,
  h.line, h.function, h.open_stack_id, h.opened_ns, h.closed_ns, h.uses, b.failed, b.end_ns AS unit_end_ns,
  (h.closed_ns IS NULL OR h.closed_ns > last_ns) AND h.uses <= 1 AND b.end_ns < last_ns AS left_open,
  h.closed_ns IS NOT NULL AND h.closed_ns BETWEEN b.end_ns + 10000000 AND last_ns
    AND h.close_unit_id IS NOT h.open_unit_id AND h.uses <= 1 + (h.close_unit_id IS NOT NULL)
    AND (h.is_database OR h.kind <> 'socket') AS late_closed
FROM v1_handle h
JOIN basis_whole b ON b.id = h.open_unit_id -- all of them: how fast they pile up is counted
JOIN ends ON ends.process_id = b.process_id
WHERE (h.is_database AND h.peer IS NOT ':memory:') OR (h.peer_kind <> 'client' AND h.kind IN ('socket', 'file', 'pipe') -- a database in memory has none
  -- the files of a SQLite database are its connection's
  AND NOT EXISTS (SELECT 1 FROM sqlite_files s WHERE s.process_id = h.process_id
    AND h.peer IN (s.peer, s.peer || '-wal', s.peer || '-journal', s.peer || '-shm')));

CREATE TEMP TABLE leak AS
-- A row an application line and `what`: whether that which it opens for units stays open. leaks: it does.
-- collected: the garbage collector closes it. grows: nobody closes it, or the collector does not keep up.
-- late: left in the second half. most: open at once. fate: what becomes of them. only_failing: all that
-- stay open are of failing units. together: left ones whose units ran at the same time: a pool grows by as
-- many in a burst and keeps them, where a leak leaves others after their units.
WITH counted AS (
  SELECT *, sum(left_open) OVER (PARTITION BY process_id, what, file, line ORDER BY opened_ns, id) AS open_now
  FROM unit_handle
), changes AS (
  SELECT process_id, what, file, line, opened_ns AS at_ns, 1 AS change FROM unit_handle
  WHERE left_open OR late_closed
  UNION ALL SELECT process_id, what, file, line, closed_ns, -1 FROM unit_handle WHERE late_closed
), levels AS (
  SELECT *, sum(change) OVER (PARTITION BY process_id, what, file, line ORDER BY at_ns, change) AS open_now
  FROM changes
), bursts AS (
  SELECT what, file, line, sum(most) AS together FROM (
    SELECT what, file, line, max(running) AS most FROM (
      SELECT process_id, what, file, line,
        sum(change) OVER (PARTITION BY process_id, what, file, line ORDER BY at_ns, change) AS running
      FROM (SELECT process_id, what, file, line, opened_ns AS at_ns, 1 AS change FROM unit_handle WHERE left_open
        UNION ALL SELECT process_id, what, file, line, unit_end_ns, -1 FROM unit_handle WHERE left_open))
    GROUP BY process_id, what, file, line)
  GROUP BY what, file, line
), halves AS (
  SELECT (SELECT min(start_ns) FROM basis) + window_ns / 2 AS half_ns, window_ns / 20 AS tenth_ns
  FROM basis_total
), maxima AS ( -- what a collector empties now and then is judged by its peaks, ten in the second half
  SELECT what, file, line, (at_ns - half_ns) / tenth_ns AS tenth, max(open_now) AS most, tenth_ns
  FROM levels, halves WHERE at_ns > half_ns GROUP BY process_id, what, file, line, tenth
), peaks AS (
  SELECT what, file, line, max(most) AS most, slope_low(tenth, most) AS low,
    slope(tenth, most) * 1e9 / max(tenth_ns) AS per_s
  FROM maxima GROUP BY what, file, line
), sites AS (
  SELECT is_database, what, file, line, function, max(open_stack_id) AS stack_id, count(*) AS opens,
    sum(left_open) AS left_open, sum(late_closed) AS late_closed, sum(left_open AND failed) AS left_failed,
    sum((left_open OR late_closed) AND opened_ns > half_ns) AS late, max(uses) AS most_uses,
    sum(late_closed) >= 3 AND 4 * sum(late_closed) >= sum(left_open) AS collected,
    slope_low(opened_ns / 1e9, open_now) AS all_low, slope(opened_ns / 1e9, open_now) AS all_per_s
  FROM counted, halves GROUP BY is_database, what, file, line, function
), judged AS (
  SELECT s.*, b.together, p.most, iif(collected, coalesce(p.low, 0), all_low) > 0 AS grows,
    iif(collected, p.per_s, all_per_s) AS per_s
  FROM sites s LEFT JOIN peaks p USING (what, file, line) LEFT JOIN bursts b USING (what, file, line)
), room AS ( -- descriptors left before the limit, where both are known
  SELECT min(f.value - h.fds) AS fds
  FROM v1_fact f
  JOIN (SELECT process_id, max(at_ns), fds FROM v1_host WHERE process_id > 0 GROUP BY 1) h
    ON h.process_id = f.process_id
  WHERE f.key = 'rlimit.nofile'
)
SELECT judged.*,
  left_open - max(0, coalesce(together, 0) - 1) + late_closed >= 3 AND late >= 1 AND iif(collected, (grows OR most >= 5) AND most_uses <= 2, grows)
    AS leaks,
  iif(grows, fds / nullif(per_s, 0) / 3600.0, NULL) AS hours_to_limit,
  iif(collected, 'left for the garbage collector to close' || iif(grows, ', which does not keep up', ''),
    'never closed') AS fate,
  left_failed = left_open AND left_open > 0 AS only_failing,
  json_array(json_array(iif(is_database, 'connections', 'descriptors') || ' left open', left_open,
      printf('of %d opened', opens)),
    json_array('left for the garbage collector', late_closed,
      printf('of %d, %d open at once at most', opens, most)),
    json_array('growth', iif(grows, per_s * 60, 0), 'per minute and process'),
    json_array('of them in failing units', left_failed, printf('of %d', left_open)),
    json_array('descriptors left', fds, 'before the process may open no more'
      || iif(what IN ('postgresql', 'mysql'), '; the limit of the server, unknown here, is nearer', '')))
    AS evidence
FROM judged, room;

CREATE TEMP TABLE reads AS
-- A row a unit, application line and reading statement: how often it ran there, and what a run costs.
-- fixed_ns: the part of its time that does not depend on its rows, where they differ: the intercept.
-- quick_ns: a run and the time after it, without what the work of a loop's body adds. questions: how many of the
-- runs asked for something else; NULL: not known.
SELECT unit_id, route, weight, file, line, function, peer_kind, max(stack_id) AS stack_id,
  fingerprint_id, fingerprint, instr(fingerprint, '?') > 0 AS takes_value,
  count(*) AS runs, iif(count(question) = count(*), count(DISTINCT question), NULL) AS questions, min(start_ns) AS begin_ns, max(rows) AS most_rows,
  sum(dur_ns) AS dur_ns, median(dur_ns) AS each_ns, coalesce(median(after_ns), 0) AS after_ns,
  percentile(dur_ns, 0.25) + coalesce(percentile(after_ns, 0.25), 0) AS quick_ns,
  max(min(dur_ns), min(median(dur_ns), coalesce(fit_intercept(rows, dur_ns), median(dur_ns)))) AS fixed_ns
FROM rounds
WHERE ltrim(fingerprint, ' (') LIKE 'select%' OR fingerprint LIKE 'with%'
GROUP BY unit_id, file, line, fingerprint_id;

CREATE TEMP TABLE asker AS
-- Stacks of statements that a line of the application asks for through a template (words: whose code runs below that line, made of its
-- file or by Django's engine), or that none asks for (has_app 0: a framework does, after its view has returned or in its place).
WITH RECURSIVE above(stack_id, id, step) AS (
  SELECT DISTINCT stack_id, stack_id, 0 FROM told WHERE stack_id IS NOT NULL
  UNION ALL SELECT a.stack_id, f.parent_id, a.step + 1 FROM above a JOIN v1_frame f ON f.id = a.id WHERE f.kind <> 'app' AND f.parent_id > 0
), templates AS ( -- the innermost: columns beside are of min()'s row
  SELECT a.stack_id, min(a.step), CASE WHEN f.file LIKE '%/django/template/%' THEN 'a Django template' WHEN f.file LIKE '<%' OR f.file LIKE 'memory:%' THEN 'a template' ELSE 'the template ' || base_name(f.file) END AS words
  FROM above a JOIN v1_frame f ON f.id = a.id WHERE f.file LIKE '%/django/template/%' OR (f.kind = 'generated' AND (f.file NOT LIKE '<%' OR f.file = '<template>')) GROUP BY a.stack_id
)
SELECT a.stack_id, f.has_app, t.words FROM (SELECT DISTINCT stack_id FROM above) a JOIN v1_frame f ON f.id = a.stack_id LEFT JOIN templates t ON t.stack_id = a.stack_id
WHERE t.words IS NOT NULL OR NOT f.has_app;

CREATE TEMP TABLE loop_above AS
-- Stacks of reading statements, five or more in a unit, whose line of the application is in no loop: the nearest of four of its lines above
-- that is in one (looped.h), which calls it again and again. general: the line asks for other things as well, so it is what calls it that is
-- to be changed. places: of both, the one to change first.
WITH RECURSIVE began AS (SELECT value AS ns FROM v1_meta WHERE key = 'started_realtime_ns'), up(stack_id, id, apps) AS (
  SELECT DISTINCT stack_id, stack_id, 0 FROM reads WHERE runs >= 5 AND stack_id IS NOT NULL AND file IS NOT NULL
  UNION ALL SELECT u.stack_id, f.parent_id, u.apps + (f.kind = 'app') FROM up u JOIN v1_frame f ON f.id = u.id WHERE u.apps < 5 AND f.parent_id > 0
), nearest AS MATERIALIZED ( -- columns beside are of min()'s row
  SELECT u.stack_id, min(u.apps) AS apps, f.file, f.line, of_function(f.function) AS function FROM up u JOIN v1_frame f ON f.id = u.id, began
  WHERE f.kind = 'app' AND looped_source(f.file, f.line, began.ns) GROUP BY u.stack_id
), own AS (
  SELECT n.*, f.app_file AS own_file, f.app_line AS own_line, f.app_function AS own_function, (SELECT count(DISTINCT t.fingerprint_id) >= 2 FROM told t WHERE t.file = f.app_file AND t.line = f.app_line AND NOT t.is_transaction) AS general
  FROM nearest n JOIN v1_frame f ON f.id = n.stack_id WHERE n.apps > 0
)
SELECT stack_id, file, line, general, iif(general, json_array(json_array(file, line, function), json_array(own_file, own_line, own_function)), json_array(json_array(own_file, own_line, own_function), json_array(file, line, function))) AS places FROM own;

CREATE TEMP TABLE lent AS
-- A row a unit of the basis and transaction of a connection: how long it was open, and its statements' part.
SELECT t.unit_id, b.route, b.weight, t.process_id, t.handle_id, t.peer_kind, t.tx, min(t.start_ns) AS begin_ns, max(t.end_ns) AS end_ns,
  sum(t.dur_ns) AS busy_ns, total(t.verb = 'write') AS writes, total(t.dur_ns) FILTER (WHERE t.verb = 'begin') AS begin_dur_ns
FROM told t JOIN basis b ON b.id = t.unit_id
WHERE t.open
GROUP BY t.unit_id, t.handle_id, t.tx;

CREATE TEMP TABLE kept AS
-- The same of tasks of an event loop, with or without a transaction: from the first to the last of the statements of one on a connection that
-- served nobody else between them. ns: these and what the task awaited meanwhile; busy_ns: the statements.
SELECT unit_id, weight, route, peer_kind, sum(dur_ns) + min(await_ns, max(0, max(end_ns) - min(start_ns) - sum(dur_ns))) AS ns, sum(dur_ns) AS busy_ns FROM (
  SELECT t.unit_id, b.weight, b.route, b.await_ns, t.peer_kind, t.handle_id, t.start_ns, t.end_ns, t.dur_ns,
    row_number() OVER (PARTITION BY t.handle_id ORDER BY t.start_ns) - row_number() OVER (PARTITION BY t.handle_id, t.unit_id ORDER BY t.start_ns) AS turn
  FROM told t JOIN basis b ON b.id = t.unit_id WHERE b.asynchronous AND t.handle_id IS NOT NULL)
GROUP BY handle_id, unit_id, turn HAVING count(*) >= 2;

CREATE TEMP TABLE pool_code AS
-- Files of connection pools (as in recording/names.c), and functions that make a pool, an engine or a client.
SELECT column1 AS file, column2 AS makes FROM (VALUES ('%/sqlalchemy/pool/%', NULL), ('%/sqlalchemy/util/queue.py', NULL),
  ('%/psycopg_pool/%', NULL), ('%/psycopg2/pool.py', NULL), ('%/asyncpg/pool.py', NULL), ('%/mysql/connector/pooling.py', NULL),
  ('%/pymongo/pool.py', NULL), ('%/aiomysql/pool.py', NULL), ('%/dbutils/%', NULL), ('%/redis/connection.py', NULL),
  ('%/sqlalchemy/engine/create.py', 'create_engine'), ('%/sqlalchemy/engine/create.py', 'engine_from_config'),
  ('%/sqlalchemy/ext/asyncio/engine.py', 'create_async_engine'), ('%/psycopg_pool/%', '%Pool.__init__'), ('%/psycopg2/pool.py', 'AbstractConnectionPool.__init__'),
  ('%/asyncpg/pool.py', 'create_pool'), ('%/asyncpg/pool.py', 'Pool.__init__'), ('%/aiomysql/pool.py', 'create_pool'), ('%/redis/client.py', 'Redis.__init__'), ('%/redis/client.py', 'Redis.from_url'),
  ('%/redis/asyncio/client.py', 'Redis.__init__'), ('%/redis/connection.py', 'ConnectionPool.__init__'), ('%/pymongo/%mongo_client.py', 'MongoClient.__init__'),
  ('%/mysql/connector/pooling.py', 'MySQLConnectionPool.__init__'));

CREATE TEMP TABLE pool_stack AS
-- Stacks in a pool's code, called since the nearest frame of the application.
WITH RECURSIVE file AS MATERIALIZED (
  SELECT file FROM (SELECT DISTINCT file FROM v1_frame WHERE kind = 'library') f WHERE EXISTS (SELECT 1 FROM pool_code c WHERE c.makes IS NULL AND f.file LIKE c.file)
), frame AS MATERIALIZED (
  SELECT id, parent_id, kind, file IN (SELECT file FROM file) AS pool FROM v1_frame WHERE EXISTS (SELECT 1 FROM file)
), up(id, pool) AS (
  SELECT id, pool FROM frame WHERE parent_id = 0
  UNION ALL SELECT f.id, f.pool OR (u.pool AND f.kind <> 'app') FROM up u JOIN frame f ON f.parent_id = u.id
)
SELECT id FROM up WHERE pool;

CREATE TEMP TABLE client_code AS
-- Functions of HTTP clients. client: makes one; own: makes one for this call alone; set-up: is part of a client or a connection being made or
-- closed; context, keys: makes a TLS context, agrees on keys, which are counted elsewhere; ended: closes a connection that the service ends (http.client's will_close; a pool that finds it closed).
SELECT column1 AS file, column2 AS name, column3 AS what FROM (VALUES
  ('%/requests/sessions.py', '__init__', 'client'), ('%/requests/sessions.py', 'close', 'set-up'), ('%/requests/adapters.py', '__init__', 'set-up'), ('%/requests/api.py', 'request', 'own'),
  ('%/urllib3/connectionpool.py', '_new_conn', 'set-up'), ('%/urllib3/connection.py', 'connect', 'set-up'), ('%/http/client.py', 'connect', 'set-up'), ('%/urllib/request.py', 'do_open', 'own'),
  ('%/urllib3/poolmanager.py', '_new_pool', 'set-up'), ('%/httpx/_client.py', '__init__', 'client'), ('%/httpx/_client.py', 'close', 'set-up'), ('%/httpx/_client.py', 'aclose', 'set-up'),
  ('%/httpx/_api.py', 'request', 'own'), ('%/httpcore/_%/connection.py', '_connect', 'set-up'), ('%/aiohttp/client.py', '__init__', 'client'), ('%/aiohttp/connector.py', '__init__', 'set-up'),
  ('%/aiohttp/connector.py', '_create_connection', 'set-up'), ('%/aiohttp/connector.py', 'close', 'set-up'), ('%/aiohttp/client.py', 'close', 'set-up'), ('%/http/client.py', '_close_conn', 'ended'),
  ('%/httpcore/_%/http11.py', '_response_closed', 'ended'), ('%/urllib3/connectionpool.py', '_get_conn', 'ended'),
  ('%/ssl.py', 'create_default_context', 'context'), ('%/ssl.py', '_create_unverified_context', 'context'), ('%/ssl.py', 'load_default_certs', 'context'),
  ('%/ssl.py', 'load_verify_locations', 'context'), ('%/ssl.py', 'set_default_verify_paths', 'context'), ('%/urllib3/util/ssl_.py', 'create_urllib3_context', 'context'),
  ('%/httpx/_config.py', 'create_ssl_context', 'context'), ('%/aiohttp/connector.py', '_make_ssl_context', 'context'), ('%/ssl.py', 'do_handshake', 'keys'));

CREATE TEMP TABLE pool_wait AS
-- Application lines whose units wait for a lock inside a pool's code: all its connections are lent. psycopg2's pool
-- never waits for one (it raises); its lock is held while it connects.
SELECT f.app_file AS file, f.app_line AS line, f.app_function AS function, max(g.stack_id) AS stack_id, sum(g.blocked_ns) AS ns, sum(g.units) AS units,
  max(g.max_ns) AS max_ns, iif(count(DISTINCT coalesce(g.route, '')) = 1, max(g.route), NULL) AS route
FROM v1_usage g JOIN v1_frame f ON f.id = g.stack_id
WHERE g.kind = 'lock' AND NOT g.nested AND g.units > 0 AND g.stack_id IN (SELECT id FROM pool_stack)
  AND f.file NOT LIKE '%/psycopg2/pool.py' AND (g.route IS NULL OR g.route IN (SELECT route FROM basis)) -- no start-up's
GROUP BY 1, 2, 3 ORDER BY sum(g.blocked_ns) DESC LIMIT 5;

CREATE TEMP TABLE library_work AS
-- Spans of a library's own work for a text that it has not kept (sqlalchemy.compile …), a row an
-- application line and span: each_ns is the middle one of all calls, as the first of a process and
-- preempted ones move a mean. Events hold those of 50 µs or more, so they are the slower part.
WITH long AS (
  SELECT f.app_file AS file, f.app_line AS line, e.subject, e.dur_ns, coalesce(u.weight, 1) AS weight
  FROM v1_event e
  JOIN v1_frame f ON f.id = e.stack_id
  LEFT JOIN v1_unit u ON u.id = e.unit_id
  WHERE e.kind = 'span' AND e.subject LIKE '%.compile%'
), counted AS (
  SELECT f.app_file AS file, f.app_line AS line, g.subject, sum(g.calls) AS calls,
    1.0 * sum(g.dur_ns) / sum(g.calls) AS mean_ns,
    (SELECT 1.0 * sum(l.weight) FROM long l
      WHERE l.file = f.app_file AND l.line = f.app_line AND l.subject = g.subject) AS long_calls
  FROM v1_usage g
  JOIN v1_frame f ON f.id = g.stack_id
  WHERE g.kind = 'span' AND g.subject LIKE '%.compile%'
  GROUP BY 1, 2, 3
)
SELECT file, line, subject, calls, iif(long_calls > 0.5 * calls,
    (SELECT percentile(l.dur_ns, max(0, 1 - 0.5 * c.calls / c.long_calls)) FROM long l
      WHERE l.file = c.file AND l.line = c.line AND l.subject = c.subject),
    min(mean_ns, 50000)) AS each_ns
FROM counted c;

CREATE TEMP TABLE client_part AS
-- Part of io_net_ns that units sent to and read from their own clients, which is no other service.
-- Outside routes only sending is surely a unit's: reading there is the server that waits for the next
-- request.
SELECT coalesce(1.0 * sum(blocked_ns) FILTER (WHERE peer_kind = 'client') / nullif(sum(blocked_ns), 0), 0) AS part
FROM v1_usage
WHERE NOT nested AND (route IS NOT NULL OR kind = 'send')
  AND kind IN ('connect', 'send', 'recv', 'poll', 'dns')
  AND coalesce(peer_kind, '') NOT IN ('sqlite', 'postgresql', 'mysql', 'mongodb', 'redis');

CREATE TEMP TABLE proof AS
-- Views that have rows in this recording, best first: only these are pointed at. view: what to type after
-- `unslow show`; has: what stands there.
SELECT column1 AS view, column2 AS has FROM (VALUES
  ('requests --slowest 10', 'the slowest', (SELECT kind = 'request' AND rows > 0 FROM basis_total)),
  ('io', 'calls by line', EXISTS (SELECT 1 FROM v1_usage WHERE NOT nested AND stack_id IS NOT NULL AND kind NOT IN ('callback', 'gc', 'span', 'exception'))),
  ('sql', 'statements', EXISTS (SELECT 1 FROM v1_statement)),
  ('flame', 'samples by their callers', EXISTS (SELECT 1 FROM looked WHERE stack_id IS NOT NULL)),
  ('lines', 'samples by line', EXISTS (SELECT 1 FROM looked WHERE stack_id IS NOT NULL)),
  ('config', 'versions and switches', EXISTS (SELECT 1 FROM v1_fact))) WHERE column3;

CREATE TEMP TABLE loop_usage AS
-- Rows of v1_usage of calls inside callbacks of a loop. Its sums hold a process's first units, too, which load what all others
-- find loaded: their long calls are taken out where they are no basis.
WITH cold AS MATERIALIZED (
  SELECT e.start_ns / 10000000000 AS slot, u.route, e.kind, e.stack_id, count(*) AS calls, sum(e.dur_ns) AS dur_ns,
    sum(max(0, e.dur_ns - coalesce(e.cpu_ns, 0))) AS blocked_ns, max(e.dur_ns) AS max_ns, sum(1.0 * e.dur_ns * e.count) AS others_ns
  FROM v1_event e JOIN v1_unit u ON u.id = e.unit_id
  WHERE e.on_loop AND NOT e.nested AND u.cold AND u.id NOT IN (SELECT id FROM basis) GROUP BY 1, 2, 3, 4
)
SELECT g.stack_id, g.kind, g.peer_kind, g.route, g.units, g.calls - coalesce(c.calls, 0) AS calls, g.cpu_ns,
  iif(c.max_ns = g.max_ns, 0, g.max_ns) AS max_ns, max(0, g.dur_ns - coalesce(c.dur_ns, 0)) AS dur_ns,
  max(0, g.blocked_ns - coalesce(c.blocked_ns, 0)) AS blocked_ns, max(0, g.others_ns - coalesce(c.others_ns, 0)) AS others_ns
FROM v1_usage g
LEFT JOIN cold c ON c.slot = g.slot AND c.route IS g.route AND c.kind = g.kind AND c.stack_id = g.stack_id
WHERE g.on_loop AND NOT g.nested;

CREATE TEMP TABLE long_callback AS
-- Callbacks of a loop of 10 ms or more, where a client on this host was measured, too.
SELECT t.process_id, e.start_ns, e.start_ns + e.dur_ns AS end_ns
FROM v1_event e JOIN v1_thread t ON t.id = e.thread_id
WHERE e.kind = 'callback' AND e.dur_ns >= 10000000 AND EXISTS (SELECT 1 FROM v1_client_request);
CREATE INDEX temp.long_callback_at ON long_callback(process_id, start_ns);

CREATE TEMP TABLE client_held AS
-- One row: what clients of the basis waited, their request sent and not begun, while such a callback held
-- the loop of the process that served it; of so many requests. NULL: no client was measured.
SELECT iif(requests > 0, (SELECT total(min(w.begun_ns, k.end_ns) - max(w.sent_ns, k.start_ns))
  FROM (SELECT c.intended_ns + c.late_ns AS sent_ns, b.start_ns AS begun_ns, b.process_id
    FROM v1_client_request c JOIN basis b ON b.id = c.unit_id WHERE c.before_ns > 0) w
  JOIN long_callback k ON k.process_id = w.process_id AND k.start_ns < w.begun_ns AND k.end_ns > w.sent_ns
    AND k.start_ns > w.sent_ns - (SELECT max(end_ns - start_ns) FROM long_callback)), NULL) AS ns, requests
FROM (SELECT count(*) AS requests FROM v1_client_request c JOIN basis b ON b.id = c.unit_id);

CREATE TEMP TABLE thread_start AS
-- Stacks of calls in which Thread.start() waits until the new thread runs; callers are followed up to the application's line. in_pool: a pool's own
-- code starts it, which does so until the pool is full.
WITH RECURSIVE waits AS MATERIALIZED (
  SELECT DISTINCT g.stack_id FROM v1_usage g WHERE g.kind = 'lock' AND NOT g.nested AND g.stack_id IS NOT NULL
), above(stack_id, id) AS (
  SELECT stack_id, stack_id FROM waits UNION
  SELECT a.stack_id, f.parent_id FROM above a JOIN v1_frame f ON f.id = a.id WHERE f.parent_id > 0 AND f.kind <> 'app'
)
SELECT a.stack_id, max(f.file LIKE '%/concurrent/futures/thread.py' OR f.file LIKE '%/multiprocessing/pool.py' OR f.file LIKE '%/anyio/_backends/_asyncio.py'
  OR f.file LIKE '%/trio/_core/_thread_cache.py' OR f.file LIKE '%/waitress/task.py' OR f.file LIKE '%/cheroot/workers/threadpool.py') AS in_pool
FROM above a JOIN v1_frame f ON f.id = a.id GROUP BY a.stack_id HAVING max(f.file LIKE '%/threading.py' AND f.function IN ('Thread.start', 'start'));

CREATE TEMP TABLE thread_growth AS
-- One row at most: the process whose threads grew most from second to second, and whether they pile up: all through the recording, a quarter
-- of it in the second half, and to three times as many as ever had a unit in work at once, on the mean.
WITH served AS ( -- what ends after a process's last unit was ended by its shutdown
  SELECT process_id, max(end_ns) AS last_ns FROM v1_unit GROUP BY process_id
), looks AS (
  SELECT h.process_id, at_ns, threads, min(at_ns) OVER w AS first_ns, max(at_ns) OVER w AS last_ns FROM v1_host h LEFT JOIN served s ON s.process_id = h.process_id
  WHERE h.process_id > 0 AND threads IS NOT NULL AND (s.last_ns IS NULL OR at_ns <= s.last_ns) WINDOW w AS (PARTITION BY h.process_id)
), counted AS (
  SELECT process_id, count(*) AS looks, slope(at_ns / 1e9, threads) AS per_s, slope_low(at_ns / 1e9, threads) AS low, max(threads) FILTER (WHERE at_ns = first_ns) AS first,
    max(threads) FILTER (WHERE at_ns = last_ns) AS last, max(threads) FILTER (WHERE at_ns <= (first_ns + last_ns) / 2) AS half_most FROM looks GROUP BY process_id
), busy AS (
  SELECT process_id, total(min(wall_ns, 1e18)) / nullif(max(end_ns) - min(start_ns), 0) AS in_work FROM v1_unit WHERE finished GROUP BY process_id
)
SELECT c.*, last - first AS more, coalesce(b.in_work, 0) AS in_work,
  looks >= 6 AND low > 0 AND last - first >= 10 AND last - half_most >= 0.25 * (last - first) AND last - first >= 3 * coalesce(b.in_work, 0) AS piles
FROM counted c LEFT JOIN busy b ON b.process_id = c.process_id ORDER BY piles DESC, per_s DESC LIMIT 1;

CREATE TEMP TABLE hub_thread AS
-- Threads on which greenlets take turns (gevent, eventlet): samples found their hub, or gunicorn's worker is one.
SELECT s.thread_id FROM v1_sample s JOIN v1_frame f ON f.id = s.stack_id
WHERE f.file LIKE '%/gevent/hub.py' OR f.file LIKE '%/eventlet/hubs/%'
UNION SELECT u.thread_id FROM v1_unit u JOIN v1_fact k ON k.process_id = u.process_id
WHERE k.key = 'gunicorn.worker_class' AND (k.value LIKE '%gevent%' OR k.value LIKE '%eventlet%');

CREATE TEMP TABLE hub_block AS
-- Calls of units that wait on such a thread: whoever waits as greenlets do is in no call meanwhile, the hub is. A send that
-- takes long was preempted by who reads it.
SELECT e.unit_id, coalesce(u.weight, 1) AS weight, e.thread_id, e.start_ns, e.start_ns + e.dur_ns AS end_ns, e.dur_ns - coalesce(e.cpu_ns, 0) AS ns, e.kind, h.peer_kind, e.stack_id,
  f.app_file AS file, f.app_line AS line, f.app_function AS function
FROM hub_thread t JOIN v1_event e ON e.thread_id = t.thread_id JOIN v1_frame f ON f.id = e.stack_id LEFT JOIN v1_handle h ON h.id = e.handle_id
  LEFT JOIN v1_unit u ON u.id = e.unit_id
WHERE e.kind IN ('connect', 'recv', 'poll', 'sleep', 'lock', 'dns', 'spawn') AND e.unit_id IS NOT NULL AND NOT e.nested AND 2 * coalesce(e.cpu_ns, 0) < e.dur_ns
  AND h.peer_kind IS NOT 'client' AND f.kind <> 'server' AND f.file NOT LIKE '%/gevent/%' AND f.file NOT LIKE '%/eventlet/%';

CREATE TEMP TABLE peer_name AS
-- Names for people.
SELECT column1 AS peer_kind, column2 AS name FROM (VALUES
  ('sqlite', 'SQLite'), ('postgresql', 'PostgreSQL'), ('mysql', 'MySQL'), ('mongodb', 'MongoDB'),
  ('redis', 'Redis'));

CREATE TEMP TABLE noun AS
-- What a unit of the basis is called: "request".
SELECT CASE WHEN kind IN ('request', 'websocket', 'task', 'job', 'test', 'run', 'command', 'stream') THEN kind
  WHEN kind = 'thread' THEN 'busy thread' ELSE 'run' END AS one
FROM basis_total;
