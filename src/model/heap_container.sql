-- What walks saw getting longer: heap_finding.h says what the table holds. Read after heap_held and heap_by.
DROP TABLE IF EXISTS temp.heap_container;
CREATE TEMP TABLE heap_container AS
WITH walked AS ( -- walks of processes at work, and the work that was done by then
  SELECT w.id, w.process_id, w.begun_ns, iif(b.of_units, (SELECT max(s.units) FROM v1_heap_snapshot s WHERE s.process_id = w.process_id AND s.at_ns <= w.begun_ns), w.begun_ns / 1e9) AS work, b.of_units
  FROM v1_walk w, heap_by b WHERE w.state = 'done'
), long AS ( -- of holders that samples ended at, by the entries that these are in; of those themselves that were looked at; of caches
  SELECT h.walk_id, k.name, h.in_length AS length, NULL AS deep_bytes, NULL AS own_bytes FROM heap_held k JOIN v1_walk_holder h ON h.id = k.row_id WHERE k.is_named AND k.is_direct AND h.root <> 'cache'
  UNION ALL SELECT walk_id, expression, length, deep_bytes, deep_bytes - coalesce(shared_bytes, 0) FROM v1_walk_holder WHERE length IS NOT NULL AND root IN ('module', 'class', 'suspended', 'thread', 'frame')
  UNION ALL SELECT walk_id, 'functools.lru_cache' || coalesce(' of ' || label, ''), cache_entries, NULL, NULL FROM v1_walk_holder WHERE root = 'cache'
), seen AS (
  SELECT l.name, w.process_id, w.begun_ns, w.work, w.of_units, max(l.length) AS length, max(l.deep_bytes) AS deep_bytes, max(l.own_bytes) AS own_bytes
  FROM long l JOIN walked w ON w.id = l.walk_id WHERE l.length IS NOT NULL AND w.work > 0 GROUP BY l.name, w.id
), step AS ( -- the first one is since the process began, when it may have had some
  SELECT name, process_id, of_units, lag(work) OVER same IS NULL AS is_first, count(*) OVER (PARTITION BY name, process_id) AS walks, work - coalesce(lag(work) OVER same, 0) AS work, length - coalesce(lag(length) OVER same, 0) AS grown,
    deep_bytes - lag(deep_bytes) OVER same AS deep_grown, own_bytes - lag(own_bytes) OVER same AS own_grown, length, deep_bytes, own_bytes FROM seen
  WINDOW same AS (PARTITION BY name, process_id ORDER BY begun_ns)
), own AS (
  SELECT name, process_id, count(*) AS steps, total(grown) FILTER (WHERE NOT is_first) AS grown, total(work) FILTER (WHERE NOT is_first) AS work,
    min(1.0 * grown / nullif(work, 0)) AS low, max(1.0 * grown / nullif(work, 0)) AS high, max(length) AS length,
    coalesce(total(deep_grown) / nullif(total(grown) FILTER (WHERE deep_grown IS NOT NULL), 0), max(1.0 * deep_bytes / nullif(length, 0))) AS each,
    coalesce(total(own_grown) / nullif(total(grown) FILTER (WHERE own_grown IS NOT NULL), 0), max(1.0 * own_bytes / nullif(length, 0))) AS own_each
  FROM step WHERE NOT is_first OR (of_units AND walks = 2) GROUP BY 1, 2
)
SELECT name, sum(steps) AS steps, total(grown) AS grown, total(grown) / total(work) AS entries, min(low) AS entries_low, max(high) AS entries_high, total(grown * each) / nullif(total(grown) FILTER (WHERE each IS NOT NULL), 0) AS entry_bytes,
  total(grown * own_each) / nullif(total(grown) FILTER (WHERE own_each IS NOT NULL), 0) AS own_bytes
FROM own
-- at each step by as much, nearly: what fills, or comes and goes, is slower, later on; most caches that have a bound are full before
GROUP BY name HAVING max(length) > 1024 AND total(grown) >= 512 AND min(steps) >= 2 AND min(low) > 0 AND min(low >= 0.7 * high);
