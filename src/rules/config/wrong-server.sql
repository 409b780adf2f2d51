-- id: wrong-server
-- group: config
-- needs: v1_fact v1_sample v1_frame v1_unit
-- excludes: debug-mode
-- floor: 0.1
-- level: likely
-- saving: none
-- fix: serve it with a server that is made for load: gunicorn, uWSGI, waitress, uvicorn; the development server parses in plain Python, takes
--   one connection a request and starts a thread for it
-- doc: docs/causes/wrong-server.md
-- order: 25
-- units: 20

-- A development server (by the process's own modules), whose samples on a CPU outside of requests, below its own functions, are three tenths or more of
-- all that serving takes. What another server takes instead is not measured here, so no saving is stated.
WITH RECURSIVE serving AS MATERIALIZED (
  SELECT DISTINCT value AS server FROM v1_fact WHERE key = 'server' AND value IN ('werkzeug', 'wsgiref', 'runserver')
), code AS MATERIALIZED (
  SELECT DISTINCT file, function FROM v1_frame WHERE EXISTS (SELECT 1 FROM serving) AND (file LIKE '%/werkzeug/serving.py' OR file LIKE '%/socketserver.py' OR file LIKE '%/http/server.py'
    OR file LIKE '%/wsgiref/%' OR file LIKE '%/django/core/servers/basehttp.py')
), frame AS MATERIALIZED (SELECT id, parent_id, file, function FROM v1_frame WHERE EXISTS (SELECT 1 FROM serving)
), under(id) AS (
  SELECT id FROM frame JOIN code USING (file, function) UNION SELECT f.id FROM under u JOIN frame f ON f.parent_id = u.id
), own AS (
  SELECT total(ticks) AS ticks, total(wall_ns) AS ns FROM v1_sample WHERE NOT in_unit AND state IN ('python', 'native') AND stack_id IN (SELECT id FROM under)
), judged AS (
  SELECT (SELECT group_concat(server, ', ') FROM serving) AS server, o.ticks, o.ns / (o.ns + t.ns) AS part, o.ns * t.scale AS ns, t.ticks AS all_ticks,
    share_low(o.ticks, o.ticks + t.ticks) AS least FROM own o, sampled_total t WHERE EXISTS (SELECT 1 FROM serving) AND o.ns + t.ns > 0
)
SELECT part >= 0.3 AND ticks >= 10 AS fires, server AS subject,
  printf('The development server (%s) takes %.0f %% of the CPU that serving takes.', server, 100 * part) AS title,
  '[]' AS places, units, ns / (wall_ns + ns) * wall_ns AS share_ns, '[]' AS claims,
  json_array(json_array('its own work beside ' || one || 's', ns / 1e6 / units, 'ms of CPU per ' || one), json_array('samples in it', ticks, printf('beside %d in %ss', all_ticks, one)),
    json_array('at least (95 %)', 100 * least, '% of the CPU')) AS evidence,
  json_array(json_array('debug-mode', iif(EXISTS (SELECT 1 FROM v1_fact WHERE key LIKE '%.debug' AND value = 'True'), NULL, 'no debug switch is on'))) AS excluded,
  printf('the process runs %s; %d samples are in it outside of %ss', server, ticks, one) AS because,
  printf('%s takes %.0f %% of the CPU that serving takes', server, 100 * part) AS ruled_out
FROM judged, basis_total, noun WHERE ns IS NOT NULL AND units > 0;
