-- id: slow-event-loop
-- group: loop
-- needs: v1_unit v1_sample v1_frame
-- excludes: async-machinery-exceeds-wait hot-python-loop
-- floor: 0.1
-- level: likely
-- saving: none
-- fix: run the loop and the parser of HTTP in C: uvloop, and for uvicorn httptools (pip install "uvicorn[standard]"; --loop auto and --http auto take them)
-- doc: docs/causes/slow-event-loop.md
-- order: 25
-- units: 20

-- Threads of loops that compute two fifths of the time or more, and for a quarter of that in Python code of the loop's transports, its selector and
-- the parser (h11, wsproto), below no line of the application. What another takes instead is not measured here, so no saving is stated: at most
-- that. The loop's own round (_run_once) is left out: what watching each callback costs is sampled there. A loop that mostly waits serves as fast with it.
WITH loop_thread AS (
  SELECT DISTINCT thread_id FROM basis WHERE asynchronous
), looks AS MATERIALIZED (
  SELECT s.state IN ('python', 'native') AS on_cpu, s.state IN ('python', 'native', 'gil', 'runqueue', 'holding') AS busy, s.ticks, 1.0 * s.wall_ns AS ns, (NOT f.has_app OR f.app_function = '<module>') AND f.kind <> 'app' AND f.function NOT LIKE '%_run_once'
    AND (f.file LIKE '%/asyncio/selector_events.py' OR f.file LIKE '%/asyncio/base_events.py' OR f.file LIKE '%/asyncio/events.py' OR f.file LIKE '%/asyncio/transports.py' OR f.file LIKE '%/selectors.py') AS is_loop,
    (NOT f.has_app OR f.app_function = '<module>') AND (f.file LIKE '%/h11/%' OR f.file LIKE '%/uvicorn/protocols/http/h11_impl.py' OR f.file LIKE '%/wsproto/%' OR f.file LIKE '%/uvicorn/protocols/websockets/wsproto_impl.py') AS is_parser, f.has_app AND f.app_function <> '<module>' AS has_app
  FROM v1_sample s JOIN loop_thread t ON t.thread_id = s.thread_id LEFT JOIN v1_frame f ON f.id = s.stack_id WHERE s.state <> 'unseen' AND NOT s.cold AND s.slot >= (SELECT min(start_ns) / 10000000000 FROM basis)
), whole AS (
  SELECT total(ns) AS all_ns, total(ns) FILTER (WHERE busy) AS busy_ns, total(ns) FILTER (WHERE on_cpu) AS cpu_ns, total(ticks) FILTER (WHERE on_cpu) AS cpu_ticks, total(ns) FILTER (WHERE on_cpu AND is_loop) AS loop_ns,
    total(ns) FILTER (WHERE on_cpu AND is_parser) AS parser_ns, total(ns) FILTER (WHERE on_cpu AND has_app) AS app_ns, total(ticks) FILTER (WHERE on_cpu AND (is_loop OR is_parser)) AS ticks FROM looks
), judged AS (
  SELECT w.*, loop_ns + parser_ns AS ns, busy_ns / all_ns AS busy, (loop_ns + parser_ns) / cpu_ns AS part, share_low(ticks, cpu_ticks) AS least FROM whole w WHERE cpu_ns > 0
)
SELECT busy >= 0.4 AND part >= 0.25 AND ticks >= 50 AS fires, 'loop' AS subject,
  printf('The event loop is busy for %.0f %% of the time, and spends %.0f %% of its CPU in its own transports%s in plain Python.', 100 * busy, 100 * part, iif(parser_ns > 0.2 * ns, ' and the parser of HTTP', '')) AS title,
  '[]' AS places, b.units, ns / (b.wall_ns + ns) * b.wall_ns AS share_ns, '[]' AS claims,
  json_array(json_array('in its selector and transports', loop_ns / 1e6 / b.units, 'ms of CPU per ' || one), json_array('in the parser', parser_ns / 1e6 / b.units, 'ms of CPU per ' || one), json_array('samples in both', ticks, printf('of %d on the loop''s CPU', cpu_ticks)),
    json_array('at least (95 %)', 100 * least, '% of its CPU'), json_array('its threads are busy', 100 * busy, '% of the time')) AS evidence,
  json_array(json_array('async-machinery-exceeds-wait', 'these samples are below no line of the application'), json_array('hot-python-loop', printf('lines of the application have %.0f %% of the CPU', 100 * app_ns / cpu_ns))) AS excluded,
  printf('%d samples; the process has no faster loop: they are in asyncio''s and h11''s own files', ticks) AS because,
  printf('the loop is busy for %.0f %% of the time; transports and parser have %.0f %% of its CPU', 100 * busy, 100 * part) AS ruled_out
FROM judged j, basis_total b, noun WHERE b.units > 0;
