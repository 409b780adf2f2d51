-- id: memory-leak
-- group: resource
-- needs: v1_cgroup v1_heap_snapshot
-- excludes: none
-- floor: 0
-- level: likely
-- saving: S12
-- fix: bound it: an LRU or TTL cache with a maximum (`functools.lru_cache(maxsize=1000)`, cachetools), a deque with maxlen, entries that are deleted when
--   their work is done; or keep it in a store outside of the process
-- doc: docs/causes/memory-leak.md
-- list: will-fail
-- order: 10
-- units: 3
-- corpus: none it needs `run --memory`; tests/e2e/test_memory.py stages it

-- What a line of the application, and all that it calls, keeps of each unit of work (model/heap_growth.h): a slope of what survived, with its
-- interval, that goes on to the end. Places of what grows outside of the application's code are not known.
WITH room AS (
  SELECT min(memory_limit_bytes - memory_bytes) AS bytes FROM (SELECT memory_limit_bytes, memory_bytes, max(at_ns) FROM v1_cgroup
    WHERE memory_limit_bytes IS NOT NULL AND memory_bytes IS NOT NULL GROUP BY process_id)
), looked_at AS (
  SELECT count(*) AS snapshots, max(units) AS done FROM v1_heap_snapshot
), grown AS (
  SELECT l.*, p.file, p.line, p.function, p.stack_id, sum(l.day_bytes) OVER () AS together, per.word
  FROM heap_line l JOIN heap_place p ON p.id = l.place, (SELECT iif(of_units, (SELECT one FROM noun), 'second') AS word FROM heap_by) per
  WHERE l.verdict = 'grows'
)
SELECT 1 AS fires, coalesce(file || ':' || line, 'outside of the application') AS subject, stack_id,
  printf('Memory leaks: of each %s %.3g KiB that are made here are kept.', word, slope / 1024) AS title,
  iif(file IS NULL, '[]', json_array(json_array(file, line, function))) AS places,
  (SELECT done FROM looked_at) AS units, 0 AS share_ns, (SELECT bytes FROM room) / together * 24 AS hours_to_limit,
  json_array(json_array('growth', slope / 1024, printf('KiB a %s (95 %%: %.3g … %.3g)', word, slope_low / 1024, slope_high / 1024)),
    json_array('growth at this rate', day_bytes / 1048576, 'MiB a day'), json_array('live at the end', live_bytes / 1048576.0, 'MiB')) AS evidence,
  '[]' AS excluded,
  printf('what survived grew steadily over %d snapshots', (SELECT snapshots FROM looked_at)) AS because, NULL AS ruled_out
FROM grown
UNION ALL SELECT 0, 'heap', NULL, '', '[]', 0, 0, NULL, '[]', '[]', '',
  iif((SELECT count(*) FROM heap_line WHERE verdict IN ('flat', 'settles')) > 0, printf('no line kept more and more over %d snapshots', snapshots),
    'cannot tell: too few snapshots of the heap; watch it for longer')
FROM looked_at WHERE snapshots > 0 AND NOT EXISTS (SELECT 1 FROM grown)
ORDER BY fires DESC, subject;
