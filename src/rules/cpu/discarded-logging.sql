-- id: discarded-logging
-- group: cpu
-- needs: v1_unit v1_sample v1_unit_sample v1_frame v1_usage
-- excludes: sync-log-write
-- floor: 0.05
-- level: likely
-- saving: S1
-- fix: give the logger the parts and let it write the text if it is wanted: log.debug("… %s", value), not f"…" or "…" % value; where a
--   part itself is dear, ask first: if log.isEnabledFor(logging.DEBUG)
-- doc: docs/causes/discarded-logging.md
-- order: 9
-- units: 3

-- A line of the application whose source calls a logger (in it, or in a call that begins one or two lines above), sampled there and below (what its arguments call), in the standard library's
-- logging, too, or in a file that makes such a logger (the test of the level is too short to be sampled), and never in a handler's
-- emit: the record that it prepares goes nowhere. Else it may be another's logger, or something of that name; and what calls write()
-- below writes, whatever its functions are called. Ends of the saving: 0.7 and 1.2 of the
-- line's time (asking for the level stays), joined with the 90 % of the share.
WITH RECURSIVE lines AS MATERIALIZED (
  SELECT file, line, iif(above LIKE '%(', above, iif(above LIKE '%,' AND higher LIKE '%(', higher, '')) || ' ' || text AS text FROM (SELECT file, line, source_at(file, line - 2, began) AS higher, source_at(file, line - 1, began) AS above, source_at(file, line, began) AS text FROM (SELECT value AS began FROM v1_meta WHERE key = 'started_realtime_ns'),
  (SELECT app_file AS file, app_line AS line FROM sampled WHERE has_app GROUP BY 1, 2 ORDER BY total(ns) DESC LIMIT 60))
), logs AS MATERIALIZED (
  SELECT DISTINCT file, line FROM lines, (VALUES ('log'), ('logger'), ('logging')) n, (VALUES ('debug'), ('info'), ('warning'), ('log')) m
  WHERE ' ' || lower(text) GLOB '*[^a-z0-9]' || n.column1 || '.' || m.column1 || '(*' OR ' ' || lower(text) GLOB '*[^a-z0-9]' || n.column1 || '().' || m.column1 || '(*'
), makes(file, n) AS ( -- the first lines of a file, up to one that makes a logger
  SELECT DISTINCT file, 1 FROM logs UNION ALL SELECT file, n + 1 FROM makes WHERE n < 200
    AND coalesce(source_at(file, n, (SELECT value FROM v1_meta WHERE key = 'started_realtime_ns')), '') NOT LIKE '%logging.getLogger(%'
), down(id, at_id, emits, logs) AS (
  SELECT f.id, f.id, 0, 0 FROM v1_frame f JOIN logs l ON l.file = f.file AND l.line = f.line WHERE f.kind = 'app'
  UNION ALL SELECT f.id, d.at_id, d.emits OR f.function = 'emit' OR f.function LIKE '%.emit', d.logs OR (f.file LIKE '%/logging/__init__.py')
  FROM down d JOIN v1_frame f ON f.parent_id = d.id
), sites AS (
  SELECT a.file, a.line, a.function, max(a.id) AS stack_id, total(l.wall_ns) AS ns, total(l.ticks) AS ticks,
    total(iif(d.emits, l.ticks, 0)) AS written, total(iif(d.logs, l.ticks, 0)) AS logging, total(iif(l.state IN ('gil', 'runqueue', 'lock'), l.wall_ns, 0)) AS wait_ns,
    iif(count(DISTINCT coalesce(l.route, '')) = 1, max(l.route), NULL) AS route,
    json_group_array(DISTINCT coalesce(l.route, '')) AS routes, (SELECT max(n) < 200 FROM makes m WHERE m.file = a.file) AS own_logger
  FROM down d JOIN v1_frame a ON a.id = d.at_id JOIN looked l ON l.stack_id = d.id GROUP BY 1, 2, 3
), costs AS (
  SELECT s.*, s.ns / t.ns * t.ledger_ns AS cost_ns, t.ledger_ns / t.ns AS scale, t.ticks AS all_ticks, t.units, t.wall_ns, t.kind,
    (SELECT count(DISTINCT u.unit_id) FROM v1_unit_sample u JOIN basis b ON b.id = u.unit_id JOIN down d ON d.id = u.stack_id
      JOIN v1_frame a ON a.id = d.at_id WHERE a.file = s.file AND a.line = s.line) AS seen,
    (SELECT total(r.units) FROM route_units r WHERE coalesce(r.route, '') IN (SELECT value FROM json_each(s.routes))) AS unit_count,
    (SELECT total(g.calls) FROM v1_usage g JOIN down d ON d.id = g.stack_id JOIN v1_frame a ON a.id = d.at_id
      WHERE g.kind = 'write' AND a.file = s.file AND a.line = s.line) AS writes
  FROM sites s, thread_part t WHERE t.ns > 0 AND t.wall_ns > 0 AND s.ticks >= 10
)
SELECT written = 0 AND writes = 0 AND (logging > 0 OR own_logger) AND (seen >= 3 OR kind <> 'request') AS fires, printf('%s:%d', base_name(file), line) AS subject, stack_id, route, iif(kind = 'thread', 0, unit_count) AS units, cost_ns AS share_ns,
  printf('%.0f %% of a %s is work for log records that are not written.', 100.0 * cost_ns / wall_ns, one) AS title, json_array(json_array(file, line, function)) AS places,
  0.9 * (cost_ns - wait_ns * scale) * spread_low(ticks, all_ticks, 0.78) / units AS saving_low_ns, 0.9 * cost_ns / units AS saving_mid_ns, min(0.9 * cost_ns * spread_high(ticks, all_ticks, 1.33), wall_ns) / units AS saving_high_ns,
  (SELECT json_group_array(json_array(key, ns)) FROM (SELECT printf('work:%s:%d:log', costs.file, costs.line) AS key, cost_ns AS ns UNION ALL SELECT printf('work:%s:%d:%s', w.file, w.line, w.work), w.ns * scale FROM work_line w WHERE w.file = costs.file AND w.line = costs.line UNION ALL SELECT printf('python:%s:%s', p.file, p.function), total(p.ns) * scale
    FROM sampled p JOIN down d ON d.id = p.stack_id JOIN v1_frame a ON a.id = d.at_id WHERE p.kind = 'app' AND a.file = costs.file AND a.line = costs.line GROUP BY p.file, p.function)) AS claims,
  json_array(json_array('samples on the line and below', ticks, printf('of %d in %ss', all_ticks, one)), json_array('of them in logging', iif(logging > 0, logging, NULL), ''), json_array('of them writing a record', written, ''),
    json_array('it takes', cost_ns / 1e6 / units, 'ms per ' || one)) AS evidence,
  json_array(json_array('sync-log-write', 'no sample is in a handler that writes')) AS excluded,
  printf('%d samples on a line that calls a logger, none of them in a handler''s emit', ticks) AS because,
  iif(written > 0 OR writes > 0, printf('%s:%d logs, and its records are written: %d of %d samples, %.0f calls that write', base_name(file), line, written, ticks, writes),
    printf('%s:%d calls what may be a logger, with none of %d samples in logging', base_name(file), line, ticks)) AS ruled_out
FROM costs, noun ORDER BY cost_ns DESC;
