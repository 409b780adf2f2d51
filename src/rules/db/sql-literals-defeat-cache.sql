-- id: sql-literals-defeat-cache
-- group: db
-- needs: v1_event v1_frame
-- excludes: query-built-per-request
-- floor: 0.005
-- level: proven
-- saving: S1
-- fix: pass values as bound parameters, so that the statement's text stays the same
-- doc: docs/causes/sql-literals-defeat-cache.md
-- order: 12
-- units: 1

-- One line, one fingerprint, many texts that differ only in their literals: nothing that is kept by
-- text (SQLite's and psycopg's prepared statements, SQLAlchemy's compiled form) is ever found again.
-- The floor is low because only part of the cost can be seen. Transactions' own are left out.
WITH said AS (
  SELECT a.*, b.id AS unit, b.weight,
    -- the first prepare of a connection reads file and schema: that part belongs to the connection,
    -- so there a warm prepare stands for it (NULL: none in this recording)
    iif(a.seq = 1, (SELECT min(w.dur_ns, a.prepare_ns) FROM warm_prepare w WHERE w.peer_kind = a.peer_kind),
      a.prepare_ns) AS own_prepare_ns
  FROM asked a JOIN basis b ON b.id = a.unit_id
  WHERE a.fingerprint IS NOT NULL AND NOT a.encrypted
), compiled AS ( -- spans of the library that turns objects into text, by the line that asked for it
  SELECT f.app_file AS file, f.app_line AS line, sum(e.dur_ns) AS ns
  FROM v1_event e JOIN basis b ON b.id = e.unit_id JOIN v1_frame f ON f.id = e.stack_id
  WHERE e.kind = 'span' AND e.subject LIKE '%compile%' GROUP BY 1, 2
), sites AS (
  SELECT s.file, s.line, s.function, s.peer_kind, s.fingerprint, count(*) AS runs, sum(s.weight) AS weighted,
    count(DISTINCT s.raw_hash) AS texts, min(s.literals) AS literals, count(DISTINCT s.unit) AS unit_rows,
    max(s.stack_id) AS stack_id, sum(s.weight * s.own_prepare_ns) AS prepare_ns,
    count(*) FILTER (WHERE s.own_prepare_ns > 0) AS prepared,
    max(c.ns) * 1.0 * count(*) / sum(count(*)) OVER (PARTITION BY s.file, s.line) AS compile_ns
  FROM said s LEFT JOIN compiled c ON c.file = s.file AND c.line = s.line
  GROUP BY s.file, s.line, s.function, s.peer_kind, s.fingerprint
), judged AS (
  SELECT *, iif(compile_ns IS NULL AND prepared = 0, NULL, coalesce(compile_ns, 0) + coalesce(prepare_ns, 0)) AS ns,
    literals > 0 AND texts >= 3 AND texts >= 0.5 * runs AS defeats
  FROM sites
)
SELECT defeats AS fires, fingerprint AS subject, peer_kind, stack_id,
  'A statement is written with its values in the text, so each is parsed as if it were new.' AS title,
  json_array(json_array(file, line, function)) AS places, unit_rows AS units, ns AS share_ns,
  ns / units AS saving_mid_ns, 0.9 * ns / units AS saving_low_ns, 1.1 * ns / units AS saving_high_ns, 1 AS at_least,
  json_array(json_array(printf('prepare:%s:%d', file, line), ns)) AS claims,
  json_array(json_array('different texts of one statement', texts, printf('in %d runs', runs)),
    json_array('literal values in its text', literals, 'at least'),
    json_array('preparing it', iif(prepared, prepare_ns / units / 1e6, NULL), 'ms per ' || one),
    json_array('compiling it in the library', compile_ns / units / 1e6, 'ms per ' || one)) AS evidence,
  json_array(json_array('query-built-per-request',
    printf('the fingerprint is the same in all %d runs; only literals change', runs))) AS excluded,
  printf('%d texts in %d runs of one statement at this line', texts, runs)
    || iif(ns IS NULL, '; what it costs cannot be told apart here', '') AS because,
  printf('at most %d texts of one statement at one line', max(texts) OVER ()) AS ruled_out
FROM judged, basis_total, noun ORDER BY defeats DESC, ns DESC;
