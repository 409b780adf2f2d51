-- id: task-leak
-- group: loop
-- needs: v1_task v1_unit v1_frame
-- excludes: overload-past-knee
-- floor: 0
-- level: likely
-- saving: S12
-- fix: end what was begun: keep the task and cancel it when its request, socket or page is done with (try … finally: task.cancel()), or let a
--   fixed number of tasks take the work from a queue
-- doc: docs/causes/task-leak.md
-- list: will-fail
-- order: 9
-- units: 3

-- Tasks that live, counted about once a second, grow all through the recording, while as many requests are in work as before; and one
-- coroutine is half of them or more, none that a server has for each open connection. Whether it ends some day is not seen: where it sleeps for a time, or half wait within wait_for() (before 3.12 in two
-- tasks, of which the one that is waited for has a name of its own), they may stay as many after that time, and possible is all that is said.
WITH RECURSIVE served AS ( -- shutdown cancels them
  SELECT process_id, max(end_ns) AS last_ns FROM v1_unit GROUP BY process_id
), looks AS ( SELECT t.process_id, at_ns, tasks, min(at_ns) OVER w AS first_ns, max(at_ns) OVER w AS last_ns FROM v1_task t JOIN served s ON s.process_id = t.process_id
  WHERE what = 'live' AND at_ns <= s.last_ns WINDOW w AS (PARTITION BY t.process_id)
), counted AS (
  SELECT process_id, count(*) AS looks, slope(at_ns / 1e9, tasks) AS per_s, slope_low(at_ns / 1e9, tasks) AS low, max(first_ns) AS first_ns, max(last_ns) AS last_ns,
    max(tasks) FILTER (WHERE at_ns = first_ns) AS first, max(tasks) FILTER (WHERE at_ns = last_ns) AS last, max(tasks) FILTER (WHERE at_ns <= (first_ns + last_ns) / 2) AS half_most FROM looks GROUP BY process_id
), grown AS MATERIALIZED (
  SELECT *, last - first AS more, looks >= 6 AND low > 0 AND last - first >= 30 AND last - half_most >= 0.25 * (last - first) AS grows FROM counted ORDER BY grows DESC, per_s DESC LIMIT 1
), opened AS ( -- units in work then, as a pile of them has tasks, too; each: how many one makes
  SELECT g.*, (SELECT count(*) FROM v1_unit u WHERE u.process_id = g.process_id AND u.start_ns <= g.last_ns AND coalesce(u.end_ns, g.last_ns + 1) > g.last_ns)
    - (SELECT count(*) FROM v1_unit u WHERE u.process_id = g.process_id AND u.start_ns <= g.first_ns AND coalesce(u.end_ns, g.first_ns + 1) > g.first_ns) AS more_units,
    max(1, (SELECT total(tasks) FROM v1_task t WHERE t.what = 'made' AND t.process_id = g.process_id) / (SELECT count(*) FROM v1_unit u WHERE u.process_id = g.process_id)) AS each FROM grown g
), waiting AS ( -- the last look at where they wait
  SELECT t.name, t.file, t.line, t.function, t.has_app, t.stack_id, t.tasks, t.inner_file, t.inner_function FROM v1_task t JOIN grown g ON g.process_id = t.process_id
  WHERE t.what = 'waiting' AND t.at_ns > g.last_ns - (g.last_ns - g.first_ns) / 2
    AND t.at_ns > (SELECT max(w.at_ns) FROM v1_task w WHERE w.what = 'waiting' AND w.process_id = g.process_id) - 500000000
), server(file, name) AS (VALUES -- its task of a connection
  ('%/aiohttp/web_protocol.py', 'RequestHandler.start'), ('%/tornado/http1connection.py', 'HTTP1ServerConnection._server_request_loop')), chain AS (
  SELECT stack_id AS id, stack_id FROM waiting UNION SELECT f.parent_id, c.stack_id FROM chain c JOIN v1_frame f ON f.id = c.id WHERE f.parent_id > 0
), limited AS ( SELECT DISTINCT c.stack_id FROM chain c JOIN v1_frame f ON f.id = c.id WHERE f.file LIKE '%/asyncio/tasks.py' AND f.function = 'wait_for'
), coroutine AS ( -- columns beside are of max()'s row
  SELECT name, tasks, EXISTS (SELECT 1 FROM chain c JOIN v1_frame f ON f.id = c.id JOIN server s ON s.name = w.name AND f.file LIKE s.file WHERE c.stack_id = w.stack_id) AS serves, CASE WHEN inner_file LIKE '%/asyncio/tasks.py' AND inner_function = 'sleep' THEN 'sleep'
    WHEN 2 * (SELECT total(tasks) FROM waiting WHERE stack_id IN (SELECT stack_id FROM limited)) >= tasks THEN 'wait_for' END AS ends, inner_function, max(most) FROM (
    SELECT name, stack_id, sum(tasks) OVER (PARTITION BY name) AS tasks, inner_file, inner_function, sum(tasks) OVER (PARTITION BY name) * 1000000.0 + tasks AS most FROM waiting) w
), places AS ( -- lines that made them, then where they wait
  SELECT file, line, function, stack_id, total(tasks) AS made, 1 AS nth FROM v1_task WHERE what = 'made' AND has_app AND process_id = (SELECT process_id FROM grown) AND name = (SELECT name FROM coroutine) GROUP BY 1, 2, 3
  UNION ALL SELECT file, line, function, stack_id, sum(tasks), 2 FROM waiting WHERE has_app AND name = (SELECT name FROM coroutine) GROUP BY 1, 2, 3
)
SELECT grows AND c.tasks >= 0.5 * last AND NOT c.serves AND coalesce(c.inner_function, '') <> '' AND more_units * each < 0.3 * more AS fires, c.name AS subject, (SELECT stack_id FROM places ORDER BY nth, made DESC LIMIT 1) AS stack_id,
  printf('Tasks of %s() pile up: %d more live at the end than at the beginning.', c.name, more) AS title,
  (SELECT json_group_array(json_array(file, line, function)) FROM (SELECT * FROM places ORDER BY nth, made DESC, line LIMIT 3)) AS places,
  c.tasks AS units, 0 AS share_ns, NULL AS hours_to_limit, iif(c.ends IS NOT NULL, 0, NULL) AS saving_low_ns, iif(c.ends IS NOT NULL, 0, NULL) AS saving_mid_ns, iif(c.ends IS NOT NULL, 0, NULL) AS saving_high_ns,
  iif(c.ends IS NULL, 'put a time limit (asyncio.wait_for) on what may never come', printf('first record for longer than %s() lets them wait: if they are as many from then on, nothing leaks', c.ends)) AS fix_more,
  json_array(json_array('growth', per_s * 60, 'per minute and process'), json_array('live at the last look', last, printf('(%d of this coroutine)', c.tasks)), json_array('made', (SELECT sum(made) FROM places WHERE nth = 1), 'of it in the recording'),
    json_array(one || 's in work, more than at first', more_units, ''), json_array('looks', looks, '')) AS evidence,
  json_array(json_array('overload-past-knee', printf('%d more tasks live, and %d more %ss are in work', more, more_units, one))) AS excluded,
  printf('%d tasks lived at the first look and %d at the last of %d; most of %s() wait in %s()%s', first, last, looks, c.name, c.inner_function,
    iif(c.ends IS NULL, '', printf('; %s() may end them: that they stay as many is not seen in less time than one lives', c.ends))) AS because,
  CASE WHEN NOT grows THEN printf('%d tasks lived at the first look and %d at the last of %d', first, last, looks)
    WHEN more_units * each >= 0.3 * more THEN printf('%d more tasks live, as %d more %ss are in work%s', more, more_units, one, iif(each < 2, '', printf(', each of which makes %.1f', each))) WHEN c.tasks >= 0.5 * last AND coalesce(c.inner_function, '') = '' THEN printf('%d more tasks live, most of which have not begun yet: the loop was busy', more) WHEN c.tasks >= 0.5 * last AND c.serves THEN printf('%d more tasks live, most of them the server''s own, one for each open connection: %s()', more, c.name) ELSE printf('%d more tasks live, but no coroutine is half of them', more) END AS ruled_out
FROM opened LEFT JOIN coroutine c, noun;
