-- case: hit a list that each request appends to
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_site SELECT 1, 1, 'object', 33, NULL, 9000000, 100, 8000000, 90, 0, 600, 8000000, NULL;
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 1000000000, 100 * (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_live SELECT i + 1, 1, 5, 1, 204800 * (i + 1), 100, 13 * (i + 1), 3e9 * (i + 1), 0 FROM n WHERE i < 40;
INSERT INTO cgroup_second(at_ns, process_id, path, memory_limit_bytes, memory_bytes) VALUES (40000000000, 1, '/app', 536870912, 360000000);
-- expect: /srv/app.py:33 /srv/app.py:33 0.0% - likely
-- says: Memory leaks: of each request 2 KiB that are made here are kept.
-- says: growth: 2 KiB a request (95 %: 2 … 2)
-- says: because: what survived grew steadily over 40 snapshots

-- case: hit two lines leak: what grows faster comes first
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_site(id, process_id, domain, stack_id, native, made_bytes, made_blocks, live_bytes, live_blocks, short_bytes, samples, peak_bytes)
  VALUES (1, 1, 'object', 33, NULL, 9000000, 100, 4000000, 90, 0, 600, 4000000), (2, 1, 'object', 34, NULL, 9000000, 100, 8000000, 90, 0, 600, 8000000);
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 1000000000, 100 * (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_live SELECT i + 1, 1, 5, 1, 102400 * (i + 1), 100, 6 * (i + 1), 3e9 * (i + 1), 0 FROM n WHERE i < 40;
INSERT INTO heap_live SELECT i + 1, 2, 5, 1, 204800 * (i + 1), 100, 13 * (i + 1), 3e9 * (i + 1), 0 FROM n WHERE i < 40;
-- expect: /srv/app.py:34 /srv/app.py:34 0.0% - likely
-- expect: /srv/app.py:33 /srv/app.py:33 0.0% - likely

-- case: miss a cache that fills up and is full
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_site SELECT 1, 1, 'object', 33, NULL, 9000000, 100, 8000000, 90, 0, 600, 8000000, NULL;
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 1000000000, 100 * (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_live SELECT i + 1, 1, 5, 1, 204800 * min(i + 1, 20), 100, 13 * (i + 1), 3e9 * (i + 1), 0 FROM n WHERE i < 40;
-- says: ruled out: no line kept more and more over 40 snapshots; one that keeps less than 0.154 KiB of each request would not be seen in them

-- case: miss twelve samples in all: they may tell of a leak, or of chance
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 131072, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_site SELECT 1, 1, 'object', 33, NULL, 9000000, 100, 8000000, 90, 0, 600, 8000000, NULL;
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 1000000000, 100 * (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_live SELECT i + 1, 1, 5, 1, 131072 * (1 + i * 3 / 10), 100, 1 + i * 3 / 10, 131072.0 * 131072 * (1 + i * 3 / 10), 0 FROM n WHERE i < 40;
-- says: ruled out: cannot tell: /srv/app.py:33 may keep 0.384 KiB of each request; only 9 samples tell of it: watch some 9000 more units of work, or sample more: --memory=32K

-- case: miss a recording of three seconds
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_site SELECT 1, 1, 'object', 33, NULL, 9000000, 100, 8000000, 90, 0, 600, 8000000, NULL;
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 1000000000, 100 * (i + 1), 0, 0, 0 FROM n WHERE i < 3;
INSERT INTO heap_live SELECT i + 1, 1, 5, 1, 204800 * (i + 1), 100, 13 * (i + 1), 3e9 * (i + 1), 0 FROM n WHERE i < 3;
-- says: ruled out: cannot tell: too few snapshots of the heap; watch it for longer

-- case: miss memory was not sampled
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;

-- case: hit two lines make what one cache keeps: they are one leak
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO fact VALUES (1, 'server', 'gunicorn');
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_site(id, process_id, domain, stack_id, native, made_bytes, made_blocks, live_bytes, live_blocks, short_bytes, samples, peak_bytes)
  VALUES (1, 1, 'object', 33, NULL, 9000000, 100, 8000000, 90, 0, 600, 8000000), (2, 1, 'malloc', 34, NULL, 9000000, 100, 4000000, 90, 0, 600, 4000000);
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 1000000000, 100 * (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_live SELECT i + 1, 1, 5, 1, 204800 * (i + 1), 100, 13 * (i + 1), 3e9 * (i + 1), 0 FROM n WHERE i < 40;
INSERT INTO heap_live SELECT i + 1, 2, 5, 1, 102400 * (i + 1), 100, 6 * (i + 1), 3e9 * (i + 1), 0 FROM n WHERE i < 40;
INSERT INTO walk(id, process_id, number, state, cut, holders_cut, begun_ns, pause_ns, held_ns, took_ns, cpu_ns, anonymous_bytes, room_bytes, objects, tracked, object_references, bytes)
  VALUES (1, 1, 1, 'done', 0, 0, 40000000000, 0, 0, 0, 0, 90000000, 0, 5000, 4000, 0, 500000);
INSERT INTO text VALUES (21, 'app.render'), (22, 'dict');
INSERT INTO walk_holder(walk_id, bytes, site_id, root, label_id, expression, in_type_id, in_length, cache_entries, cache_hits, cache_misses, object_references, found, maybe_recycled) SELECT 1, 56, 1 + i, 'cache', 21,
  printf('functools.lru_cache of app.render (maxsize=None, 4000 entries, 2 hits)%s', iif(i, '[…]', '')), 22, 4000, 4000, 2, 4001, 1, 1, 0 FROM n WHERE i < 2;
INSERT INTO cgroup_second(at_ns, process_id, path, memory_limit_bytes, memory_bytes) VALUES (40000000000, 1, '/app', 536870912, 226870912);
-- expect: functools.lru_cache of app.render /srv/app.py:33 0.0% - likely
-- says: Memory leaks: functools.lru_cache of app.render keeps 3 KiB of each request, made at 2 lines.
-- says: at /srv/app.py:34 handler
-- says: entries of the cache: 4000 (maxsize None)
-- says: give it a maximum: functools.lru_cache(maxsize=1000); it answers next to no call
-- says: until then --max-requests 81000 --max-requests-jitter 8100 keeps it below four fifths of what is left to the limit

-- case: miss a cache with a maximum fills up, and memory has room for it
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO fact VALUES (1, 'server', 'gunicorn');
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_site(id, process_id, domain, stack_id, native, made_bytes, made_blocks, live_bytes, live_blocks, short_bytes, samples, peak_bytes)
  VALUES (1, 1, 'object', 33, NULL, 9000000, 100, 8000000, 90, 0, 600, 8000000), (2, 1, 'malloc', 34, NULL, 9000000, 100, 4000000, 90, 0, 600, 4000000);
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 1000000000, 100 * (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_live SELECT i + 1, 1, 5, 1, 204800 * (i + 1), 100, 13 * (i + 1), 3e9 * (i + 1), 0 FROM n WHERE i < 40;
INSERT INTO heap_live SELECT i + 1, 2, 5, 1, 102400 * (i + 1), 100, 6 * (i + 1), 3e9 * (i + 1), 0 FROM n WHERE i < 40;
INSERT INTO walk(id, process_id, number, state, cut, holders_cut, begun_ns, pause_ns, held_ns, took_ns, cpu_ns, anonymous_bytes, room_bytes, objects, tracked, object_references, bytes)
  VALUES (1, 1, 1, 'done', 0, 0, 40000000000, 0, 0, 0, 0, 90000000, 0, 5000, 4000, 0, 500000);
INSERT INTO text VALUES (21, 'app.render'), (22, 'dict');
INSERT INTO walk_holder(walk_id, bytes, site_id, root, label_id, expression, in_type_id, in_length, cache_entries, cache_limit, cache_hits, cache_misses, object_references, found, maybe_recycled) SELECT 1, 56, 1 + i, 'cache', 21,
  printf('functools.lru_cache of app.render (maxsize=None, 4000 entries, 2 hits)%s', iif(i, '[…]', '')), 22, 4000, 4000, 5000, 2, 4001, 1, 1, 0 FROM n WHERE i < 2;
INSERT INTO cgroup_second(at_ns, process_id, path, memory_limit_bytes, memory_bytes) VALUES (40000000000, 1, '/app', 536870912, 226870912);
-- says: ruled out: what 2 lines made grew steadily, to the end, and functools.lru_cache of app.render keeps it; it has 4000 of 5000 entries, and takes 2.86 MiB more until it is full

-- case: miss a cache with a maximum that filled up until the last walk
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO fact VALUES (1, 'server', 'gunicorn');
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_site(id, process_id, domain, stack_id, native, made_bytes, made_blocks, live_bytes, live_blocks, short_bytes, samples, peak_bytes)
  VALUES (1, 1, 'object', 33, NULL, 9000000, 100, 8000000, 90, 0, 600, 8000000), (2, 1, 'malloc', 34, NULL, 9000000, 100, 4000000, 90, 0, 600, 4000000);
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 1000000000, 100 * (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_live SELECT i + 1, 1, 5, 1, 204800 * (i + 1), 100, 13 * (i + 1), 3e9 * (i + 1), 0 FROM n WHERE i < 40;
INSERT INTO heap_live SELECT i + 1, 2, 5, 1, 102400 * (i + 1), 100, 6 * (i + 1), 3e9 * (i + 1), 0 FROM n WHERE i < 40;
INSERT INTO walk(id, process_id, number, state, cut, holders_cut, begun_ns, pause_ns, held_ns, took_ns, cpu_ns, anonymous_bytes, room_bytes, objects, tracked, object_references, bytes)
  VALUES (1, 1, 1, 'done', 0, 0, 40000000000, 0, 0, 0, 0, 90000000, 0, 5000, 4000, 0, 500000);
INSERT INTO text VALUES (21, 'app.render'), (22, 'dict');
INSERT INTO walk_holder(walk_id, bytes, site_id, root, label_id, expression, in_type_id, in_length, cache_entries, cache_limit, cache_hits, cache_misses, object_references, found, maybe_recycled) SELECT 1, 56, 1 + i, 'cache', 21,
  printf('functools.lru_cache of app.render (maxsize=None, 4000 entries, 2 hits)%s', iif(i, '[…]', '')), 22, 5000, 5000, 5000, 2, 9001, 1, 1, 0 FROM n WHERE i < 2;
INSERT INTO cgroup_second(at_ns, process_id, path, memory_limit_bytes, memory_bytes) VALUES (40000000000, 1, '/app', 536870912, 226870912);
-- says: ruled out: what 2 lines made grew steadily, to the end, and functools.lru_cache of app.render keeps it; it has 5000 of 5000 entries, and takes 0 MiB more until it is full

-- case: hit a cache whose maximum is more than memory has room for
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO fact VALUES (1, 'server', 'gunicorn');
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_site(id, process_id, domain, stack_id, native, made_bytes, made_blocks, live_bytes, live_blocks, short_bytes, samples, peak_bytes)
  VALUES (1, 1, 'object', 33, NULL, 9000000, 100, 8000000, 90, 0, 600, 8000000), (2, 1, 'malloc', 34, NULL, 9000000, 100, 4000000, 90, 0, 600, 4000000);
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 1000000000, 100 * (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_live SELECT i + 1, 1, 5, 1, 204800 * (i + 1), 100, 13 * (i + 1), 3e9 * (i + 1), 0 FROM n WHERE i < 40;
INSERT INTO heap_live SELECT i + 1, 2, 5, 1, 102400 * (i + 1), 100, 6 * (i + 1), 3e9 * (i + 1), 0 FROM n WHERE i < 40;
INSERT INTO walk(id, process_id, number, state, cut, holders_cut, begun_ns, pause_ns, held_ns, took_ns, cpu_ns, anonymous_bytes, room_bytes, objects, tracked, object_references, bytes)
  VALUES (1, 1, 1, 'done', 0, 0, 40000000000, 0, 0, 0, 0, 90000000, 0, 5000, 4000, 0, 500000);
INSERT INTO text VALUES (21, 'app.render'), (22, 'dict');
INSERT INTO walk_holder(walk_id, bytes, site_id, root, label_id, expression, in_type_id, in_length, cache_entries, cache_limit, cache_hits, cache_misses, object_references, found, maybe_recycled) SELECT 1, 56, 1 + i, 'cache', 21,
  printf('functools.lru_cache of app.render (maxsize=None, 4000 entries, 2 hits)%s', iif(i, '[…]', '')), 22, 4000, 4000, 500000, 2, 4001, 1, 1, 0 FROM n WHERE i < 2;
INSERT INTO cgroup_second(at_ns, process_id, path, memory_limit_bytes, memory_bytes) VALUES (40000000000, 1, '/app', 536870912, 226870912);
-- expect: functools.lru_cache of app.render /srv/app.py:33 0.0% - likely
-- says: its maxsize of 500000 is more than memory has room for: lower it

-- case: hit a walk finds two holders of what one line makes: the line is named
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_site(id, process_id, domain, stack_id, native, made_bytes, made_blocks, live_bytes, live_blocks, short_bytes, samples, peak_bytes) VALUES (1, 1, 'object', 33, NULL, 9000000, 100, 8000000, 90, 0, 600, 8000000);
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 1000000000, 100 * (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_live SELECT i + 1, 1, 5, 1, 204800 * (i + 1), 100, 13 * (i + 1), 3e9 * (i + 1), 0 FROM n WHERE i < 40;
INSERT INTO walk(id, process_id, number, state, cut, holders_cut, begun_ns, pause_ns, held_ns, took_ns, cpu_ns, anonymous_bytes, room_bytes, objects, tracked, object_references, bytes)
  VALUES (1, 1, 1, 'done', 0, 0, 40000000000, 0, 0, 0, 0, 90000000, 0, 5000, 4000, 0, 500000);
INSERT INTO walk_holder(walk_id, bytes, site_id, root, expression, object_references, found, maybe_recycled) VALUES (1, 56, 1, 'module', 'app.ONE[…]', 1, 1, 0), (1, 56, 1, 'module', 'app.OTHER[…]', 1, 1, 0);
-- expect: /srv/app.py:33 /srv/app.py:33 0.0% - likely
-- says: Memory leaks: of each request 2 KiB that are made here are kept.

-- case: hit the row of some samples begins in code of C: what is found of the others is the holder
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_site(id, process_id, domain, stack_id, native, made_bytes, made_blocks, live_bytes, live_blocks, short_bytes, samples, peak_bytes) VALUES (1, 1, 'object', 33, NULL, 9000000, 100, 8000000, 90, 0, 600, 8000000);
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 1000000000, 100 * (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_live SELECT i + 1, 1, 5, 1, 204800 * (i + 1), 100, 13 * (i + 1), 3e9 * (i + 1), 0 FROM n WHERE i < 40;
INSERT INTO walk(id, process_id, number, state, cut, holders_cut, begun_ns, pause_ns, held_ns, took_ns, cpu_ns, anonymous_bytes, room_bytes, objects, tracked, object_references, bytes)
  VALUES (1, 1, 1, 'done', 0, 0, 40000000000, 0, 0, 0, 0, 90000000, 0, 5000, 4000, 0, 500000);
INSERT INTO walk_holder(walk_id, bytes, site_id, root, expression, object_references, found, maybe_recycled) VALUES (1, 56, 1, 'module', 'app.ONE[…]', 1, 1, 0), (1, 56, 1, 'module', 'app.ONE[…]', 1, 1, 0),
  (1, 56, 1, 'c', '(held by C code).plan', 2, 1, 0), (1, 56, 1, 'c', '(held by C code).plan', 2, 1, 0);
-- expect: app.ONE /srv/app.py:33 0.0% - likely

-- case: hit a list of a module, by single entries
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_site(id, process_id, domain, stack_id, native, made_bytes, made_blocks, live_bytes, live_blocks, short_bytes, samples, peak_bytes) VALUES (1, 1, 'object', 33, NULL, 9000000, 100, 8000000, 90, 0, 600, 8000000);
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 1000000000, 100 * (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_live SELECT i + 1, 1, 5, 1, 204800 * (i + 1), 100, 13 * (i + 1), 3e9 * (i + 1), 0 FROM n WHERE i < 40;
INSERT INTO walk(id, process_id, number, state, cut, holders_cut, begun_ns, pause_ns, held_ns, took_ns, cpu_ns, anonymous_bytes, room_bytes, objects, tracked, object_references, bytes)
  VALUES (1, 1, 1, 'done', 0, 0, 40000000000, 0, 0, 0, 0, 90000000, 0, 5000, 4000, 0, 500000);
INSERT INTO text VALUES (22, 'list');
INSERT INTO walk_holder(walk_id, bytes, site_id, root, expression, in_type_id, in_length, object_references, found, maybe_recycled) SELECT 1, 56, 1, 'module', printf('app.views.KEPT[%d].rows', i), 22, 4000, 1, 1, 0 FROM n WHERE i < 10;
INSERT INTO walk_holder(walk_id, bytes, site_id, root, expression, object_references, found, maybe_recycled) VALUES (1, 56, 1, 'far', '(not followed further)', 1, 1, 0);
-- expect: app.views.KEPT /srv/app.py:33 0.0% - likely
-- says: Memory leaks: app.views.KEPT keeps 2 KiB of each request.
-- says: length of the list: 4000 at the last walk
-- says: it is only appended to: collections.deque(maxlen=1000)

-- case: hit what was not followed to its beginning is kept by whom all else that grows is kept by
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_site(id, process_id, domain, stack_id, native, made_bytes, made_blocks, live_bytes, live_blocks, short_bytes, samples, peak_bytes)
  VALUES (1, 1, 'object', 33, NULL, 9000000, 100, 8000000, 90, 0, 600, 8000000), (2, 1, 'object', 34, NULL, 9000000, 100, 4000000, 90, 0, 600, 4000000);
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 1000000000, 100 * (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_live SELECT i + 1, 1, 5, 1, 204800 * (i + 1), 100, 13 * (i + 1), 3e9 * (i + 1), 0 FROM n WHERE i < 40;
INSERT INTO heap_live SELECT i + 1, 2, 5, 1, 102400 * (i + 1), 100, 6 * (i + 1), 3e9 * (i + 1), 0 FROM n WHERE i < 40;
INSERT INTO walk(id, process_id, number, state, cut, holders_cut, begun_ns, pause_ns, held_ns, took_ns, cpu_ns, anonymous_bytes, room_bytes, objects, tracked, object_references, bytes)
  VALUES (1, 1, 1, 'done', 0, 1, 40000000000, 0, 0, 0, 0, 90000000, 0, 5000, 4000, 0, 500000);
INSERT INTO text VALUES (22, 'list');
INSERT INTO walk_holder(walk_id, bytes, site_id, root, expression, in_type_id, in_length, object_references, found, maybe_recycled) SELECT 1, 56, 1, 'module', printf('app.views.KEPT[%d].name', i), 22, 4000, 1, 1, 0 FROM n WHERE i < 3;
INSERT INTO walk_holder(walk_id, bytes, site_id, root, expression, object_references, found, maybe_recycled) VALUES (1, 56, 2, 'far', '(not followed further)', 1, 1, 0);
-- expect: app.views.KEPT /srv/app.py:33 0.0% - likely
-- says: Memory leaks: app.views.KEPT keeps 3 KiB of each request, made at 2 lines.

-- case: hit too few samples to tell, but walks saw it getting longer with each request
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_site(id, process_id, domain, stack_id, native, made_bytes, made_blocks, live_bytes, live_blocks, short_bytes, samples, peak_bytes) VALUES (1, 1, 'object', 33, NULL, 9000000, 100, 32768, 90, 0, 600, 32768);
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 1000000000, 100 * (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_live SELECT i + 1, 1, 5, 1, 16384 * (i / 14), 1, i / 14, 3e8, 0 FROM n WHERE i >= 14 AND i < 40;
INSERT INTO walk(id, process_id, number, state, cut, holders_cut, begun_ns, pause_ns, held_ns, took_ns, cpu_ns, anonymous_bytes, room_bytes, objects, tracked, object_references, bytes)
  SELECT i, 1, i, 'done', 0, 0, i * 10000000000, 0, 0, 0, 0, 90000000, 0, 5000, 4000, 0, 500000 FROM n WHERE i BETWEEN 1 AND 3;
INSERT INTO text VALUES (22, 'dict');
INSERT INTO walk_holder(walk_id, bytes, site_id, root, expression, in_type_id, in_length, object_references, found, maybe_recycled) SELECT i, 56, 1, 'module', 'app.KEPT[…].name', 22, 500 + 1000 * i, 1, 1, 0 FROM n WHERE i BETWEEN 1 AND 3;
INSERT INTO walk_holder(walk_id, bytes, root, expression, length, deep_bytes, object_references, found, maybe_recycled) SELECT i, 56, 'module', 'app.KEPT', 500 + 1000 * i, 300 * (500 + 1000 * i), 1, 1, 0 FROM n WHERE i BETWEEN 1 AND 3;
-- expect: app.KEPT /srv/app.py:33 0.0% - likely
-- says: because: len() of app.KEPT grew by 1 with each unit of work, over 2 steps between walks of the heap
-- says: a cache with a bound of its own that it has not come to yet would look the same

-- case: hit an index that leads to all that another keeps: what is told of is told once
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_site(id, process_id, domain, stack_id, native, made_bytes, made_blocks, live_bytes, live_blocks, short_bytes, samples, peak_bytes)
  VALUES (1, 1, 'object', 33, NULL, 9000000, 100, 8000000, 90, 0, 600, 8000000), (2, 1, 'object', 34, NULL, 900000, 100, 32768, 90, 0, 600, 32768);
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 1000000000, 100 * (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_live SELECT i + 1, 1, 5, 1, 204800 * (i + 1), 100, 13 * (i + 1), 3e9 * (i + 1), 0 FROM n WHERE i < 40;
INSERT INTO heap_live SELECT i + 1, 2, 5, 1, 16384 * (i / 14), 1, i / 14, 3e8, 0 FROM n WHERE i >= 14 AND i < 40;
INSERT INTO walk(id, process_id, number, state, cut, holders_cut, begun_ns, pause_ns, held_ns, took_ns, cpu_ns, anonymous_bytes, room_bytes, objects, tracked, object_references, bytes)
  SELECT i, 1, i, 'done', 0, 0, i * 10000000000, 0, 0, 0, 0, 90000000, 0, 5000, 4000, 0, 500000 FROM n WHERE i BETWEEN 1 AND 3;
INSERT INTO text VALUES (22, 'dict');
INSERT INTO walk_holder(walk_id, bytes, site_id, root, expression, in_type_id, in_length, object_references, found, maybe_recycled) SELECT i, 56, 1 + k, 'module', iif(k, 'app.INDEX[…]', 'app.KEPT[…].name'), 22, 500 + 1000 * i, 1, 1, 0
  FROM n, (SELECT 0 AS k UNION SELECT 1) WHERE i BETWEEN 1 AND 3;
INSERT INTO walk_holder(walk_id, bytes, root, expression, length, deep_bytes, object_references, found, maybe_recycled, shared_bytes)
  SELECT i, 56, 'module', iif(k, 'app.INDEX', 'app.KEPT'), 500 + 1000 * i, 2200 * (500 + 1000 * i), 1, 1, 0, iif(k, 2150 * (500 + 1000 * i), 0) FROM n, (SELECT 0 AS k UNION SELECT 1) WHERE i BETWEEN 1 AND 3;
-- expect: app.KEPT /srv/app.py:33 0.0% - likely
-- says: Memory leaks: app.KEPT keeps 2 KiB of each request.
-- says: growth: 2 KiB a request (95 %: 2 … 2.15)
-- says: growth at this rate: 16.48 GiB a day

-- case: miss likewise, but it fills up
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_site(id, process_id, domain, stack_id, native, made_bytes, made_blocks, live_bytes, live_blocks, short_bytes, samples, peak_bytes) VALUES (1, 1, 'object', 33, NULL, 9000000, 100, 32768, 90, 0, 600, 32768);
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 1000000000, 100 * (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_live SELECT i + 1, 1, 5, 1, 16384 * (i / 14), 1, i / 14, 3e8, 0 FROM n WHERE i >= 14 AND i < 40;
INSERT INTO walk(id, process_id, number, state, cut, holders_cut, begun_ns, pause_ns, held_ns, took_ns, cpu_ns, anonymous_bytes, room_bytes, objects, tracked, object_references, bytes)
  SELECT i, 1, i, 'done', 0, 0, i * 10000000000, 0, 0, 0, 0, 90000000, 0, 5000, 4000, 0, 500000 FROM n WHERE i BETWEEN 1 AND 3;
INSERT INTO text VALUES (22, 'dict');
INSERT INTO walk_holder(walk_id, bytes, site_id, root, expression, in_type_id, in_length, object_references, found, maybe_recycled) SELECT i, 56, 1, 'module', 'app.KEPT[…].name', 22, 2000 - 1000 / i, 1, 1, 0 FROM n WHERE i BETWEEN 1 AND 3;
INSERT INTO walk_holder(walk_id, bytes, root, expression, length, deep_bytes, object_references, found, maybe_recycled) SELECT i, 56, 'module', 'app.KEPT', 2000 - 1000 / i, 300 * (2000 - 1000 / i), 1, 1, 0 FROM n WHERE i BETWEEN 1 AND 3;

-- case: hit entries of a dict are lists: the fix is of the dict
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_site(id, process_id, domain, stack_id, native, made_bytes, made_blocks, live_bytes, live_blocks, short_bytes, samples, peak_bytes) VALUES (1, 1, 'object', 33, NULL, 9000000, 100, 8000000, 90, 0, 600, 8000000);
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 1000000000, 100 * (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_live SELECT i + 1, 1, 5, 1, 204800 * (i + 1), 100, 13 * (i + 1), 3e9 * (i + 1), 0 FROM n WHERE i < 40;
INSERT INTO walk(id, process_id, number, state, cut, holders_cut, begun_ns, pause_ns, held_ns, took_ns, cpu_ns, anonymous_bytes, room_bytes, objects, tracked, object_references, bytes)
  VALUES (1, 1, 1, 'done', 0, 0, 40000000000, 0, 0, 0, 0, 90000000, 0, 5000, 4000, 0, 500000);
INSERT INTO text VALUES (22, 'list');
INSERT INTO walk_holder(walk_id, bytes, site_id, root, expression, in_type_id, in_length, object_references, found, maybe_recycled) SELECT 1, 56, 1, 'module', printf('app.views.KEPT[…][%d]', i), 22, 40, 1, 1, 0 FROM n WHERE i < 10;
INSERT INTO walk_holder(walk_id, bytes, site_id, root, expression, object_references, found, maybe_recycled) VALUES (1, 56, 1, 'far', '(not followed further)', 1, 1, 0);
-- expect: app.views.KEPT /srv/app.py:33 0.0% - likely
-- says: Memory leaks: app.views.KEPT keeps 2 KiB of each request.
-- says not: it is only appended to
-- says not: length of the list

-- case: hit what a line before it may have made comes after the line that did
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_site(id, process_id, domain, stack_id, native, made_bytes, made_blocks, live_bytes, live_blocks, short_bytes, samples, peak_bytes)
  VALUES (1, 1, 'object', 33, NULL, 9000000, 100, 8000000, 90, 0, 600, 8000000), (2, 1, 'object', 34, NULL, 9000000, 100, 4000000, 90, 0, 600, 4000000);
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 1000000000, 100 * (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_live SELECT i + 1, 1, 5, 1, 204800 * (i + 1), 100, 13 * (i + 1), 3e9 * (i + 1), 0 FROM n WHERE i < 40;
INSERT INTO heap_live SELECT i + 1, 2, 5, 1, 102400 * (i + 1), 100, 6 * (i + 1), 3e9 * (i + 1), 0 FROM n WHERE i < 40;
INSERT INTO walk(id, process_id, number, state, cut, holders_cut, begun_ns, pause_ns, held_ns, took_ns, cpu_ns, anonymous_bytes, room_bytes, objects, tracked, object_references, bytes)
  VALUES (1, 1, 1, 'done', 0, 0, 40000000000, 0, 0, 0, 0, 90000000, 0, 5000, 4000, 0, 500000);
INSERT INTO walk_holder(walk_id, bytes, site_id, root, expression, object_references, found, maybe_recycled) VALUES (1, 56, 1, 'class', 'app.Model.rows[…]', 1, 1, 1), (1, 56, 2, 'class', 'app.Model.rows[…]', 1, 1, 0);
-- expect: app.Model.rows /srv/app.py:34 0.0% - likely
-- says: at /srv/app.py:33 handler
-- says: an attribute of a class is one for all of its objects

-- case: hit cycles that the collector does not come to
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 1000000000, 100 * (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO walk(id, process_id, number, state, cut, holders_cut, begun_ns, pause_ns, held_ns, took_ns, cpu_ns, anonymous_bytes, room_bytes, objects, tracked, object_references, bytes, garbage_objects, garbage_bytes)
  VALUES (1, 1, 1, 'done', 0, 0, 40000000000, 0, 0, 0, 0, 90000000, 0, 5000, 4000, 0, 500000, 1000, 2097152);
INSERT INTO text VALUES (21, 'app.Node'), (22, 'dict');
INSERT INTO walk_type(walk_id, name_id, count, tracked, bytes, is_class, garbage_count) VALUES (1, 21, 900, 900, 90000, 1, 700), (1, 22, 900, 900, 90000, 0, 300);
-- expect: garbage - 0.0% - likely
-- says: Memory is held by objects in cycles that are not collected: 2 MiB at the last walk of the heap.
-- says: app.Node: 700 objects
-- says: because: 1000 of 4000 objects that the collector looks after are in cycles that nothing refers to

-- case: miss garbage below the quarter at which a full collection is due
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 1000000000, 100 * (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO walk(id, process_id, number, state, cut, holders_cut, begun_ns, pause_ns, held_ns, took_ns, cpu_ns, anonymous_bytes, room_bytes, objects, tracked, object_references, bytes, garbage_objects, garbage_bytes)
  VALUES (1, 1, 1, 'done', 0, 0, 40000000000, 0, 0, 0, 0, 90000000, 0, 5000, 4000, 0, 500000, 990, 2097152);

-- case: hit a script that ends no unit of work: by seconds
INSERT INTO unit(id, process_id, kind, start_ns, wall_ns, cpu_ns) VALUES (1, 1, 'run', 0, 60000000000, 50000000000);
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_site(id, process_id, domain, stack_id, native, made_bytes, made_blocks, live_bytes, live_blocks, short_bytes, samples, peak_bytes) VALUES (1, 1, 'object', 33, NULL, 9000000, 100, 8000000, 90, 0, 600, 8000000);
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 1000000000, 0, 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_live SELECT i + 1, 1, 5, NULL, 204800 * (i + 1), 100, 13 * (i + 1), 3e9 * (i + 1), 0 FROM n WHERE i < 40;
-- expect: /srv/app.py:33 /srv/app.py:33 0.0% - likely
-- says: Memory leaks: of each second 200 KiB that are made here are kept.
