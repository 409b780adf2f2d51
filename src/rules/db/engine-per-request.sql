-- id: engine-per-request
-- group: db
-- needs: v1_statement v1_sample v1_frame
-- excludes: db-connection-per-request cold-start
-- floor: 0.02
-- level: proven
-- saving: S2
-- fix: make the engine, pool or client once, at module level or at start-up, and use it in every request
-- doc: docs/causes/engine-per-request.md
-- order: 9
-- units: 3

-- Connections made through a pool's code that serve one unit each, and with them what only a new engine does: it asks
-- the server's version (SQLAlchemy: once an engine), or compiles a text that another one had compiled before, or its
-- making opens them. To the connections (formula S2) come the compiled forms that went with it, and its making, where samples
-- see it; the line that makes it is what to change, by samples, a cold request's too, or as its source says.
WITH RECURSIVE making AS MATERIALIZED ( SELECT f.id FROM (SELECT id, file, function FROM v1_frame WHERE kind = 'library') f JOIN pool_code c ON f.file LIKE c.file AND f.function LIKE c.makes
), under(id) AS ( SELECT id FROM making UNION SELECT f.id FROM under u JOIN v1_frame f ON f.parent_id = u.id WHERE f.kind <> 'app'
), versions AS MATERIALIZED ( SELECT DISTINCT c.id FROM connection c JOIN v1_statement s ON s.unit_id = c.open_unit_id AND s.handle_id = c.id WHERE c.discarded AND s.is_transaction AND s.fingerprint LIKE '%version()%'
), pooled AS ( SELECT c.*, b.weight, b.route, c.open_stack_id IN (SELECT id FROM under) AS in_making,
    c.id IN (SELECT id FROM versions) AS asked_version
  FROM connection c JOIN basis b ON b.id = c.open_unit_id WHERE c.discarded AND (c.open_stack_id IN (SELECT id FROM pool_stack) OR c.id IN (SELECT id FROM versions)) -- SQLAlchemy's asyncio connects from another greenlet
), made AS ( -- no kind of database is known of a sample: where there are two, it is that with the most connections
  SELECT (SELECT peer_kind FROM pooled GROUP BY 1 ORDER BY count(*) DESC LIMIT 1) AS peer_kind, p.app_file AS file, p.app_line AS line, p.app_function AS function, max(p.stack_id) AS stack_id, total(p.ns) * t.scale AS ns, total(p.ticks) AS ticks
  FROM sampled p, sampled_total t WHERE p.has_app AND p.stack_id IN (SELECT id FROM under) GROUP BY 2, 3, 4 HAVING total(p.ticks) >= 5
), met AS ( -- where the first request of a process was seen to make one, whose time does not count
  SELECT (SELECT peer_kind FROM pooled GROUP BY 1 ORDER BY count(*) DESC LIMIT 1) AS peer_kind, f.app_file AS file, f.app_line AS line, f.app_function AS function, total(s.ticks) AS ticks
  FROM v1_sample s JOIN v1_frame f ON f.id = s.stack_id WHERE s.in_unit AND f.has_app AND s.stack_id IN (SELECT id FROM under) GROUP BY 2, 3, 4 HAVING total(s.ticks) >= 5
), lines AS ( SELECT peer_kind, file, line, function, max(open_stack_id) AS stack_id, sum(weight * mid_ns) AS ns, sum(weight) AS opens FROM pooled GROUP BY 1, 2, 3, 4 ORDER BY ns DESC
), near(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM near WHERE i < 12), source AS ( SELECT l.peer_kind, l.file, l.function, l.line - i AS line, i, trim(source_at(l.file, l.line - i, (SELECT value FROM v1_meta WHERE key = 'started_realtime_ns'))) AS text FROM (SELECT * FROM lines GROUP BY peer_kind HAVING max(ns)) l, near WHERE l.line > i
), written AS ( -- its making that no sample saw: the nearest line above the one that connects, in its function
  SELECT peer_kind, file, line, function, min(i) AS i FROM source s WHERE (text LIKE '%create_engine(%' OR text LIKE '%create_async_engine(%' OR text LIKE '%create_pool(%' OR text GLOB '*[a-z]Pool(*')
    AND NOT EXISTS (SELECT 1 FROM source d WHERE d.peer_kind = s.peer_kind AND d.i <= s.i AND (d.text LIKE 'def %' OR d.text LIKE 'async def %' OR d.text LIKE 'class %')) GROUP BY peer_kind
), texts AS ( -- runs and compilations of lines that say the same each time
  SELECT a.peer_kind, a.file, a.line, count(*) AS runs, (SELECT max(w.calls) FROM library_work w WHERE w.file = a.file AND w.line = a.line AND w.subject LIKE '%.compile') AS calls,
    (SELECT sum(w.calls * w.each_ns) FROM library_work w WHERE w.file = a.file AND w.line = a.line) AS ns
  FROM asked a JOIN basis b ON b.id = a.unit_id GROUP BY 1, 2, 3 HAVING count(DISTINCT a.raw_hash) < 0.3 * count(*)
), compiled AS (SELECT peer_kind, sum(runs) AS runs, total(calls) AS calls, total(ns) AS ns FROM texts GROUP BY 1
), total AS ( SELECT p.peer_kind, sum(weight) AS opens, total(weight * in_making) AS in_making, total(weight * asked_version) AS versions, max(at_least) AS at_least,
    sum(weight) * midmean(mid_ns) AS mid, sum(weight) * min(midmean(low_ns), boot_low(mid_ns)) AS low, sum(weight) * max(midmean(high_ns), boot_high(mid_ns)) AS high,
    iif(count(DISTINCT coalesce(route, '')) = 1, max(route), NULL) AS route, (SELECT sum(touching) FROM database_use d WHERE d.peer_kind = p.peer_kind) AS touching
  FROM pooled p GROUP BY 1
), judged AS ( SELECT t.*, coalesce((SELECT sum(ns) FROM made m WHERE m.peer_kind = t.peer_kind), 0) AS made_ns, coalesce(c.ns, 0) AS compile_ns, coalesce(c.calls, 0) AS calls, coalesce(c.runs, 0) AS runs,
    max(t.in_making, t.versions) >= 0.5 * t.opens OR coalesce(c.calls >= 0.5 * c.runs, 0) AS anew
  FROM total t LEFT JOIN compiled c ON c.peer_kind = t.peer_kind
)
SELECT anew AND opens >= 0.5 * touching AND opens >= 5 AS fires, peer_kind AS subject, peer_kind, (SELECT stack_id FROM lines l WHERE l.peer_kind = j.peer_kind) AS stack_id, route, 1 AS at_least,
  printf('An engine or pool (%s) is made in every %s: nothing that it keeps is used again.', name, one) AS title,
  (SELECT json_group_array(json_array(file, line, function)) FROM (SELECT file, line, function FROM (SELECT file, line, function, ns, 0 AS nth FROM made m WHERE m.peer_kind = j.peer_kind UNION ALL
    SELECT file, line, function, ticks, 1 FROM (SELECT peer_kind, file, line, function, 0 AS ticks FROM written UNION ALL SELECT * FROM met) w WHERE w.peer_kind = j.peer_kind AND j.made_ns = 0 UNION ALL SELECT file, line, function, ns, 2 FROM lines l WHERE l.peer_kind = j.peer_kind AND ns > 0.05 * mid) GROUP BY file, line, function ORDER BY min(nth), ns DESC LIMIT 5)) AS places, opens AS units, mid + compile_ns + made_ns AS share_ns,
  (low + 0.8 * (compile_ns + made_ns)) / units AS saving_low_ns, (mid + compile_ns + made_ns) / units AS saving_mid_ns, (high + 1.2 * (compile_ns + made_ns)) / units AS saving_high_ns,
  (SELECT json_group_array(json_array(key, ns)) FROM (SELECT printf('connect:%s:%d', file, line) AS key, ns FROM lines l WHERE l.peer_kind = j.peer_kind UNION ALL SELECT printf('python:%s:%s', file, function), ns FROM made m WHERE m.peer_kind = j.peer_kind UNION ALL
    SELECT printf('literal:%s:%d', file, line), coalesce(ns, 0) FROM texts x WHERE x.peer_kind = j.peer_kind)) AS claims,
  json_array(json_array('connections of a pool, for one ' || one || ' each', 1.0 * opens / touching, 'per ' || one), json_array('opening and closing them', mid / opens / 1e6, 'ms per ' || one),
    json_array('of them asked for the server''s version', versions, printf('of %d', opens)), json_array('statements compiled anew', calls, printf('of %d runs that say the same', runs)),
    json_array('making it', nullif(made_ns, 0) / opens / 1e6, 'ms per ' || one), json_array('compiling them', compile_ns / opens / 1e6, 'ms per ' || one)) AS evidence,
  json_array(json_array('db-connection-per-request', 'they are made through a pool''s code, and the pool is made anew'), json_array('cold-start', printf('%d of them, one %s each', opens, one))) AS excluded,
  printf('%d connections of a pool served one %s each; %d of them are a new engine''s first', opens, one, max(in_making, versions, min(calls, opens))) AS because,
  printf('%d connections of a pool served one %s only; nothing says that the pool was made anew', opens, one) AS ruled_out
FROM judged j JOIN peer_name USING (peer_kind), basis_total b, noun;
