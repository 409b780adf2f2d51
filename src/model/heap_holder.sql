-- What keeps what grows: heap_finding.h says what the tables hold. Read before heap_site_place is that of the lines.
DROP TABLE IF EXISTS temp.heap_held;
DROP TABLE IF EXISTS temp.heap_held_stack;
DROP TABLE IF EXISTS temp.heap_site_holder;
DROP TABLE IF EXISTS temp.heap_site_place;

-- Samples that walks were asked about, by what their row of references begins with: up to the first key, index or member, which
-- are of single entries.
CREATE TEMP TABLE heap_held AS
WITH row AS (
  SELECT h.*, s.stack_id, s.domain, expression AS text FROM v1_walk_holder h JOIN v1_walk w ON w.id = h.walk_id AND w.state = 'done' JOIN v1_heap_site s ON s.id = h.site_id
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

-- Places of what is summed next are the holders; those of lines come after.
CREATE TEMP TABLE heap_site_place AS SELECT s.id, h.holder AS place, h.doubtful FROM heap_held_stack h JOIN v1_heap_site s ON s.stack_id IS h.stack_id AND s.domain = h.domain;
CREATE TEMP TABLE heap_site_holder AS SELECT id AS site_id, place AS holder, doubtful FROM heap_site_place;
CREATE UNIQUE INDEX temp.heap_site_holder_by_id ON heap_site_holder (site_id);
