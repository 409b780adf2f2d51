-- id: memory-fragmentation
-- group: resource
-- needs: v1_heap_snapshot
-- excludes: memory-leak native-memory-leak
-- floor: 0
-- level: likely
-- saving: S12
-- fix: MALLOC_ARENA_MAX=2 in the environment for a server with threads, or jemalloc by LD_PRELOAD; after large work malloc_trim(0) gives it back (ctypes)
-- doc: docs/causes/memory-fragmentation.md
-- list: will-fail
-- order: 20
-- units: 3

-- A quarter of what is resident and more is held by allocators for later, all through the second half of the recording, and is as much as what they
-- have in use (model/heap_finding.h). pymalloc gives an arena back when nothing in it is live, so that what stays is pinned by single objects. Of malloc it
-- counts what malloc_trim(0) gave back in a copy of the process that a walk made; without one it is not said.
WITH live AS (
  SELECT group_concat(printf('%s %s', label, replace(verdict, '-', ' ')), ', ') AS words, sum(verdict IN ('grows', 'may-grow')) AS growing FROM heap_part WHERE process_id IS NULL AND part IN ('live_objects', 'live_malloc')
)
SELECT f.sure AS fires, iif(f.kind = 'malloc-retention', 'malloc', 'pymalloc') AS subject, NULL AS stack_id,
  iif(f.kind = 'malloc-retention', printf('malloc holds %s for later that it could give back, %.0f %% of what is resident.', size(f.bytes), 100 * f.bytes / resident_bytes),
    printf('Memory is fragmented: pymalloc holds %s that nothing uses, %.0f %% of what is resident.', size(f.bytes), 100 * f.bytes / resident_bytes)) AS title,
  '[]' AS places, done AS units, 0 AS share_ns, NULL AS hours_to_limit,
  (SELECT json_group_array(json_array(label, bytes / 1048576.0, 'MiB')) FROM heap_part WHERE process_id IS NULL AND part IN ('resident', 'live_objects', 'pymalloc_free', 'live_malloc', 'malloc_free')) AS evidence,
  json_array(json_array('memory-leak', iif(growing, NULL, words)), json_array('native-memory-leak', iif(growing, NULL, words))) AS excluded, f.because,
  printf('cannot tell: %s; %s', f.because, f.settle) AS ruled_out,
  iif(f.kind = 'malloc-retention', NULL, 'make what lives for long before the work that makes much for a moment (at import, before the fork), or do that work in a process that ends (a pool with maxtasksperchild)') AS fix
FROM heap_finding f, heap_watch, live WHERE f.kind IN ('pymalloc-fragmentation', 'malloc-retention')
UNION ALL SELECT 0, 'heap', NULL, '', '[]', 0, 0, NULL, '[]', '[]', '', coalesce((SELECT said FROM heap_thinned), printf('allocators hold %s for later, %.0f %% of what is resident', size(bytes), 100 * bytes / resident_bytes)), NULL
FROM heap_watch, (SELECT sum(bytes) AS bytes FROM heap_part WHERE process_id IS NULL AND part IN ('pymalloc_free', 'malloc_free'))
WHERE bytes IS NOT NULL AND NOT EXISTS (SELECT 1 FROM heap_finding WHERE kind IN ('pymalloc-fragmentation', 'malloc-retention'))
ORDER BY fires DESC, subject;
