-- id: thread-leak
-- group: resource
-- needs: v1_host v1_usage v1_frame v1_fact
-- excludes: thread-per-request
-- floor: 0
-- level: likely
-- saving: S12
-- fix: give each thread an end (a sentinel in its queue, an Event that it looks at, join() where its owner goes), or make one pool at module level and
--   submit to it
-- doc: docs/causes/thread-leak.md
-- list: will-fail
-- order: 9
-- units: 3

-- The kernel's count of a process's threads, each second (common.sql, thread_growth). Who starts them: Thread.start() waits until the new
-- thread runs, and these waits are counted by line. One that starts half of what piled up is named.
-- A pool fills up thread by thread, whatever its size, and of whose pool a thread is is not seen: where pools started half, nothing is said. A server's
-- own starts are not all seen: without a line that starts them, more have to come than the pools that servers and loops bring along hold.
WITH starts AS (
  SELECT f.app_file AS file, f.app_line AS line, f.app_function AS function, max(g.stack_id) AS stack_id, max(f.has_app) AS has_app, t.in_pool, sum(g.calls) AS calls
  FROM v1_usage g JOIN thread_start t ON t.stack_id = g.stack_id LEFT JOIN v1_frame f ON f.id = g.stack_id WHERE g.kind = 'lock' AND NOT g.nested GROUP BY 1, 2, 3, t.in_pool
), sites AS (
  SELECT * FROM starts WHERE has_app AND function <> '<module>' AND NOT in_pool AND 5 * calls >= (SELECT more FROM thread_growth) ORDER BY calls DESC, line LIMIT 3
), whole AS (
  SELECT g.*, (SELECT total(calls) FROM sites) AS started, (SELECT total(calls) FROM starts WHERE in_pool) AS pooled,
    72 + coalesce((SELECT max(value + 0) FROM v1_fact WHERE key = 'gunicorn.threads'), 0) AS room FROM thread_growth g -- anyio's 40, the 32 of asyncio's executor
)
SELECT piles AND 2 * pooled < more AND (2 * started >= more OR more > room) AS fires, 'threads' AS subject, (SELECT stack_id FROM sites LIMIT 1) AS stack_id,
  printf('Threads pile up in a process: %d more are there at the end than at the beginning.', more) AS title,
  iif(2 * started >= more, (SELECT json_group_array(json_array(file, line, function)) FROM sites), '[]') AS places,
  more AS units, 0 AS share_ns, NULL AS hours_to_limit,
  json_array(json_array('growth', per_s * 60, 'per minute and process'), json_array('threads at the last look', last, printf('(%d at the first)', first)), json_array('started by these lines', nullif(started, 0), 'in the recording'),
    json_array(one || 's in work at once, in the mean', in_work, '')) AS evidence,
  json_array(json_array('thread-per-request', iif(2 * started >= more, printf('of %.0f that were started %d are still there', started, min(started, more)), NULL))) AS excluded,
  printf('%d threads at the first of %d looks and %d at the last%s', first, looks, last, iif(2 * started >= more, printf('; these lines started %.0f', started), ', but which line starts them was not seen')) AS because,
  printf('%d threads at the first of %d looks and %d at the last%s', first, looks, last, CASE WHEN NOT piles THEN '' WHEN 2 * pooled >= more THEN printf('; pools started %.0f, which they do until they are full', pooled) ELSE printf('; nobody was seen starting them, and servers and loops have pools for %d', room) END) AS ruled_out
FROM whole, noun;
