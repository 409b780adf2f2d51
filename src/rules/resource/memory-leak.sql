-- id: memory-leak
-- group: resource
-- needs: v1_heap_snapshot v1_walk
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

-- What is kept of each unit of work (model/heap_finding.h): a slope of what survived, with its interval, that goes on to the end. Where a walk of the heap
-- found what holds it, of all lines together that make what it holds; else of one line of the application, and all that it calls. Places of
-- what grows outside of the application's code are not known. Where the source takes entries out of the holder it may be bounded: possible. Beside it: what is
-- garbage and not collected.
WITH grown AS (
  SELECT f.*, iif(max(f.bytes, coalesce(f.high, 0)) < 1048064, 1024.0, 1048576.0) AS per, iif(h.root IN ('module', 'class'), taken_from(p.file, h.name, (SELECT value FROM v1_meta WHERE key = 'started_realtime_ns')), NULL) AS taken, h.name, h.root, h.in_type, h.in_length, h.cache_entries, h.cache_limit, h.cache_hits, 100.0 * h.cache_hits / nullif(h.cache_hits + h.cache_misses, 0) AS answered,
    coalesce(h.live_bytes, l.live_bytes) AS live_bytes, p.file, p.line, p.stack_id, iif(h.id IS NULL, iif(p.file IS NULL, '[]', json_array(json_array(p.file, p.line, p.function))),
      (SELECT json_group_array(json_array(file, line, function)) FROM (SELECT q.file, q.line, q.function FROM heap_place_holder k JOIN heap_place q ON q.id = k.place
        WHERE k.holder = h.id AND q.file IS NOT NULL ORDER BY k.doubtful, k.bytes DESC LIMIT 5))) AS places, (SELECT count(*) FROM heap_place_holder k WHERE k.holder = h.id) AS lines
  FROM heap_finding f LEFT JOIN heap_holder h ON h.id = f.holder LEFT JOIN heap_place p ON p.id = f.place LEFT JOIN heap_line l ON l.place = f.place WHERE f.kind = 'leak' AND f.sure
)
SELECT * FROM (
SELECT 1 AS fires, coalesce(name, file || ':' || line, 'outside of the application') AS subject, stack_id,
  iif(name IS NULL, printf('Memory leaks: of each %s %s that are made here are kept.', word, size(bytes)),
    printf('Memory %s: %s keeps %s of each %s%s.', iif(taken IS NULL, 'leaks', 'grows'), name, size(bytes), word, iif(lines > 1, printf(', made at %d lines', lines), ''))) AS title,
  places, done AS units, 0 AS share_ns, hours AS hours_to_limit,
  json_array(json_array('growth', bytes / per, printf('%s a %s (95 %%: %s … %s)', iif(per = 1024, 'KiB', 'MiB'), word, figure(low / per), figure(high / per))),
    json_array('growth at this rate', g.day_bytes / iif(g.day_bytes < 1072693248, 1048576.0, 1073741824.0), iif(g.day_bytes < 1072693248, 'MiB a day', 'GiB a day')), json_array('live at the end', live_bytes / 1048576.0, 'MiB'),
    json_array('entries of the cache', cache_entries, printf('(maxsize %s)', coalesce(cache_limit, 'None'))), json_array('calls that the cache answered', answered, '%'),
    json_array(printf('length of the %s', in_type), iif(root = 'cache', NULL, in_length), 'at the last walk')) AS evidence,
  '[]' AS excluded,
  iif(counted, because, printf('what survived grew steadily over %d snapshots', snapshots)) || iif(name IS NULL, '', printf('; a walk of the heap found what it ends at: %s', name) || iif(taken IS NOT NULL, printf('; line %d takes entries out of it: where that bounds it, it is a cache that fills', taken), iif(root <> 'cache' AND in_type GLOB '*[dD]ict*', '; a cache with a bound of its own that it has not come to yet would look the same', ''))) AS because, NULL AS ruled_out, iif(taken IS NULL, NULL, 0) AS saving_low_ns,
  CASE WHEN name IS NULL THEN NULL
    WHEN root = 'cache' AND cache_limit IS NULL THEN 'give it a maximum: functools.lru_cache(maxsize=1000)' || iif(answered < 1, '; it answers next to no call, so drop it: what it is keyed by does not come again', '')
    WHEN root = 'cache' THEN printf('its maxsize of %d is more than memory has room for: lower it', cache_limit)
    ELSE (SELECT text FROM holder_fix x WHERE x.root IN ('*', g.root) AND g.name GLOB x.name AND coalesce(g.in_type, '') GLOB x.in_type LIMIT 1) END AS fix,
  nullif(iif(name IS NULL AND NOT EXISTS (SELECT 1 FROM v1_walk), 'what keeps it, a walk of the heap tells: unslow run --memory --walk', '') || coalesce(iif(name IS NULL AND NOT EXISTS (SELECT 1 FROM v1_walk), '; ', '') || (SELECT fix FROM heap_recycle), ''), '') AS fix_more
FROM grown g, heap_watch
UNION ALL SELECT 1, 'garbage', NULL, printf('Memory is held by objects in cycles that are not collected: %s at the last walk of the heap.', size(f.bytes)), '[]', done, 0, NULL,
  (SELECT json_group_array(json_array(type, n, 'objects')) FROM (SELECT * FROM heap_garbage ORDER BY nth LIMIT 4)), '[]', f.because, NULL, NULL,
  'let the collector run: no gc.disable(), a gc.set_threshold() that is reached; or cut the cycles: a weakref for the way back, no exception kept with its traceback', NULL
FROM heap_finding f, heap_watch WHERE f.kind = 'garbage'
UNION ALL SELECT 0, 'heap', NULL, '', '[]', 0, 0, NULL, '[]', '[]', '',
  CASE WHEN EXISTS (SELECT 1 FROM heap_finding WHERE kind = 'filling') THEN (SELECT because FROM heap_finding WHERE kind = 'filling' ORDER BY bytes DESC LIMIT 1)
    WHEN EXISTS (SELECT 1 FROM heap_finding WHERE kind = 'leak') THEN (SELECT printf('cannot tell: %s may keep %s of each %s; %s', coalesce(file || ':' || line, 'what is outside of the application'), size(bytes), word, settle)
      FROM heap_finding WHERE kind = 'leak' ORDER BY bytes DESC LIMIT 1)
    WHEN (SELECT count(*) FROM heap_line WHERE verdict IN ('flat', 'settles')) > 0 THEN coalesce((SELECT said FROM heap_thinned), printf('no line kept more and more over %d snapshots', snapshots) ||
      coalesce(printf('; one that keeps less than %s of each %s would not be seen in them', size(least_bytes), word), ''))
    ELSE 'cannot tell: too few snapshots of the heap; watch it for longer' END, NULL, NULL, NULL
FROM heap_watch WHERE snapshots > 0 AND NOT EXISTS (SELECT 1 FROM heap_finding WHERE kind IN ('leak', 'garbage') AND sure) AND NOT EXISTS (SELECT 1 FROM heap_finding WHERE kind = 'native-leak')
) ORDER BY fires DESC, subject = 'garbage', json_extract(evidence, '$[0][1]') DESC, subject; -- what grows fastest first
