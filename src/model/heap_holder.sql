-- What keeps what grows: heap_finding.h says what the tables hold. Read before heap_site_place is that of the lines.
DROP TABLE IF EXISTS temp.heap_held;
DROP TABLE IF EXISTS temp.heap_held_stack;
DROP TABLE IF EXISTS temp.heap_held_line;
DROP TABLE IF EXISTS temp.heap_site_holder;
DROP TABLE IF EXISTS temp.heap_site_place;

-- Samples that walks were asked about, by what their row of references begins with: up to the first key, index or member, which
-- are of single entries. A search that was cut short says what it found, and nothing by what it did not.
CREATE TEMP TABLE heap_held AS
WITH row AS (
  SELECT h.*, s.stack_id, s.domain, expression AS text FROM v1_walk_holder h JOIN v1_walk w ON w.id = h.walk_id AND w.state = 'done' JOIN v1_heap_site s ON s.id = h.site_id
  WHERE NOT (w.holders_cut AND h.root IN ('c', 'none', 'far'))
), ended AS (
  SELECT *, (SELECT min(at) FROM (SELECT nullif(instr(text, column1), 0) AS at FROM (VALUES ('['), ('{'), (', a key'), ('→')))) AS at FROM row
)
SELECT id AS row_id, site_id, stack_id, domain, maybe_recycled, root IN ('module', 'class', 'cache', 'suspended', 'thread', 'frame') AS is_named,
  CASE WHEN root = 'cache' THEN 'functools.lru_cache' || coalesce(' of ' || label, '') WHEN at > 1 THEN substr(text, 1, at - 1) ELSE text END AS name,
  at IS NULL OR NOT (substr(text, at + 1) GLOB '*[[{]*' OR instr(substr(text, at + 1), '→')) AS is_direct -- it is in the holder itself, not in one of its entries
FROM ended;

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
SELECT s.id, h.holder AS place, h.doubtful FROM heap_held_stack h JOIN v1_heap_site s ON s.stack_id IS h.stack_id AND s.domain = h.domain
UNION ALL SELECT s.id, l.holder, l.doubtful FROM heap_held_line l CROSS JOIN v1_heap_site s ON s.domain = l.domain JOIN v1_frame f ON f.id = s.stack_id AND f.file IS l.file AND f.line IS l.line AND f.app_file IS l.app_file AND f.app_line IS l.app_line
WHERE NOT EXISTS (SELECT 1 FROM heap_held k WHERE k.stack_id IS s.stack_id AND k.domain = s.domain);
CREATE TEMP TABLE heap_site_holder AS SELECT id AS site_id, place AS holder, doubtful FROM heap_site_place;
CREATE UNIQUE INDEX temp.heap_site_holder_by_id ON heap_site_holder (site_id);
