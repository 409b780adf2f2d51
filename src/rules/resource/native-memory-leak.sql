-- id: native-memory-leak
-- group: resource
-- needs: v1_heap_snapshot
-- excludes: memory-leak memory-fragmentation
-- floor: 0
-- level: likely
-- saving: S12
-- fix: upgrade the library that makes these blocks, or look in its changes for a leak that was mended; if it is your own, each malloc() needs its free() on all ways
--   out, each new reference its Py_DECREF(). Until then let the work be done in processes that end
-- doc: docs/causes/native-memory-leak.md
-- list: will-fail
-- order: 10
-- units: 3

-- Blocks that C code made are kept, of each unit of work so many (model/heap_finding.h): who called the allocator is known by its library, and
-- objects of Python do not grow with them, by two walks of the heap; without walks it may be that Python holds what they belong to. Or the C
-- library's own books grow by blocks that no hook saw, as only code that found malloc() by its own ways makes them. Or what is resident grows, steadily,
-- by what neither hooks nor books account for.
SELECT 1 AS fires, iif(f.kind = 'unexplained-growth', 'resident', coalesce(o.library, 'malloc')) AS subject, p.stack_id,
  CASE WHEN f.kind = 'unexplained-growth' THEN printf('Memory grows by %s of each %s that nothing seen makes.', size(f.bytes), word)
    WHEN o.library IS NULL THEN printf('Memory leaks in C code: malloc counts %s more in use after each %s.', size(f.bytes), word)
    WHEN f.sure THEN printf('Memory leaks in C code: of each %s %s that %s makes are kept.', word, size(f.bytes), o.library)
    ELSE printf('Memory leaks: of each %s %s that %s makes are kept, by itself or by objects.', word, size(f.bytes), o.library) END AS title,
  iif(p.file IS NULL, '[]', json_array(json_array(p.file, p.line, p.function))) AS places, done AS units, 0 AS share_ns, hours AS hours_to_limit,
  json_array(json_array('growth', f.bytes / per, printf('%s a %s (95 %%: %s … %s)', iif(per = 1024, 'KiB', 'MiB'), word, figure(f.low / per), figure(f.high / per))), json_array('growth at this rate', f.day_bytes / iif(f.day_bytes < 1072693248, 1048576.0, 1073741824.0), iif(f.day_bytes < 1072693248, 'MiB a day', 'GiB a day')),
    json_array('made by this library', 100 * o.c_part, '% of it'), json_array('live at the end', l.live_bytes / 1048576.0, 'MiB')) AS evidence,
  json_array(json_array('memory-leak', iif(f.sure, iif(o.library IS NULL, 'what Python makes is seen by the hooks, and is not in it', 'no type of objects grew with it between two walks of the heap'), NULL)),
    json_array('memory-fragmentation', 'these blocks are in use, not free')) AS excluded,
  f.because, NULL AS ruled_out, iif(f.sure, NULL, 0) AS saving_low_ns, iif(f.sure, (SELECT fix FROM heap_recycle), f.settle) AS fix_more
FROM (SELECT *, iif(max(bytes, coalesce(high, 0)) < 1048064, 1024.0, 1048576.0) AS per FROM heap_finding) f LEFT JOIN heap_place p ON p.id = f.place LEFT JOIN heap_line l ON l.place = f.place LEFT JOIN heap_origin o ON o.place = f.place, heap_watch WHERE (f.kind = 'native-leak' AND (f.sure OR l.verdict = 'grows')) OR f.kind = 'unexplained-growth'
UNION ALL SELECT 0, 'heap', NULL, '', '[]', 0, 0, NULL, '[]', '[]', '', iif(b.verdict = 'too-few', 'cannot tell: too few snapshots of the heap; watch it for longer',
  printf('blocks of malloc that are live are %s (%s), and none that a library makes grow', size(b.bytes), replace(b.verdict, '-', ' '))), NULL, NULL
FROM heap_part b WHERE b.process_id IS NULL AND b.part = 'live_malloc' AND NOT EXISTS (SELECT 1 FROM heap_finding WHERE kind IN ('native-leak', 'unexplained-growth'))
ORDER BY fires DESC, subject;
