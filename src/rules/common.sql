-- Temporary tables that rules share, made once for each diagnosis. The ledger has made `basis` (the
-- units that are looked at: rows of v1_unit) and `basis_total` (kind, units, wall_ns, window_ns,
-- rows) before.

CREATE TEMP TABLE asked AS
-- Statements of the application in order on their connection: seq counts without BEGIN, SET ….
SELECT s.*, row_number() OVER (PARTITION BY s.handle_id ORDER BY s.start_ns) AS seq
FROM v1_statement s
WHERE s.is_transaction = 0;

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
FROM v1_statement
WHERE is_transaction AND NOT failed AND nth > 1
GROUP BY peer_kind;

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

CREATE TEMP TABLE connection AS
-- A row a database connection opened while recording, with formula S2 (what keeping it would have
-- saved) as low_ns, mid_ns, high_ns. `discarded`: opened for one unit and closed by it, or opened
-- although an earlier one to the same database had been let go by then; not one with statements
-- after that unit, whosever they are. `reference`: where the cost
-- of the first statement comes from (warm, schema, bound, none).
WITH followed AS (
  SELECT h.*,
    min(coalesce(h.closed_ns, u.end_ns)) OVER (
      PARTITION BY h.process_id, h.peer_kind, h.peer ORDER BY h.opened_ns, h.id
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS free_ns,
    max(coalesce(h.create_span_ns, 0), coalesce(h.open_dur_ns, 0)) AS create_ns,
    max(coalesce(h.close_span_ns, 0), coalesce(h.close_dur_ns, 0)) AS close_ns,
    f.warm_ns, f.most_ns, p.dur_ns AS again_ns,
    l.last_ns > u.end_ns AS served_later
  FROM v1_handle h
  LEFT JOIN v1_unit u ON u.id = h.open_unit_id
  LEFT JOIN first_use f ON f.handle_id = h.id
  LEFT JOIN prepared_again p ON p.handle_id = h.id
  LEFT JOIN (SELECT handle_id, max(start_ns) AS last_ns FROM asked GROUP BY 1) l ON l.handle_id = h.id
  WHERE h.is_database AND h.opened_ns IS NOT NULL
), bracket AS (
  SELECT *,
    uses <= 1 AND open_unit_id IS NOT NULL AND served_later IS NOT 1
      AND (close_unit_id IS open_unit_id OR free_ns < opened_ns) AS discarded,
    CASE WHEN warm_ns IS NOT NULL THEN 'warm' WHEN peer_kind = 'sqlite' AND first_extra_ns IS NOT NULL
      THEN 'schema' WHEN peer_kind <> 'sqlite' AND most_ns IS NOT NULL THEN 'bound'
      ELSE 'none' END AS reference,
    peer_kind <> 'sqlite' AS is_server
  FROM followed
)
SELECT *,
  -- the sums of SQLite were within -14 … +13 % of the truth on three Pythons, and what the hooks cost
  -- around themselves (caches) stays in them, up to 28 %; a server's bracket is
  -- set-up and close alone, and with the first statement's excess; 5 % less, and 15 % more, for a
  -- server process that ends takes a CPU from whoever is next
  iif(is_server, 0.95 * (coalesce(ready_ns, create_ns) + close_ns),
      0.72 * (create_ns + close_ns + excess_ns)) AS low_ns,
  iif(is_server, (coalesce(ready_ns, create_ns) + max(coalesce(ready_ns, 0), create_ns)
                  + 2 * close_ns + excess_ns) / 2.0,
      create_ns + close_ns + excess_ns) AS mid_ns,
  iif(is_server, 1.15 * (max(coalesce(ready_ns, 0), create_ns) + close_ns + excess_ns),
      1.17 * (create_ns + close_ns + excess_ns)) AS high_ns,
  reference = 'none' OR (NOT is_server AND create_span_ns IS NULL)
    OR (is_server AND ready_ns IS NULL AND create_span_ns IS NULL) AS at_least
FROM (SELECT *, CASE reference WHEN 'warm' THEN warm_ns WHEN 'schema' THEN max(first_extra_ns, coalesce(again_ns, 0))
                WHEN 'bound' THEN most_ns ELSE 0 END AS excess_ns FROM bracket);

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

CREATE TEMP TABLE peer_name AS
-- Names for people.
SELECT column1 AS peer_kind, column2 AS name FROM (VALUES
  ('sqlite', 'SQLite'), ('postgresql', 'PostgreSQL'), ('mysql', 'MySQL'), ('mongodb', 'MongoDB'),
  ('redis', 'Redis'));

CREATE TEMP TABLE noun AS
-- What a unit of the basis is called: "request".
SELECT iif(kind IN ('request', 'websocket', 'task', 'job', 'test', 'run', 'command', 'stream'), kind, 'run') AS one
FROM basis_total;
