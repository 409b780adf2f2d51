-- What keeps what grows: heap_finding.h says what the tables hold. Read before heap_site_place is that of the lines.
DROP TABLE IF EXISTS temp.heap_held;
DROP TABLE IF EXISTS temp.heap_held_stack;
DROP TABLE IF EXISTS temp.heap_held_line;
DROP TABLE IF EXISTS temp.heap_held_rest;
DROP TABLE IF EXISTS temp.heap_site_holder;
DROP TABLE IF EXISTS temp.heap_site_place;

-- Samples that walks were asked about, by what their row of references begins with: up to the first key, index or member, which
-- are of single entries; further down where nearly all go on alike (one of a row of handlers has the list that grows), as far as that can be seen: not where a
-- key is not shown. A search that was cut short says what it found, and nothing by what it did not. A variable of a closure, a frame or of defaults is none of many.
CREATE TEMP TABLE heap_held AS
WITH RECURSIVE row AS (
  SELECT h.*, s.stack_id, s.domain, expression AS text, replace(replace(replace(replace(expression, '.__closure__[', '.__closure__' || char(1)), '.__defaults__[', '.__defaults__' || char(1)),
    '.__kwdefaults__[', '.__kwdefaults__' || char(1)), '.f_locals[', '.f_locals' || char(1)) AS masked
  FROM v1_walk_holder h JOIN v1_walk w ON w.id = h.walk_id AND w.state = 'done' JOIN v1_heap_site s ON s.id = h.site_id
  WHERE NOT (w.holders_cut AND h.root IN ('c', 'none', 'far'))
), cut AS ( -- each place at which a row may end; NULL: its end
  SELECT id, walk_id, text, masked, 0 AS at, 0 AS depth FROM row WHERE root <> 'cache'
  UNION ALL
  SELECT id, walk_id, text, masked, (SELECT min(next) FROM (SELECT nullif(instr(substr(masked, at + 1), column1), 0) + at AS next FROM (VALUES ('['), ('{'), (', a key'), ('→')))), depth + 1
  FROM cut WHERE at = 0 OR (substr(masked, at, 1) = '[' AND substr(masked, at + 1, 1) <> '…')
), part AS (
  SELECT id, walk_id, depth, iif(at > 1, substr(text, 1, at - 1), text) AS prefix FROM cut WHERE depth > 0
), first AS (
  SELECT id, prefix AS name, count(*) OVER (PARTITION BY prefix) AS rows FROM part WHERE depth = 1
), alike AS (
  SELECT f.name, p.prefix, p.depth, max(f.rows) AS all_rows, count(*) AS rows, count(*) - count(DISTINCT p.walk_id) AS again FROM part p JOIN first f ON f.id = p.id WHERE p.depth > 1 GROUP BY 1, 2, 3
), deepest AS ( -- of two objects at least in one walk
  SELECT name, prefix, max(depth) FROM alike WHERE rows >= 4 AND 2 * rows > all_rows AND again > 0 GROUP BY 1
), named AS (
  SELECT f.id, coalesce(p.prefix, f.name) AS name FROM first f LEFT JOIN deepest d ON d.name = f.name LEFT JOIN part p ON p.id = f.id AND p.prefix = d.prefix GROUP BY 1
)
SELECT r.id AS row_id, site_id, stack_id, domain, maybe_recycled, root IN ('module', 'class', 'cache', 'suspended', 'thread', 'frame') AS is_named,
  coalesce(n.name, 'functools.lru_cache' || coalesce(' of ' || label, '')) AS name,
  -- it is in the holder itself, not in one of its entries
  NOT (substr(masked, iif(root = 'cache', instr(masked, '[') + 1, length(n.name) + 2)) GLOB '*[[{]*' OR instr(substr(masked, iif(root = 'cache', instr(masked, '[') + 1, length(n.name) + 2)), '→')) AS is_direct
FROM row r LEFT JOIN named n ON n.id = r.id;

-- A stack's samples may end at several: the holder is that of more than half of those for which one was found, a quarter of all at least.
CREATE TEMP TABLE heap_held_stack AS
WITH ended AS (
  SELECT stack_id, domain, name, is_named, count(*) AS rows, sum(count(*)) OVER same AS all_rows, sum(iif(is_named, count(*), 0)) OVER same AS named_rows, min(maybe_recycled) AS doubtful, coalesce(max(iif(is_direct, row_id, NULL)), max(row_id)) AS row_id, max(is_direct) AS is_direct FROM heap_held GROUP BY 1, 2, 3, 4
  WINDOW same AS (PARTITION BY stack_id, domain)
)
SELECT stack_id, domain, name, row_id, is_direct, doubtful, dense_rank() OVER (ORDER BY name) AS holder FROM ended WHERE is_named AND 2 * rows > named_rows AND 4 * rows >= all_rows;

-- A line is come to by many stacks, and walks are asked about some: where these agree, the others of that line are kept by the same.
CREATE TEMP TABLE heap_held_line AS
SELECT f.file, f.line, f.app_file, f.app_line, h.domain, min(h.holder) AS holder, max(h.doubtful) AS doubtful FROM heap_held_stack h JOIN v1_frame f ON f.id = h.stack_id
GROUP BY 1, 2, 3, 4, 5 HAVING count(DISTINCT h.holder) = 1;

-- Places of what is summed next are the holders; those of lines come after.
CREATE TEMP TABLE heap_site_place AS
WITH site AS MATERIALIZED ( -- read once, and found by the line
  SELECT s.id, s.domain, s.stack_id, f.file, f.line, f.app_file, f.app_line FROM v1_heap_site s JOIN v1_frame f ON f.id = s.stack_id
)
SELECT s.id, h.holder AS place, h.doubtful FROM heap_held_stack h JOIN v1_heap_site s ON s.stack_id IS h.stack_id AND s.domain = h.domain
UNION ALL SELECT s.id, l.holder, l.doubtful FROM heap_held_line l CROSS JOIN site s ON s.line = l.line AND s.domain = l.domain AND s.file = l.file AND s.app_file IS l.app_file AND s.app_line IS l.app_line
WHERE NOT EXISTS (SELECT 1 FROM heap_held k WHERE k.stack_id IS s.stack_id AND k.domain = s.domain);

-- What was asked about and not followed to its beginning (a long row of references, a search that was cut short) is left out of nothing that is kept: where nearly all
-- of what grew since the warm-up, and of which it is known, is one holder's, and that is most of it, the rest is, too.
CREATE TEMP TABLE heap_held_rest AS
WITH began AS (
  SELECT a.process_id, a.snapshot_id, a.at_ns, min(s.at_ns) AS first_ns FROM heap_at a JOIN v1_heap_snapshot s ON s.process_id = a.process_id GROUP BY a.process_id
), look AS ( -- at the end, and after the warm-up
  SELECT snapshot_id AS id, 1 AS sign FROM began
  UNION ALL SELECT (SELECT s.id FROM v1_heap_snapshot s WHERE s.process_id = b.process_id AND s.at_ns >= b.first_ns + 0.2 * (b.at_ns - b.first_ns) ORDER BY s.at_ns LIMIT 1), -1 FROM began b
), made AS (
  SELECT l.site_id AS id, total(k.sign * l.bytes) AS bytes, p.place FROM v1_heap_live l CROSS JOIN look k ON k.id = l.snapshot_id LEFT JOIN heap_site_place p ON p.id = l.site_id
  WHERE EXISTS (SELECT 1 FROM v1_walk_holder WHERE root = 'far') AND l.age BETWEEN 3 AND 30 GROUP BY 1 HAVING total(k.sign * l.bytes) > 0
), rest AS (
  SELECT id, bytes FROM made WHERE place IS NULL AND id IN (SELECT site_id FROM v1_walk_holder WHERE root = 'far')
), known AS (
  SELECT place, total(bytes) AS bytes, total(total(bytes)) OVER () AS all_bytes FROM made WHERE place IS NOT NULL GROUP BY 1 ORDER BY 2 DESC LIMIT 1
)
SELECT r.id, k.place AS holder FROM rest r, known k WHERE k.bytes >= 0.9 * k.all_bytes AND k.bytes >= (SELECT total(bytes) FROM rest);
INSERT INTO heap_site_place SELECT id, holder, 1 FROM heap_held_rest;
CREATE TEMP TABLE heap_site_holder AS SELECT id AS site_id, place AS holder, doubtful FROM heap_site_place;
CREATE UNIQUE INDEX temp.heap_site_holder_by_id ON heap_site_holder (site_id);
