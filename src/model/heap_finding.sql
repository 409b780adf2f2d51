-- What is the matter with memory: heap_finding.h says what the tables hold. Read after heap_part, heap_line, heap_place,
-- heap_site_place, heap_site_live, heap_now and heap_holder.
DROP TABLE IF EXISTS temp.heap_walked;
DROP TABLE IF EXISTS temp.heap_type_growth;
DROP TABLE IF EXISTS temp.heap_origin;
DROP TABLE IF EXISTS temp.heap_peak;
DROP TABLE IF EXISTS temp.heap_place_holder;
DROP TABLE IF EXISTS temp.heap_room;
DROP TABLE IF EXISTS temp.heap_enough;
DROP TABLE IF EXISTS temp.heap_outlook;
DROP TABLE IF EXISTS temp.heap_finding;
CREATE TEMP TABLE heap_finding(kind TEXT, sure INTEGER, bytes, low, high, each INTEGER, place INTEGER, holder INTEGER, because TEXT, settle TEXT, day_bytes, file TEXT, line INTEGER, counted INTEGER NOT NULL DEFAULT 0);

-- The level of memory that is nearest to its limit, as it was last. No row: not known.
CREATE TEMP TABLE heap_room AS
SELECT memory_limit_bytes AS limit_bytes, max(0, memory_limit_bytes - memory_bytes) AS bytes FROM (SELECT memory_limit_bytes, memory_bytes, max(at_ns) FROM v1_cgroup
  WHERE memory_limit_bytes IS NOT NULL AND memory_bytes IS NOT NULL GROUP BY process_id) ORDER BY 2 LIMIT 1;

-- Whole walks, the last of each process and, where there are more, the first that was made as it: from outside fewer objects
-- are counted.
CREATE TEMP TABLE heap_walked AS
SELECT id, process_id, first_ns, last_ns, begun_ns = last_ns AS is_last, last_ns > first_ns AS is_twice, garbage_objects, garbage_bytes, trim_bytes,
  tracked, anonymous_bytes
FROM (SELECT *, min(begun_ns) OVER (PARTITION BY process_id, how) AS first_ns, max(begun_ns) OVER (PARTITION BY process_id, how) AS last_ns,
    max(begun_ns) OVER (PARTITION BY process_id) AS newest_ns
  FROM v1_walk WHERE state = 'done' AND NOT cut)
WHERE last_ns = newest_ns AND begun_ns IN (first_ns, last_ns);

CREATE TEMP TABLE heap_type_growth AS
SELECT t.type, total(iif(w.is_last, 1, -1) * t.count) AS grown
FROM heap_walked w JOIN v1_walk_type t ON t.walk_id = w.id WHERE w.is_twice AND t.type IS NOT NULL GROUP BY 1 HAVING grown > 0;

-- Who made what grows. A library's blocks are C code's own, unless objects came with them: an array's header, a document's root. What
-- belongs to C and C++ themselves (operator new, strdup) makes blocks for whoever called it: by the first step of the ways that were seen
-- (heap_native.h) which is past them, by their share; where none is, it is not known.
CREATE TEMP TABLE heap_origin AS
WITH runtime(glob) AS (VALUES ('libc.so*'), ('libc-[0-9]*'), ('libc.musl-*'), ('ld-musl-*'), ('ld-linux*'), ('libstdc++*'), ('libc++*'), ('libgcc_s*')
), site AS (
  SELECT p.place, p.id, coalesce(l.bytes, 0) AS bytes, replace(s.native, rtrim(s.native, replace(s.native, '/', '')), '') AS file
  FROM heap_line g JOIN heap_site_place p ON p.place = g.place JOIN v1_heap_site s ON s.id = p.id LEFT JOIN heap_site_live l ON l.id = s.id
  WHERE g.verdict IN ('grows', 'may-grow')
), own AS (
  SELECT *, EXISTS (SELECT 1 FROM runtime WHERE name GLOB glob) AS is_runtime FROM (SELECT *, iif(instr(file, '+0x'), substr(file, 1, instr(file, '+0x') - 1), file) AS name FROM site
    WHERE file IS NOT NULL AND file NOT GLOB 'libpython*' AND file NOT GLOB 'python*')
), past AS (
  SELECT id, base, total(share) AS share FROM (SELECT w.site_id AS id, s.base, w.share, min(s.nth) FROM heap_native_way w JOIN heap_native_step s ON s.native_id = w.native_id
    WHERE NOT EXISTS (SELECT 1 FROM runtime WHERE s.base GLOB glob) GROUP BY w.native_id) GROUP BY 1, 2
), library AS (
  SELECT place, name, total(bytes) AS bytes FROM (
    SELECT place, name, bytes FROM own WHERE NOT is_runtime
    UNION ALL SELECT o.place, t.base, o.bytes * t.share FROM own o JOIN past t ON t.id = o.id WHERE o.is_runtime
    UNION ALL SELECT place, 'a library by way of ' || name, bytes * (1 - (SELECT total(share) FROM past t WHERE t.id = o.id)) FROM own o WHERE is_runtime) GROUP BY 1, 2
), named AS (
  SELECT place, name, max(bytes), total(bytes) AS bytes FROM library GROUP BY place
), whole AS (
  SELECT place, nullif(total(bytes), 0) AS bytes FROM site GROUP BY place
), apart AS ( -- what is between the walks of a process: of its time, and units of work
  SELECT process_id, coalesce((last_ns - first_ns) * 1.0 / nullif((SELECT max(at_ns) - min(at_ns) FROM v1_heap_snapshot s WHERE s.process_id = w.process_id), 0), 0) AS share,
    (SELECT max(s.units) FROM v1_heap_snapshot s WHERE s.process_id = w.process_id AND s.at_ns <= last_ns) - coalesce((SELECT max(s.units) FROM v1_heap_snapshot s WHERE s.process_id = w.process_id AND s.at_ns <= first_ns), 0) AS units
  FROM heap_walked w WHERE is_twice AND is_last
), within AS ( -- of a line, by process: what is live
  SELECT p.place, s.process_id, total(l.bytes) AS bytes FROM heap_line g JOIN heap_site_place p ON p.place = g.place JOIN v1_heap_site s ON s.id = p.id JOIN heap_site_live l ON l.id = p.id
  WHERE g.verdict IN ('grows', 'may-grow') GROUP BY 1, 2
), gap AS ( -- of a line: what came between the walks, and whether the processes that have most of it were walked twice
  SELECT w.place, total(a.share * w.bytes) / nullif(total(w.bytes), 0) AS share, total(a.units) AS units, 2 * total(w.bytes) FILTER (WHERE a.share > 0) >= total(w.bytes) AS twice
  FROM within w LEFT JOIN apart a ON a.process_id = w.process_id GROUP BY 1
), type AS ( -- one comes with each block, or a unit of work makes one that has them all: of five at least one; what Python's own types have, Python makes
  SELECT place, type, min(away) FROM (SELECT g.place, t.type, min(abs(t.grown - a.share * g.live_blocks), abs(t.grown - a.units)) AS away FROM heap_line g JOIN gap a ON a.place = g.place JOIN heap_type_growth t
    ON t.grown >= 0.2 * min(a.share * g.live_blocks, iif(a.units > 0, a.units, 1e300)) WHERE a.share > 0 AND t.type NOT IN ('str', 'bytes', 'bytearray', 'int', 'float', 'tuple', 'list', 'dict', 'set', 'frozenset', 'cell', 'function'))
  GROUP BY place
), held AS (
  SELECT p.place, max(h.root IN ('module', 'class', 'cache', 'suspended', 'thread', 'frame')) AS by_python FROM v1_walk_holder h
  JOIN heap_site_place p ON p.id = h.site_id GROUP BY 1
)
SELECT g.place, n.name AS library, coalesce(n.bytes / w.bytes, 0) AS c_part, coalesce(h.by_python, 0) AS held, t.type, coalesce(a.twice, 0) AS walked_twice, 0 AS native
FROM heap_line g JOIN whole w ON w.place = g.place LEFT JOIN gap a ON a.place = g.place LEFT JOIN named n ON n.place = g.place LEFT JOIN held h ON h.place = g.place
  LEFT JOIN type t ON t.place = g.place;
UPDATE heap_origin SET native = 1 WHERE c_part >= 0.8 AND NOT held AND type IS NULL;

-- What would tell of lines that may grow: so much more work, or samples so much nearer to one another, 4 KiB at least.
CREATE TEMP TABLE heap_enough AS
SELECT place, printf('only %.0f sample%s tell of it: watch some %s more %s', grown_samples, iif(round(grown_samples) = 1, '', 's'), cast(cast(printf('%.1e', max(1, more_work)) AS REAL) AS INTEGER),
  iif((SELECT of_units FROM heap_by), 'units of work', 'seconds')) || coalesce(', or sample more: --memory=' || (SELECT max(column1) FROM (VALUES (4), (8), (16), (32), (64), (128), (256)) WHERE column1 * 1024 <= max(4096, every * grown_samples / 30) AND column1 * 1024 < every) || 'K', '') AS text
FROM heap_line, (SELECT max(interval_bytes) AS every FROM v1_heap_process) WHERE verdict = 'may-grow' AND more_work IS NOT NULL;

-- Lines of which half of what walks were asked about is kept by one holder, by what is live; they were asked about a quarter of all at least.
CREATE TEMP TABLE heap_place_holder AS
WITH part AS (
  SELECT p.place, t.holder, min(t.doubtful) AS doubtful, total(l.bytes) AS bytes, total(total(l.bytes)) OVER same AS all_bytes,
    total(total(l.bytes) FILTER (WHERE a.domain IS NOT NULL OR r.id IS NOT NULL)) OVER same AS asked_bytes
  FROM heap_site_place p JOIN v1_heap_site s ON s.id = p.id LEFT JOIN (SELECT DISTINCT stack_id, domain FROM heap_held) a ON a.stack_id IS s.stack_id AND a.domain = s.domain
    LEFT JOIN heap_held_rest r ON r.id = p.id LEFT JOIN heap_site_holder t ON t.site_id = p.id LEFT JOIN heap_site_live l ON l.id = p.id GROUP BY 1, 2
  WINDOW same AS (PARTITION BY p.place)
)
SELECT place, holder, doubtful, bytes, bytes / all_bytes AS share FROM part WHERE holder IS NOT NULL AND bytes > 0 AND 2 * bytes >= asked_bytes AND 4 * asked_bytes >= all_bytes;

-- It grows if all that it keeps does, or a line does whose blocks it keeps: a table that doubles now and then (a dict's, a list's) is a step
-- in the sum that may hide what came between. The sum's interval is wide then: no lower than that line's.
-- A cache of functools knows how many entries it may have: one that has fewer fills, or did until the last walk, and is a leak only if memory is full before it is.
-- What walks count of it is known well, and is too little: without what C code keeps. Where samples say less yet, chance took some. What another leads to as well is not counted twice where
-- that one is told of by samples.
INSERT INTO heap_finding(kind, sure, bytes, low, high, each, place, holder, because, settle, counted)
WITH holder AS (
  SELECT h.*, c.name IS NOT NULL AND NOT (coalesce(h.verdict, '') IN ('flat', 'settles') AND h.samples >= 100) AS is_seen_longer, c.grown, c.steps, c.entries, c.entries_low, c.entries_high, c.entry_bytes AS deep_bytes, c.own_bytes, iif(root = 'cache' AND cache_limit > 0 AND cache_entries > 0, live_bytes * max(0, 1.0 * cache_limit / cache_entries - 1), NULL) AS more_bytes,
    iif(verdict = 'grows', NULL, (SELECT max(l.slope_low * k.share) FROM heap_place_holder k JOIN heap_line l ON l.place = k.place WHERE k.holder = h.id AND l.verdict = 'grows')) AS line_low
  FROM heap_holder h LEFT JOIN heap_container c ON c.name = h.name
), sampled AS (
  SELECT *, coalesce(verdict = 'grows' AND slope > 0, 0) OR coalesce(line_low > 0, 0) AS is_sampled,
    coalesce(line_low > 0, 0) OR (verdict IN ('grows', 'may-grow') AND slope > 0 AND (verdict = 'grows' OR samples >= 20)) AS is_sized FROM holder
), longer AS (
  SELECT *, iif(max(is_sampled) OVER (), own_bytes, deep_bytes) AS entry_bytes FROM sampled
), sized AS ( -- of few samples by entries that the walks counted, where one's size is known
  SELECT *, is_seen_longer AND coalesce(grown * entry_bytes, live_bytes) >= 262144 AS is_longer, NOT is_sized AND is_seen_longer AND grown * entry_bytes >= 262144 AS by_entries,
    max(slope, coalesce(line_low, slope)) AS mid, max(slope_low, coalesce(line_low, slope_low)) AS low, max(slope_high, coalesce(line_low, slope_high)) AS high, entries * own_bytes AS own, entries_low * own_bytes AS own_low FROM longer
)
SELECT iif(more_bytes <= coalesce(0.8 * (SELECT bytes FROM heap_room), more_bytes), 'filling', 'leak'), 1, iif(by_entries, entries * entry_bytes, iif(is_longer AND own > mid, min(own, high), mid)),
  iif(by_entries, own_low, iif(is_longer AND own_low > low, min(own_low, mid), low)), iif(by_entries, max(entries_high * deep_bytes, coalesce(h.slope_high, 0)), iif(is_longer AND own > high, own, high)), 1, p.place, h.id,
  iif(is_sampled, printf('what %d line%s made grew steadily, to the end, and %s keeps it%s', p.lines, iif(p.lines > 1, 's', ''), h.name, iif(line_low IS NULL, '', ', among what grew less steadily')),
    printf('len() of %s grew by %.10g with each %s, over %d steps between walks of the heap; its size is without what C code keeps', h.name, round(entries, 3), iif((SELECT of_units FROM heap_by), 'unit of work', 'second'), steps))
    || iif(more_bytes IS NULL, '', printf('; it has %lld of %lld entries, and takes %.10g MiB more until it is full', cache_entries, cache_limit, round(more_bytes / 1048576.0, 1 + (more_bytes < 10485760)))), NULL, NOT is_sampled
FROM sized h JOIN (SELECT holder, place, count(*) OVER (PARTITION BY holder) AS lines, row_number() OVER (PARTITION BY holder ORDER BY doubtful, bytes DESC) AS nth FROM heap_place_holder) p
  ON p.holder = h.id AND p.nth = 1 WHERE is_sampled OR (is_longer AND (by_entries OR slope > 0));

-- A line without a holder that keeps next to nothing beside another may have what that one's blocks are told of: a list or dict that Python
-- gave it from those that it keeps for the next.
INSERT INTO heap_finding(kind, sure, bytes, low, high, each, place, holder, because, settle)
SELECT 'leak', g.verdict = 'grows' AND NOT o.beside, g.slope, g.slope_low, g.slope_high, 1, g.place, NULL,
  iif(g.verdict = 'grows', 'what survived grew steadily, to the end', 'what survived grew, of too few samples to tell whether it goes on')
    || iif(o.c_part >= 0.8 AND o.type IS NOT NULL, printf('; %s made its blocks, and objects of type %s grew with them', o.library, o.type), ''),
  CASE WHEN g.verdict <> 'grows' THEN (SELECT text FROM heap_enough e WHERE e.place = g.place) WHEN o.beside THEN 'others keep ten times as much: cure them, and look again' END
FROM heap_line g JOIN (SELECT *, 10 * (SELECT max(slope_high) FROM heap_line l WHERE l.place = p.place) < coalesce((SELECT max(slope_low) FROM heap_line WHERE verdict = 'grows'), 0) AS beside FROM heap_origin p) o
  ON o.place = g.place WHERE NOT o.native AND g.slope > 0
  AND NOT EXISTS (SELECT 1 FROM heap_place_holder p JOIN heap_finding f ON f.holder = p.holder WHERE p.place = g.place)
  -- all that is outside of the application is one place: what of it a holder keeps that is told of is told of
  AND NOT EXISTS (SELECT 1 FROM heap_place q JOIN heap_site_place s ON s.place = q.id JOIN heap_site_holder t ON t.site_id = s.id JOIN heap_finding f ON f.holder = t.holder WHERE q.id = g.place AND q.file IS NULL);

INSERT INTO heap_finding(kind, sure, bytes, low, high, each, place, holder, because, settle)
SELECT 'native-leak', g.verdict = 'grows' AND o.walked_twice, g.slope, g.slope_low, g.slope_high, 1, g.place, NULL,
  printf('%s made %.0f %% of it%s', o.library, 100 * o.c_part, iif(o.walked_twice, ', and no type of objects grew with it', ''))
    || coalesce('; by ' || (SELECT n.text FROM heap_place_native n WHERE n.place = g.place), ''),
  CASE WHEN NOT o.walked_twice THEN 'walks of the heap (--memory --walk=30): if some type of objects grows with it, Python keeps it'
    WHEN g.verdict <> 'grows' THEN (SELECT text FROM heap_enough e WHERE e.place = g.place) END
FROM heap_line g JOIN heap_origin o ON o.place = g.place WHERE o.native AND g.slope > 0;

-- Growth by the C library's own books that no hook saw: not where samples gave way, which would look the same.
INSERT INTO heap_finding(kind, sure, bytes, low, high, each, place, holder, because, settle)
SELECT 'native-leak', p.verdict = 'grows', p.slope, p.slope_low, p.slope_high, 1, NULL, NULL, 'malloc counts more and more blocks in use, which none of the hooked functions gave out',
  iif(p.verdict = 'grows', NULL, 'watch it for longer')
FROM heap_part p JOIN heap_part r ON r.process_id IS NULL AND r.part = 'resident' JOIN heap_part b ON b.process_id IS NULL AND b.part = 'live_malloc'
WHERE p.process_id IS NULL AND p.part = 'malloc_other' AND p.verdict IN ('grows', 'may-grow') AND p.grown_bytes >= max(0.05 * r.bytes, 3 * b.error, 2 * coalesce(b.grown_bytes, 0)) -- each block has a header, too
  AND NOT EXISTS (SELECT 1 FROM v1_heap_process WHERE thinned_bytes > 0 OR lost_samples > 0);

INSERT INTO heap_finding(kind, sure, bytes, low, high, each, place, holder, because, settle)
SELECT 'unexplained-growth', 0, p.slope, p.slope_low, p.slope_high, 1, NULL, NULL, 'resident memory grows, and no part of it that is known does as much',
  '/proc/PID/smaps: mappings that grow are those of an allocator of its own, of code made at run time, or of a device'
FROM heap_part p JOIN heap_part r ON r.process_id IS NULL AND r.part = 'resident'
WHERE p.process_id IS NULL AND p.part = 'rest' AND p.verdict = 'grows' AND r.verdict = 'grows'
  AND p.slope_low >= 0.5 * r.slope
  AND p.grown_bytes >= max(0.05 * r.bytes, 3 * (SELECT sqrt(total(error * error)) FROM heap_part WHERE process_id IS NULL));

INSERT INTO heap_finding(kind, sure, bytes, low, high, each, place, holder, because, settle)
SELECT 'garbage', 1, bytes, bytes, NULL, 0, NULL, NULL, printf('%lld of %lld objects that the collector looks after are in cycles that nothing refers to', garbage, tracked), NULL
FROM (SELECT total(garbage_bytes) AS bytes, total(garbage_objects) AS garbage, total(tracked) AS tracked FROM heap_walked WHERE is_last AND garbage_objects IS NOT NULL)
WHERE garbage > 0 AND garbage >= 0.25 * tracked;

-- Arenas are given back when nothing in them is live: what stays is pinned.
INSERT INTO heap_finding(kind, sure, bytes, low, high, each, place, holder, because, settle)
SELECT 'pymalloc-fragmentation', 1, p.steady_bytes, max(0, p.steady_bytes - 1.96 * o.error), p.steady_bytes + 1.96 * o.error, 0, NULL, NULL,
  printf('of %.10g MiB of arenas never more than %.10g MiB were live in the second half', round((p.bytes + o.bytes) / 1048576.0, 1), round(o.most_bytes / 1048576.0, 1)), NULL
FROM heap_part p JOIN heap_part o ON o.process_id IS NULL AND o.part = 'live_objects' JOIN heap_part r ON r.process_id IS NULL AND r.part = 'resident'
WHERE p.process_id IS NULL AND p.part = 'pymalloc_free' AND p.steady_bytes >= 0.25 * r.bytes
  AND p.steady_bytes - 1.96 * o.error - (SELECT total(thinned_bytes) FROM v1_heap_process) >= o.most_bytes -- of samples that gave way nothing is known
  AND o.verdict NOT IN ('grows', 'may-grow');

-- What malloc_trim() gave back in a copy of the process is known; without it only that malloc has it.
INSERT INTO heap_finding(kind, sure, bytes, low, high, each, place, holder, because, settle)
WITH trim AS (SELECT iif(count(*), total(trim_bytes), NULL) AS bytes, total(anonymous_bytes) AS of FROM heap_walked WHERE is_last AND trim_bytes IS NOT NULL)
SELECT 'malloc-retention', t.bytes IS NOT NULL, coalesce(t.bytes, p.steady_bytes), t.bytes, coalesce(t.bytes, p.steady_bytes), 0, NULL, NULL,
  iif(t.bytes IS NULL, printf('malloc kept %.10g MiB of what was given back to it, all through the second half', round(p.steady_bytes / 1048576.0, 1)),
    printf('malloc_trim(0) gave %.10g MiB back in a copy of the process', round(t.bytes / 1048576.0, 1))),
  iif(t.bytes IS NULL, 'a walk of the heap (--memory --walk) tries malloc_trim(0) in a copy of the process', NULL)
FROM heap_part p JOIN heap_part r ON r.process_id IS NULL AND r.part = 'resident', trim t
WHERE p.process_id IS NULL AND p.part = 'malloc_free' AND iif(t.bytes IS NULL, p.steady_bytes >= 0.25 * r.bytes
    AND p.steady_bytes >= (SELECT max(0, total(most_bytes)) FROM heap_part WHERE process_id IS NULL AND part IN ('live_malloc', 'malloc_other')), t.bytes >= 0.25 * t.of AND p.steady_bytes >= 0.5 * t.bytes);

-- What one place had at once for its work, and has no more. One line has several stacks (what it calls, each instruction that allocates), of each of which
-- the most is known, and not whether all had it at once: it is what the greatest had at least, all of them at most, and no more than the unit of work had
-- in all in which the greatest had it, where that is known. Of many of which none has half it cannot be told.
CREATE TEMP TABLE heap_peak AS
WITH site AS (
  SELECT p.place, s.process_id, s.peak_bytes, s.peak_ns, s.peak_bytes - coalesce(l.bytes, 0) AS gone, s.peak_bytes * 1.0 * min(h.interval_bytes, s.made_bytes / max(s.samples, 1)) AS variance
  FROM v1_heap_site s JOIN heap_site_place p ON p.id = s.id JOIN v1_heap_process h ON h.process_id = s.process_id LEFT JOIN heap_site_live l ON l.id = s.id
), place AS ( -- max() takes the greatest's columns along
  SELECT place, process_id, max(gone) AS most, peak_ns, variance, peak_bytes - gone AS stays, total(gone) FILTER (WHERE gone > 0) AS sum, total(variance) AS sum_variance FROM site GROUP BY 1, 2
), large AS MATERIALIZED (
  SELECT p.* FROM place p JOIN heap_part r ON r.process_id = p.process_id AND r.part = 'resident' AND p.sum >= 0.25 * r.bytes
), known AS ( -- no LEFT JOIN, for which all units would be worked out
  SELECT p.place, p.process_id, max(u.peak_bytes) AS unit_bytes, u.variance AS unit_variance FROM large p CROSS JOIN v1_unit w ON w.process_id = p.process_id AND p.peak_ns BETWEEN w.start_ns AND w.end_ns
    JOIN v1_heap_unit_peak u ON u.unit_id = w.id AND u.process_id = w.process_id GROUP BY 1, 2
), unit AS (
  SELECT p.*, k.unit_bytes, k.unit_variance FROM large p LEFT JOIN known k ON k.place = p.place AND k.process_id = p.process_id
), bound AS (
  SELECT *, iif(unit_bytes IS NULL, most, max(most, min(sum, unit_bytes))) AS gone, max(0, most - 1.96 * sqrt(variance)) AS low, iif(unit_bytes < sum, max(most + 1.96 * sqrt(variance), unit_bytes + 1.96 * sqrt(max(0, unit_variance))), sum + 1.96 * sqrt(sum_variance)) AS high FROM unit
)
SELECT b.place, b.process_id, b.gone + b.stays AS peak_bytes, b.peak_ns, b.gone, b.low, b.high, r.bytes AS rss_bytes, max(b.gone) AS most, 0 AS units, NULL AS unit_id, NULL AS route
FROM bound b JOIN heap_part r ON r.process_id = b.process_id AND r.part = 'resident' WHERE b.gone - (b.most - b.low) >= 0.25 * r.bytes AND 2 * b.low >= b.gone GROUP BY b.place;
UPDATE heap_peak SET units = u.units, unit_id = u.id, route = u.route FROM (SELECT p.place, count(*) AS units, iif(count(*) = 1, u.id, NULL) AS id, iif(count(DISTINCT u.route) = 1, u.route, NULL) AS route
  FROM heap_peak p CROSS JOIN v1_unit u ON u.process_id = p.process_id AND p.peak_ns BETWEEN u.start_ns AND u.end_ns GROUP BY p.place) u WHERE u.place = heap_peak.place;
-- what is done once at the start is done
DELETE FROM heap_peak WHERE units = 0 AND EXISTS (SELECT 1 FROM v1_unit);
DELETE FROM heap_peak WHERE EXISTS (SELECT 1 FROM heap_line g WHERE g.place = heap_peak.place AND g.verdict IN ('grows', 'may-grow'));

INSERT INTO heap_finding(kind, sure, bytes, low, high, each, place, holder, because, settle)
SELECT 'peak', 1, gone, low, high, 0, place, NULL, printf('it had %.10g MiB at once, %.10g times of what is resident now', round(peak_bytes / 1048576.0, 1), round(peak_bytes * 1.0 / rss_bytes, 2)), NULL
FROM heap_peak;

-- What two workers or more made alike outside of any unit of work, and kept: one could have made it for all. Less than there is, as samples of the two differ.
INSERT INTO heap_finding(kind, sure, bytes, low, high, each, place, holder, because, settle)
WITH own AS (
  SELECT a.process_id, p.parent_pid, s.stack_id, total(l.bytes) AS bytes, total(l.variance) AS variance FROM heap_at a JOIN v1_process p ON p.id = a.process_id
  JOIN heap_now l ON l.snapshot_id = a.snapshot_id JOIN v1_heap_site s ON s.id = l.site_id
  WHERE l.route_id IS NULL AND l.age BETWEEN 3 AND 30 AND s.stack_id IS NOT NULL GROUP BY 1, 3
), alike AS (
  SELECT parent_pid, (count(*) - 1) * min(bytes) AS bytes, (count(*) - 1) * max(variance) AS variance, count(*) AS workers FROM own GROUP BY parent_pid, stack_id HAVING workers > 1
), whole AS (SELECT total(bytes) AS bytes, 1.96 * sqrt(total(variance)) AS error, max(workers) AS workers FROM alike)
SELECT 'not-shared', 0, w.bytes, max(0, w.bytes - w.error), w.bytes + w.error, 0, NULL, NULL, printf('%d processes of one parent each made it outside of any request', w.workers),
  'load it before the fork (gunicorn --preload) and look at the resident memory without what they share: pages with objects that are used are copied'
FROM whole w JOIN heap_part r ON r.process_id IS NULL AND r.part = 'resident' WHERE w.bytes - w.error >= 0.25 * r.bytes;

INSERT INTO heap_finding(kind, sure, bytes, low, high, each, place, holder, because, settle)
WITH growing AS (SELECT group_concat(label, ', ') AS labels FROM heap_part WHERE process_id IS NULL AND part NOT IN ('resident', 'rest') AND verdict = 'grows'
), may AS (SELECT iif(EXISTS (SELECT 1 FROM heap_finding WHERE kind = 'leak'), '; a single line may go on growing all the same', '') AS beside)
SELECT iif(verdict IN ('flat', 'settles'), 'no-growth', 'cannot-tell'), verdict IN ('flat', 'settles'), slope, slope_low, slope_high, 1, NULL, NULL,
  CASE verdict WHEN 'flat' THEN 'resident memory is as it was' || beside WHEN 'settles' THEN 'resident memory grew, and slowed down or stopped' || beside
    WHEN 'too-few' THEN 'too few looks at resident memory' ELSE coalesce('resident memory grows, and of its parts: ' || labels, 'resident memory grows a little, and no part of it surely does') END,
  CASE WHEN verdict IN ('flat', 'settles') THEN NULL WHEN labels IS NULL THEN 'watch it for longer' ELSE '/proc/PID/smaps of two moments names what is mapped' END
FROM heap_part, growing, may WHERE process_id IS NULL AND part = 'resident'
  AND NOT EXISTS (SELECT 1 FROM heap_finding WHERE kind IN ('filling', 'native-leak', 'garbage', 'unexplained-growth') OR (kind = 'leak' AND sure));

UPDATE heap_finding SET day_bytes = bytes * (SELECT rate FROM heap_by) * 86400 WHERE each;
UPDATE heap_finding SET file = p.file, line = p.line FROM heap_place p WHERE p.id = heap_finding.place;

-- After so many units of its work a worker would have to be replaced for all of them to stay below four fifths of what is left, by the upper end of the growth.
CREATE TEMP TABLE heap_outlook AS
SELECT of_units, rate, day_bytes, limit_bytes, r.bytes AS room_bytes, r.bytes / nullif(day_bytes, 0) * 86400 AS full_s,
  iif(of_units, cast(cast(printf('%.1e', 0.8 * r.bytes / nullif(high * workers, 0)) AS REAL) AS INTEGER), NULL) AS recycle_units
FROM heap_by, ( -- lines that leak, or what is resident where that surely grows faster: there are leaks that no line could be blamed for
    SELECT max(l.day_bytes, coalesce(p.day_bytes * p.slope_low / nullif(p.slope, 0), 0)) AS day_bytes, max(l.high, coalesce(p.slope_low, 0)) AS high
    FROM (SELECT total(day_bytes) AS day_bytes, total(high) AS high FROM heap_finding WHERE kind IN ('leak', 'native-leak') AND sure) l
      LEFT JOIN heap_part p ON p.process_id IS NULL AND p.part = 'resident' AND p.verdict = 'grows' AND l.day_bytes > 0),
  (SELECT count(*) AS workers FROM heap_at WHERE units > 0) LEFT JOIN heap_room r;
