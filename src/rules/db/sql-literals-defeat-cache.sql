-- id: sql-literals-defeat-cache
-- group: db
-- needs: v1_handle v1_usage v1_frame
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
    -- so there a warm prepare stands for it, or the prepare without the schema load measured in it
    iif(a.seq = 1, coalesce((SELECT min(w.dur_ns, a.prepare_ns) FROM warm_prepare w WHERE w.peer_kind = a.peer_kind),
        max(0, a.prepare_ns - h.first_extra_ns)), a.prepare_ns) AS own_prepare_ns
  FROM asked a JOIN basis b ON b.id = a.unit_id LEFT JOIN v1_handle h ON h.id = a.handle_id
  WHERE a.fingerprint IS NOT NULL AND NOT a.encrypted
), compiled AS ( -- describing a result is such work only where a statement was compiled
  SELECT c.file, c.line, c.calls, c.each_ns + coalesce((SELECT sum(r.each_ns) FROM library_work r
      WHERE r.file = c.file AND r.line = c.line AND r.subject LIKE '%.compile.result'), 0) AS each_ns
  FROM library_work c WHERE c.subject LIKE '%.compile'
), sites AS (
  SELECT s.file, s.line, s.function, s.peer_kind, s.fingerprint, count(*) AS runs, sum(s.weight) AS weighted,
    count(DISTINCT s.raw_hash) AS texts, min(s.literals) AS literals, count(DISTINCT s.unit) AS unit_rows,
    max(s.stack_id) AS stack_id, sum(s.weight) FILTER (WHERE s.own_prepare_ns > 0)
      * midmean(iif(s.own_prepare_ns > 0, s.own_prepare_ns, NULL)) AS prepare_ns,
    count(*) FILTER (WHERE s.own_prepare_ns > 0) AS prepared, min(s.app_text) AS app_text,
    -- a line that runs several statements: each has its part of what was compiled
    max(c.each_ns) * sum(s.weight) * min(1.0, 1.0 * max(c.calls)
      / sum(count(*)) OVER (PARTITION BY s.file, s.line)) AS compile_ns
  FROM said s LEFT JOIN compiled c ON c.file = s.file AND c.line = s.line
  GROUP BY s.file, s.line, s.function, s.peer_kind, s.fingerprint
), judged AS (
  SELECT *, iif(compile_ns IS NULL AND prepared = 0, NULL, coalesce(compile_ns, 0) + coalesce(prepare_ns, 0)) AS ns,
    literals > 0 AND texts >= 3 AND texts >= 0.5 * runs AS differs
  FROM sites
)
SELECT differs AND app_text AS fires, fingerprint AS subject, peer_kind, stack_id,
  'A statement is written with its values in the text, so each is parsed as if it were new.' AS title,
  json_array(json_array(file, line, function)) AS places, unit_rows AS units, ns AS share_ns,
  ns / units AS saving_mid_ns, 0.9 * ns / units AS saving_low_ns, 1.1 * ns / units AS saving_high_ns, 1 AS at_least,
  json_array(json_array(printf('literal:%s:%d', file, line), ns)) AS claims,
  json_array(json_array('different texts of one statement', texts, printf('in %d runs', runs)),
    json_array('literal values in its text', literals, 'at least'),
    json_array('preparing it', iif(prepared, prepare_ns / units / 1e6, NULL), 'ms per ' || one),
    json_array('compiling it in the library', compile_ns / units / 1e6, 'ms per ' || one)) AS evidence,
  json_array(json_array('query-built-per-request',
    printf('the fingerprint is the same in all %d runs; only literals change', runs))) AS excluded,
  printf('%d texts in %d runs of one statement at this line', texts, runs)
    || iif(ns IS NULL, '; what it costs cannot be told apart here', '') AS because,
  iif(differs AND NOT app_text, printf('cannot tell at %s:%d: the driver may write bound values into the text itself (psycopg2 does)',
    base_name(file), line), printf('at most %s of one statement at one line',
    counted(max(iif(app_text, texts, 0)) OVER (), 'text'))) AS ruled_out
FROM judged, basis_total, noun ORDER BY differs AND app_text DESC, differs DESC, ns DESC;
