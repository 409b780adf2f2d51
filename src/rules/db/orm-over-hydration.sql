-- id: orm-over-hydration
-- group: db
-- needs: v1_sample v1_frame v1_statement
-- excludes: n-plus-one-queries
-- floor: 0.05
-- level: possible
-- saving: S3
-- fix: ask for the columns and rows that are used, as plain rows (select(A.x, A.y), values_list()), or let the database
--   compute the sum
-- doc: docs/causes/orm-over-hydration.md
-- order: 16
-- units: 3

-- The CPU of units is in an ORM's code that makes an object of each row, below one line of a function whose statements give two hundred
-- rows or more to a unit: fewer are a page that is shown (50 with three others each). Whether the objects are needed is not known, so it is never more than possible.
-- Plain rows pass none of this code, and leave about a tenth of it to read: from 0.6 of the cost to 1.1, joined with the 90 % of the share. Collections
-- that the objects start are sampled at those lines.
WITH RECURSIVE makes AS (
  SELECT column1 AS file, column2 AS function FROM (VALUES ('%/django/db/models/base.py', '%from_db'), ('%/django/db/models/base.py', '%__init__'),
    ('%/django/db/models/query.py', '%__iter__'), ('%/django/dispatch/dispatcher.py', '%send'), ('%/sqlalchemy/orm/loading.py', '%'), ('%/sqlalchemy/orm/identity.py', '%'),
    ('%/sqlalchemy/orm/state.py', '%'), ('%/sqlalchemy/orm/instrumentation.py', '%'), ('%/peewee.py', '%process_row'), ('%/peewee.py', '%__init__'), ('%/tortoise/models.py', '%'))
), code AS (
  SELECT file, function FROM (SELECT DISTINCT file, function FROM sampled WHERE kind = 'library') s WHERE EXISTS (SELECT 1 FROM makes m WHERE s.file LIKE m.file AND s.function LIKE m.function)
), sites AS (
  SELECT app_file AS file, app_line AS line, app_function AS function, max(stack_id) AS stack_id, total(ns) AS ns, total(ticks) AS ticks,
    iif(count(DISTINCT coalesce(route, '')) = 1, max(route), NULL) AS route
  FROM sampled WHERE kind = 'library' AND (file, function) IN (SELECT file, function FROM code) GROUP BY 1, 2, 3 ORDER BY ns DESC LIMIT 5
), given AS (
  SELECT file, function, max(peer_kind) AS peer_kind, median(row_count) AS row_count, count(*) AS unit_rows, avg(runs) AS runs
  FROM (SELECT file, function, unit_id, max(peer_kind) AS peer_kind, sum(rows) AS row_count, count(*) AS runs FROM rounds WHERE rows >= 20 GROUP BY 1, 2, 3)
  WHERE row_count >= 200 GROUP BY 1, 2
), above(file, function, id, steps) AS ( -- what of a library asks for the rows, up to the application's line
  SELECT DISTINCT file, function, stack_id, 0 FROM rounds WHERE rows >= 200
  UNION ALL SELECT a.file, a.function, f.parent_id, a.steps + 1 FROM above a JOIN v1_frame f ON f.id = a.id WHERE f.kind <> 'app' AND f.parent_id > 0
), counted_by AS ( -- a Django template's filter or tag: the rows may be used besides
  SELECT a.file, a.function, max(CASE WHEN f.file LIKE '%/django/template/defaultfilters.py' AND f.function = 'length' THEN 'a template''s `|length` fetches them: where it does nothing else with them, hand it the queryset''s .count()'
    WHEN f.file LIKE '%/django/db/models/query.py' AND f.function LIKE '%\_\_bool\_\_' ESCAPE '\' THEN 'they are fetched to tell whether there is one: where nothing else is done with them, ask .exists()' END) AS words
  FROM above a JOIN v1_frame f ON f.id = a.id GROUP BY 1, 2
), costs AS (
  SELECT s.*, g.peer_kind, g.row_count, g.unit_rows, g.runs, min(t.python_ns, s.ns * t.scale) AS cost_ns, t.ticks AS all_ticks
  FROM sites s JOIN given g ON g.file = s.file AND g.function = s.function, sampled_total t WHERE s.ticks >= 5
)
SELECT 1 AS fires, printf('%s:%d', base_name(file), line) AS subject, peer_kind, stack_id, route,
  printf('Objects are made of about %.0f rows a %s: %.0f %% of it.', row_count, one, 100.0 * cost_ns / wall_ns) AS title,
  json_array(json_array(file, line, function)) AS places, unit_rows AS units, cost_ns AS share_ns,
  0.9 * cost_ns * spread_low(ticks, all_ticks, 0.65) / b.units AS saving_low_ns, 0.9 * cost_ns / b.units AS saving_mid_ns, min(wall_ns, 0.9 * cost_ns * spread_high(ticks, all_ticks, 1.25)) / b.units AS saving_high_ns,
  json_array(json_array(printf('python:%s:%s', file, function), cost_ns), json_array('gc:units', (SELECT total(weight * gc_ns) FROM basis))) AS claims,
  json_array(json_array('rows of its statements', row_count, printf('per %s, in the middle of %s', one, counted(unit_rows, one))), json_array('making their objects', cost_ns / 1e6 / b.units, 'ms per ' || one),
    json_array('samples in it', ticks, printf('of %d on a CPU', all_ticks))) AS evidence,
  json_array(json_array('n-plus-one-queries', iif(runs < 5, printf('the rows come from %s', counted(runs, 'statement')), NULL))) AS excluded,
  printf('%d samples in the ORM''s making of objects; whether they are needed is not known', ticks) AS because, '' AS ruled_out,
  (SELECT words FROM counted_by c WHERE c.file = costs.file AND c.function = costs.function) AS fix_more
FROM costs, basis_total b, noun WHERE wall_ns > 0 ORDER BY cost_ns DESC;
