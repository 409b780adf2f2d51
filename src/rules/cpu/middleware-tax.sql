-- id: middleware-tax
-- group: cpu
-- needs: v1_unit v1_sample v1_unit_sample v1_frame
-- excludes: async-machinery-exceeds-wait
-- floor: 0.10
-- level: likely
-- saving: S1
-- fix: write the middleware as a plain ASGI class (async def __call__(self, scope, receive, send)) that wraps send, in place of
--   BaseHTTPMiddleware and @app.middleware("http"): it needs no task, stream or event of its own
-- doc: docs/causes/middleware-tax.md
-- order: 20
-- units: 3

-- Own time of starlette's BaseHTTPMiddleware and of what it makes for each layer and request (a task group, a task, a stream, events of
-- anyio and asyncio), without what it wraps. What the loop does to switch to those tasks is not in it: at least.
WITH layers AS (
  SELECT count(DISTINCT f.file || ':' || f.function) AS seen FROM v1_frame f JOIN v1_frame c ON c.id = f.parent_id
  WHERE f.kind = 'app' AND c.file LIKE '%/starlette/middleware/base.py'
)
SELECT repeats AS fires, subject, stack_id, route, places, unit_count AS units, cost_ns AS share_ns, 1 AS at_least,
  printf('BaseHTTPMiddleware takes %.0f %% of a %s for itself: each layer runs the rest as a task and hands the response over in parts.', percent, one) AS title,
  low_ns AS saving_low_ns, 0.9 * mid_ns AS saving_mid_ns, gil_part, high_ns AS saving_high_ns, claims,
  json_insert(evidence, '$[#]', json_array('functions that it called', nullif(l.seen, 0), 'of the application')) AS evidence, because,
  json_array(json_array('async-machinery-exceeds-wait', 'the samples are in what the middleware makes, under its own frames')) AS excluded,
  printf('BaseHTTPMiddleware takes %.1f %% of a %s for itself', percent, one) AS ruled_out
FROM work_finding, noun, layers l WHERE work = 'middleware' ORDER BY cost_ns DESC;
