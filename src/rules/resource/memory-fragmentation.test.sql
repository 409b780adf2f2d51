-- case: hit arenas are pinned: what is live is a quarter of them
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 1000000000, 100 * (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_second(process_id, at_ns, rss_bytes, live_bytes, live_malloc_bytes, arena_bytes, malloc_free_bytes, units)
  SELECT 1, (i + 1) * 1000000000, 100 * 1048576, 12 * 1048576, 2 * 1048576, 40 * 1048576, 100000, 100 * (i + 1) FROM n WHERE i < 40;
-- expect: pymalloc - 0.0% - likely
-- says: Memory is fragmented: pymalloc holds 30 MiB that nothing uses, 30 % of what is resident.
-- says: because: of 40 MiB of arenas never more than 10 MiB were live in the second half
-- says: not memory-leak: live small Python blocks flat, live blocks of malloc flat

-- case: miss the table of samples was full: what is live is more than is known
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 1000000000, 100 * (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_second(process_id, at_ns, rss_bytes, live_bytes, live_malloc_bytes, arena_bytes, malloc_free_bytes, units)
  SELECT 1, (i + 1) * 1000000000, 100 * 1048576, 12 * 1048576, 2 * 1048576, 40 * 1048576, 100000, 100 * (i + 1) FROM n WHERE i < 40;
UPDATE heap_process SET thinned_bytes = 300000000;
-- says: ruled out: cannot tell: the table of live samples was full, and 286 MiB are not in what is live

-- case: hit malloc gives it back when it is asked to
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 1000000000, 100 * (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_second(process_id, at_ns, rss_bytes, live_bytes, live_malloc_bytes, arena_bytes, malloc_free_bytes, units)
  SELECT 1, (i + 1) * 1000000000, 100 * 1048576, 12 * 1048576, 2 * 1048576, 11 * 1048576, 50 * 1048576, 100 * (i + 1) FROM n WHERE i < 40;
INSERT INTO walk(id, process_id, number, state, cut, holders_cut, begun_ns, pause_ns, held_ns, took_ns, cpu_ns, anonymous_bytes, room_bytes, objects, tracked, object_references, bytes, trim_bytes)
  VALUES (1, 1, 1, 'done', 0, 0, 40000000000, 0, 0, 0, 0, 90 * 1048576, 0, 5000, 4000, 0, 500000, 45 * 1048576);
-- expect: malloc - 0.0% - likely
-- says: malloc holds 45 MiB for later that it could give back, 45 % of what is resident.
-- says: because: malloc_trim(0) gave 45 MiB back in a copy of the process

-- case: miss malloc has much that is free, and no walk tried whether it would give it back
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 1000000000, 100 * (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_second(process_id, at_ns, rss_bytes, live_bytes, live_malloc_bytes, arena_bytes, malloc_free_bytes, units)
  SELECT 1, (i + 1) * 1000000000, 100 * 1048576, 12 * 1048576, 2 * 1048576, 11 * 1048576, 50 * 1048576, 100 * (i + 1) FROM n WHERE i < 40;
-- says: ruled out: cannot tell: malloc kept 50 MiB of what was given back to it, all through the second half; a walk of the heap

-- case: miss malloc would give next to nothing back
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 1000000000, 100 * (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_second(process_id, at_ns, rss_bytes, live_bytes, live_malloc_bytes, arena_bytes, malloc_free_bytes, units)
  SELECT 1, (i + 1) * 1000000000, 100 * 1048576, 12 * 1048576, 2 * 1048576, 11 * 1048576, 50 * 1048576, 100 * (i + 1) FROM n WHERE i < 40;
INSERT INTO walk(id, process_id, number, state, cut, holders_cut, begun_ns, pause_ns, held_ns, took_ns, cpu_ns, anonymous_bytes, room_bytes, objects, tracked, object_references, bytes, trim_bytes)
  VALUES (1, 1, 1, 'done', 0, 0, 40000000000, 0, 0, 0, 0, 90 * 1048576, 0, 5000, 4000, 0, 500000, 1048576);

-- case: near-miss memory-leak: arenas grow with what is live in them
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 1000000000, 100 * (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_second(process_id, at_ns, rss_bytes, live_bytes, live_malloc_bytes, arena_bytes, malloc_free_bytes, units)
  SELECT 1, (i + 1) * 1000000000, (60 + i) * 1048576, (12 + i) * 1048576, 2 * 1048576, (40 + i) * 1048576, 100000, 100 * (i + 1) FROM n WHERE i < 40;

-- case: near-miss native-memory-leak: what is resident and not explained is no allocator's
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 1000000000, 100 * (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_second(process_id, at_ns, rss_bytes, live_bytes, live_malloc_bytes, arena_bytes, malloc_free_bytes, units)
  SELECT 1, (i + 1) * 1000000000, (60 + i) * 1048576, 12 * 1048576, 2 * 1048576, 12 * 1048576, 1048576, 100 * (i + 1) FROM n WHERE i < 40;
-- says: ruled out: allocators hold 3 MiB for later, 3 % of what is resident

-- case: miss arenas are in use again and again: at some look most of them were
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 1000000000, 100 * (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_second(process_id, at_ns, rss_bytes, live_bytes, live_malloc_bytes, arena_bytes, malloc_free_bytes, units)
  SELECT 1, (i + 1) * 1000000000, 100 * 1048576, iif(i = 30, 37, 12) * 1048576, 2 * 1048576, iif(i = 30, 66, 40) * 1048576, 100000, 100 * (i + 1) FROM n WHERE i < 40;
