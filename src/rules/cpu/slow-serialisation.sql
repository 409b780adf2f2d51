-- id: slow-serialisation
-- group: cpu
-- needs: v1_unit v1_sample v1_unit_sample v1_usage v1_frame
-- excludes: large-response deep-copy cold-start
-- floor: 0.10
-- level: likely
-- saving: S1
-- fix: write JSON with the encoder in C: json.dumps without indent, and file.write(json.dumps(x)) in place of json.dump(x, file),
--   or orjson
-- doc: docs/causes/slow-serialisation.md
-- order: 10
-- units: 3

-- Time below encoders that walk the answer object by object in Python: FastAPI's jsonable_encoder, which runs before the JSON encoder
-- does, json's own where its C form is not used, and libraries that make dicts of models (pydantic 1, marshmallow, Django
-- REST framework: three tenths and 1 ms a request, as each model is made so). Who asked is a framework, often: then the place is the handler of the route, as
-- sampled, or, as most are short, the line of the application's source that names the route.
WITH RECURSIVE encoded AS MATERIALIZED (
  SELECT l.route, total(l.wall_ns) AS ns FROM looked l JOIN work_at w ON w.stack_id = l.stack_id WHERE w.work = 'serialise' AND NOT w.has_app AND l.route IS NOT NULL GROUP BY 1 ORDER BY 2 DESC LIMIT 5
), handler(id, handler_id) AS MATERIALIZED (
  SELECT f.id, f.id FROM v1_frame f JOIN v1_frame c ON c.id = f.parent_id
  WHERE f.kind = 'app' AND EXISTS (SELECT 1 FROM encoded) AND (c.file LIKE '%/fastapi/routing.py' OR c.file LIKE '%/anyio/_backends/_asyncio.py')
  UNION ALL SELECT f.id, h.handler_id FROM handler h JOIN v1_frame f ON f.parent_id = h.id
), numbered(n) AS (SELECT 1 WHERE EXISTS (SELECT 1 FROM encoded) UNION ALL SELECT n + 1 FROM numbered WHERE n < 2000
), source AS MATERIALIZED (
  SELECT file, n, source_at(file, n, (SELECT value FROM v1_meta WHERE key = 'started_realtime_ns')) AS text
  FROM (SELECT DISTINCT file FROM v1_frame WHERE kind = 'app' LIMIT 10), numbered
), handlers AS (
  SELECT e.ns, f.file, f.first_line AS line, f.function FROM encoded e JOIN looked l ON l.route = e.route
  JOIN handler h ON h.id = l.stack_id JOIN v1_frame f ON f.id = h.handler_id
  UNION SELECT e.ns, s.file, s.n, e.route FROM encoded e JOIN source s ON instr(s.text, '("' || e.route || '"') > 0 OR instr(s.text, '(''' || e.route || '''') > 0
), places AS (
  SELECT json_group_array(json_array(file, line, function)) AS handlers FROM (SELECT file, line, min(function) AS function FROM handlers GROUP BY file, line ORDER BY max(ns) DESC, file, line)
)
SELECT repeats AND (NOT of_models OR (percent >= 30 AND cost_ns >= 1e6 * unit_count)) AS fires, subject, w.stack_id, w.route, unit_count AS units, cost_ns AS share_ns, iif(has_app OR handlers = '[]', w.places, handlers) AS places,
  printf('Making %s ready for JSON takes %.0f %% of a %s: Python walks it object by object.', iif(has_app OR one <> 'request', 'data', 'an answer'), percent, one) AS title,
  iif(of_models, 0.5, 0.85) * low_ns AS saving_low_ns, iif(of_models, 0.75, 0.95) * mid_ns AS saving_mid_ns, gil_part, high_ns AS saving_high_ns, claims, evidence, because,
  json_array(json_array('large-response', 'the samples are in the walk in Python, not in the JSON encoder in C nor in sending'),
    json_array('deep-copy', 'the innermost function that was asked for is an encoder, not copy.deepcopy'),
    json_array('cold-start', iif(seen_units > 0, printf('seen in %s, also in the second half of the recording', counted(seen_units, one)), NULL))) AS excluded,
  printf('walking data for JSON takes %.1f %% of a %s', percent, one) AS ruled_out
FROM (SELECT w.*, (SELECT file LIKE '%/pydantic/%' OR file LIKE '%/marshmallow/%' OR file LIKE '%/rest_framework/%' OR file LIKE '%/flask_rest%' OR file LIKE '%/core/serializers/%'
  FROM v1_frame WHERE id = w.stack_id) AS of_models FROM work_finding w) w, noun, places WHERE work = 'serialise' ORDER BY cost_ns DESC;
