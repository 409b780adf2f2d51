-- id: debug-mode
-- group: config
-- needs: v1_fact v1_unit
-- excludes: none
-- floor: 0
-- level: likely
-- saving: none
-- fix: switch the debug flag off for this deployment
-- doc: docs/causes/debug-mode.md
-- order: 0
-- units: 1

-- A debug switch seen on in a process that serves units. What it costs is spread over everything
-- (statements kept in a list, templates read again, checks), so no saving is stated. With few
-- requests, or as many as a person asks a development server for by hand, it is a line in the header instead (notes.c).
WITH switches AS (
  SELECT key, value, count(DISTINCT process_id) AS processes, lower(value) IN ('1', 'true', 'on', 'yes') AS is_on,
    substr(key, 1, instr(key || '.', '.') - 1) AS owner
  FROM v1_fact WHERE key LIKE '%.debug' OR key = 'debug' GROUP BY key, value
), served AS (
  SELECT iif(EXISTS (SELECT 1 FROM v1_fact WHERE key = 'server' AND value IN ('werkzeug', 'runserver', 'wsgiref')), 200, 30) AS few
)
SELECT is_on AND units > few AS fires, key AS subject, NULL AS peer_kind, 0 AS stack_id,
  printf('Debug mode is on (%s).', iif(key = 'asyncio.debug', 'asyncio: PYTHONASYNCIODEBUG', key)) AS title, '[]' AS places, units, NULL AS share_ns,
  json_array(json_array('processes with the switch on', processes, '')) AS evidence, '[]' AS excluded,
  printf('%s = %s in %d process%s that serve%s %ss%s', key, value, processes, iif(processes = 1, '', 'es'), iif(processes = 1, 's', ''), one,
    iif(key = 'asyncio.debug', ': PYTHONASYNCIODEBUG is set in the environment', '')) AS because,
  iif(key = 'asyncio.debug', 'take PYTHONASYNCIODEBUG out of where the environment is made: gunicorn''s raw_env, Environment= of a unit of systemd, the container''s env', NULL) AS fix,
  iif(is_on, NULL, printf('%s = %s', key, value)) AS ruled_out
FROM switches, served, basis_total, noun WHERE units > 0 ORDER BY is_on DESC;
