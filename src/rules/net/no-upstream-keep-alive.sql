-- id: no-upstream-keep-alive
-- group: net
-- needs: v1_handle v1_unit v1_event v1_frame
-- excludes: db-connection-per-request slow-upstream
-- floor: 0.02
-- level: proven
-- saving: S2
-- fix: make the client (session, pool) once for the process and use it here: it keeps its connections
-- doc: docs/causes/no-upstream-keep-alive.md
-- order: 10
-- units: 3

-- A connection to another HTTP service that serves one unit and is then thrown away, at a line where that happens to
-- nine of ten. What is counted is opening, TLS and closing, and the sampled Python of libraries that set a client up.
-- A client that reads an answer to its end and closes then (http.client: will_close) was told so by the service: no fault of a client that is kept. An event
-- loop closes by itself, whoever ended the connection: unless a client was seen being made there, that is not told apart.
WITH RECURSIVE code AS MATERIALIZED (
  SELECT DISTINCT f.file, f.function, s.what FROM (SELECT DISTINCT file, function FROM v1_frame) f JOIN client_code s
    ON f.file LIKE s.file AND (f.function = s.name OR substr(f.function, -length(s.name) - 1) = '.' || s.name)
), frame AS MATERIALIZED (SELECT id, parent_id, file, function FROM v1_frame), under(id, what) AS (
  SELECT id, what FROM frame JOIN code USING (file, function) UNION SELECT f.id, u.what FROM under u JOIN frame f ON f.parent_id = u.id
), python AS MATERIALIZED (SELECT s.*, s.stack_id IN (SELECT id FROM under WHERE what = 'client') AS client FROM sampled s WHERE s.stack_id IN (SELECT id FROM under WHERE what IN ('client', 'set-up'))
), handles AS MATERIALIZED (
  SELECT h.*, u.end_ns, min(coalesce(h.closed_ns, u.end_ns)) OVER (PARTITION BY h.process_id, h.peer ORDER BY h.opened_ns, h.id
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS free_ns FROM v1_handle h LEFT JOIN v1_unit u ON u.id = h.open_unit_id
  WHERE h.kind = 'socket' AND (h.peer_kind = 'http' OR (h.peer_kind = 'unknown' AND h.tls)) AND h.opened_ns IS NOT NULL
), judged AS (
  SELECT *, uses <= 1 AND open_unit_id IS NOT NULL AND (close_unit_id IS open_unit_id OR free_ns < opened_ns) AS discarded,
    close_stack_id IN (SELECT id FROM frame WHERE file LIKE '%/asyncio/%') AS by_loop, close_stack_id IN (SELECT id FROM under WHERE what = 'ended') AS ended, open_stack_id IN (SELECT id FROM under WHERE what = 'own') AS own FROM handles
), sites AS (
  SELECT file, line, function, sum(discarded) AS opens, sum(max(uses, 1)) AS uses, total(discarded AND ended) AS ended, total(discarded AND by_loop) AS by_loop, total(own) AS own, max(open_stack_id) AS stack_id,
    iif(count(DISTINCT peer) = 1, max(peer), count(DISTINCT peer) || ' services') AS peer FROM judged WHERE has_app GROUP BY 1, 2, 3
), keys AS (SELECT handle_id, sum(dur_ns) AS ns FROM v1_event WHERE kind = 'tls_handshake' GROUP BY handle_id
), per_unit AS (
  SELECT j.file, j.line, b.id, b.weight, b.route, count(*) AS opens, sum(coalesce(j.open_dur_ns, 0) + coalesce(j.close_dur_ns, 0)
    + coalesce(k.ns, 0)) AS ns
  FROM judged j JOIN basis b ON b.id = j.open_unit_id LEFT JOIN keys k ON k.handle_id = j.id WHERE j.discarded GROUP BY 1, 2, 3
), costs AS ( SELECT s.*, sum(p.weight) AS unit_count, sum(p.weight * p.opens) AS made, sum(p.weight) * midmean(p.ns) AS ns,
    sum(p.weight) * boot_low(p.ns) AS low, iif(count(DISTINCT coalesce(p.route, '')) = 1, max(p.route), NULL) AS route,
    coalesce((SELECT total(y.ns) * t.scale FROM python y WHERE y.app_file = s.file AND y.app_line = s.line), 0) AS python_ns,
    s.ended >= 0.5 * s.opens AS theirs, own > 0 OR EXISTS (SELECT 1 FROM python y WHERE y.app_file = s.file AND y.app_function = s.function AND y.client) AS each_own
  FROM sites s JOIN per_unit p USING (file, line), sampled_total t GROUP BY s.file, s.line
)
SELECT opens >= 0.9 * uses AS fires, printf('%s:%d', base_name(file), line) AS subject, stack_id, route, iif(theirs AND NOT each_own, 'closes', NULL) AS peer_kind,
  printf('%s to another service %s opened for a %s and %s.', iif(made > 1.5 * unit_count, printf('%.1f connections', 1.0 * made / unit_count), 'A connection'),
    iif(made > 1.5 * unit_count, 'are', 'is'), one, iif(theirs AND NOT each_own, 'closed after the answer, as the service asks', 'thrown away')) AS title,
  json_array(json_array(file, line, function)) AS places, unit_count AS units, ns + python_ns AS share_ns, 1 AS at_least,
  low / units AS saving_low_ns, (ns + python_ns) / units AS saving_mid_ns, 1.3 * (ns + python_ns) / units AS saving_high_ns,
  json_insert((SELECT json_group_array(json_array(printf('python:%s:%s', y.file, y.function), t.scale * y.ns)) FROM python y, sampled_total t
    WHERE y.app_file = c.file AND y.app_line = c.line), '$[#]', json_array(printf('connect:%s:%d', file, line), ns)) AS claims,
  json_array(json_array('connections opened and not kept', 1.0 * made / unit_count, 'per ' || one || ', to ' || peer),
    json_array('opening and closing them', ns / unit_count / 1e6, 'ms per ' || one),
    json_array('Python that sets them up (samples)', python_ns / unit_count / 1e6, 'ms per ' || one)) AS evidence,
  json_array(json_array('db-connection-per-request', 'the peer is spoken to in HTTP or TLS, it is no database'),
    json_array('slow-upstream', iif(theirs OR (by_loop >= 0.5 * opens AND NOT each_own), NULL, 'what the other service takes to answer is not counted'))) AS excluded,
  CASE WHEN theirs AND each_own THEN 'the other service closes after its answer as well: ask for keep-alive there' WHEN by_loop >= 0.5 * opens AND NOT each_own
    THEN 'if it is kept already, the other service ends its connections: ask for keep-alive there' END AS fix_more,
  printf('%d of %d uses of such a connection were its only one%s', opens, uses, iif(theirs, printf('; %.0f were closed because the service ends them', ended), '')) AS because,
  printf('%d of %d connections to other services served one %s only', opens, uses, one) AS ruled_out
FROM costs c, basis_total, noun ORDER BY share_ns DESC;
