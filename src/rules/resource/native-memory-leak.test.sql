-- case: hit a library keeps what it makes, and no objects grow with it
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_site(id, process_id, domain, stack_id, native, made_bytes, made_blocks, live_bytes, live_blocks, short_bytes, samples, peak_bytes)
  VALUES (1, 1, 'malloc', 33, '/venv/lib/python3.12/site-packages/fastjson/_speed.so+0x1a2b', 9000000, 9000, 8192000, 4000, 0, 600, 8192000);
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 1000000000, 100 * (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_live SELECT i + 1, 1, 5, 1, 204800 * (i + 1), 100 * (i + 1), 13 * (i + 1), 3e9 * (i + 1), 0 FROM n WHERE i < 40;
INSERT INTO walk(id, process_id, number, state, cut, holders_cut, begun_ns, pause_ns, held_ns, took_ns, cpu_ns, anonymous_bytes, room_bytes, objects, tracked, object_references, bytes)
  VALUES (1, 1, 1, 'done', 0, 0, 2000000000, 0, 0, 0, 0, 90000000, 0, 5000, 4000, 0, 500000), (2, 1, 2, 'done', 0, 0, 40000000000, 0, 0, 0, 0, 90000000, 0, 5010, 4000, 0, 500000);
INSERT INTO text VALUES (21, 'str');
INSERT INTO walk_type(walk_id, name_id, count, tracked, bytes, is_class) VALUES (1, 21, 900, 0, 90000, 0), (2, 21, 910, 0, 91000, 0);
INSERT INTO cgroup_second(at_ns, process_id, path, memory_limit_bytes, memory_bytes) VALUES (40000000000, 1, '/app', 536870912, 360000000);
-- expect: _speed.so /srv/app.py:33 0.0% - likely
-- says: Memory leaks in C code: of each request 2 KiB that _speed.so makes are kept.
-- says: made by this library: 100 % of it
-- says: not memory-leak: no type of objects grew with it between two walks of the heap
-- says: a new worker after so many requests:

-- case: hit not walked: it may be that objects hold it
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_site(id, process_id, domain, stack_id, native, made_bytes, made_blocks, live_bytes, live_blocks, short_bytes, samples, peak_bytes)
  VALUES (1, 1, 'malloc', 33, '/venv/lib/python3.12/site-packages/fastjson/_speed.so+0x1a2b', 9000000, 9000, 8192000, 4000, 0, 600, 8192000);
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 1000000000, 100 * (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_live SELECT i + 1, 1, 5, 1, 204800 * (i + 1), 100 * (i + 1), 13 * (i + 1), 3e9 * (i + 1), 0 FROM n WHERE i < 40;
-- expect: _speed.so /srv/app.py:33 0.0% - possible
-- says: Memory leaks: of each request 2 KiB that _speed.so makes are kept, by itself or by objects.
-- says not: not memory-leak
-- says: walks of the heap (--memory --walk=30): if some type of objects grows with it, Python keeps it

-- case: hit C++'s own library made it for another one, which is not known
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_site(id, process_id, domain, stack_id, native, made_bytes, made_blocks, live_bytes, live_blocks, short_bytes, samples, peak_bytes)
  VALUES (1, 1, 'malloc', 33, '/usr/lib/x86_64-linux-gnu/libstdc++.so.6.0.30+0x1a2b', 9000000, 9000, 8192000, 4000, 0, 600, 8192000);
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 1000000000, 100 * (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_live SELECT i + 1, 1, 5, 1, 204800 * (i + 1), 100 * (i + 1), 13 * (i + 1), 3e9 * (i + 1), 0 FROM n WHERE i < 40;
-- expect: a library by way of libstdc++.so.6.0.30 /srv/app.py:33 0.0% - possible
-- says: Memory leaks: of each request 2 KiB that a library by way of libstdc++.so.6.0.30 makes are kept, by itself or by objects.

-- case: hit C++ makes it, and who asked it to was seen: three samples of four came by one library
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_site(id, process_id, domain, stack_id, native, made_bytes, made_blocks, live_bytes, live_blocks, short_bytes, samples, peak_bytes)
  VALUES (1, 1, 'malloc', 33, '/usr/lib/x86_64-linux-gnu/libstdc++.so.6.0.30+0x1a2b', 9000000, 9000, 8192000, 4000, 0, 600, 8192000);
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 1000000000, 100 * (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_live SELECT i + 1, 1, 5, 1, 204800 * (i + 1), 100 * (i + 1), 13 * (i + 1), 3e9 * (i + 1), 0 FROM n WHERE i < 40;
INSERT INTO heap_native(id, site_id, captures, bytes, ended) VALUES (1, 1, 3, 3000, 'python'), (2, 1, 1, 1000, 'python');
INSERT INTO heap_native_frame(native_id, depth, library, function, offset) VALUES (1, 0, '/usr/lib/x86_64-linux-gnu/libstdc++.so.6.0.30', '_Znwm', 8),
  (1, 1, '/venv/lib/python3.12/site-packages/fastjson/_speed.so', 'parse', 40), (1, 2, '/venv/lib/python3.12/site-packages/other.so', 'call', 40),
  (2, 0, '/usr/lib/x86_64-linux-gnu/libstdc++.so.6.0.30', '_Znwm', 8), (2, 1, '/usr/lib/x86_64-linux-gnu/libc.so.6', 'bsearch', 4), (2, 2, '/venv/lib/python3.12/site-packages/other.so', 'call', 40);
-- expect: _speed.so /srv/app.py:33 0.0% - possible
-- says: Memory leaks: of each request 2 KiB that _speed.so makes are kept, by itself or by objects.
-- says: because: _speed.so made 100 % of it
-- says not: by way of

-- case: hit C++ makes it, and only it was seen
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_site(id, process_id, domain, stack_id, native, made_bytes, made_blocks, live_bytes, live_blocks, short_bytes, samples, peak_bytes)
  VALUES (1, 1, 'malloc', 33, '/usr/lib/x86_64-linux-gnu/libstdc++.so.6.0.30+0x1a2b', 9000000, 9000, 8192000, 4000, 0, 600, 8192000);
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 1000000000, 100 * (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_live SELECT i + 1, 1, 5, 1, 204800 * (i + 1), 100 * (i + 1), 13 * (i + 1), 3e9 * (i + 1), 0 FROM n WHERE i < 40;
INSERT INTO heap_native(id, site_id, captures, bytes, ended) VALUES (1, 1, 3, 3000, 'unknown');
INSERT INTO heap_native_frame(native_id, depth, library, function, offset) VALUES (1, 0, '/usr/lib/x86_64-linux-gnu/libstdc++.so.6.0.30', '_Znwm', 8);
-- expect: a library by way of libstdc++.so.6.0.30 /srv/app.py:33 0.0% - possible

-- case: hit malloc's own books grow, of what no hook saw
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 1000000000, 100 * (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_second(process_id, at_ns, rss_bytes, live_bytes, live_malloc_bytes, malloc_used_bytes, malloc_free_bytes, units)
  SELECT 1, (i + 1) * 1000000000, 30000000 + 204800 * i, 9000000, 2000000, 4000000 + 204800 * i, 100000, 100 * (i + 1) FROM n WHERE i < 40;
-- expect: malloc - 0.0% - likely
-- says: Memory leaks in C code: malloc counts 2 KiB more in use after each request.
-- says: because: malloc counts more and more blocks in use, which none of the hooked functions gave out

-- case: near-miss memory-leak: as many arrays came as blocks, so that Python keeps them
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_site(id, process_id, domain, stack_id, native, made_bytes, made_blocks, live_bytes, live_blocks, short_bytes, samples, peak_bytes)
  VALUES (1, 1, 'malloc', 33, '/venv/lib/python3.12/site-packages/numpy/_core/_multiarray_umath.so+0x1a2b', 9000000, 9000, 8192000, 4000, 0, 600, 8192000);
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 1000000000, 100 * (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_live SELECT i + 1, 1, 5, 1, 204800 * (i + 1), 100 * (i + 1), 13 * (i + 1), 3e9 * (i + 1), 0 FROM n WHERE i < 40;
INSERT INTO walk(id, process_id, number, state, cut, holders_cut, begun_ns, pause_ns, held_ns, took_ns, cpu_ns, anonymous_bytes, room_bytes, objects, tracked, object_references, bytes)
  VALUES (1, 1, 1, 'done', 0, 0, 2000000000, 0, 0, 0, 0, 90000000, 0, 5000, 4000, 0, 500000), (2, 1, 2, 'done', 0, 0, 40000000000, 0, 0, 0, 0, 90000000, 0, 9000, 4000, 0, 900000);
INSERT INTO text VALUES (21, 'numpy.ndarray');
INSERT INTO walk_type(walk_id, name_id, count, tracked, bytes, is_class) VALUES (1, 21, 200, 0, 22400, 0), (2, 21, 4000, 0, 448000, 0);

-- case: near-miss memory-leak: one object came with each request, that has a thousand blocks
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_site(id, process_id, domain, stack_id, native, made_bytes, made_blocks, live_bytes, live_blocks, short_bytes, samples, peak_bytes)
  VALUES (1, 1, 'malloc', 33, '/venv/lib/python3.12/site-packages/cryptography/libcrypto.so.3+0x1a2b', 9000000, 9000, 8192000, 4000, 0, 600, 8192000);
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 1000000000, 100 * (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_live SELECT i + 1, 1, 5, 1, 204800 * (i + 1), 9000 * (i + 1), 13 * (i + 1), 3e9 * (i + 1), 0 FROM n WHERE i < 40;
INSERT INTO walk(id, process_id, number, state, cut, holders_cut, begun_ns, pause_ns, held_ns, took_ns, cpu_ns, anonymous_bytes, room_bytes, objects, tracked, object_references, bytes)
  VALUES (1, 1, 1, 'done', 0, 0, 2000000000, 0, 0, 0, 0, 90000000, 0, 5000, 4000, 0, 500000), (2, 1, 2, 'done', 0, 0, 40000000000, 0, 0, 0, 0, 90000000, 0, 9000, 4000, 0, 900000);
INSERT INTO text VALUES (21, '_ssl._SSLContext');
INSERT INTO walk_type(walk_id, name_id, count, tracked, bytes, is_class) VALUES (1, 21, 200, 0, 22400, 0), (2, 21, 3900, 0, 448000, 0);

-- case: near-miss memory-leak: it is Python itself that makes them
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_site(id, process_id, domain, stack_id, native, made_bytes, made_blocks, live_bytes, live_blocks, short_bytes, samples, peak_bytes)
  VALUES (1, 1, 'malloc', 33, '/usr/lib/libpython3.12.so.1.0+0x1a2b', 9000000, 9000, 8192000, 4000, 0, 600, 8192000), (2, 1, 'malloc', 33, NULL, 100, 9000, 100, 4000, 0, 600, 100);
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 1000000000, 100 * (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_live SELECT i + 1, 1, 5, 1, 204800 * (i + 1), 100 * (i + 1), 13 * (i + 1), 3e9 * (i + 1), 0 FROM n WHERE i < 40;

-- case: near-miss memory-leak: a walk found the module's variable that keeps them
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_site(id, process_id, domain, stack_id, native, made_bytes, made_blocks, live_bytes, live_blocks, short_bytes, samples, peak_bytes)
  VALUES (1, 1, 'malloc', 33, '/venv/lib/python3.12/site-packages/fastjson/_speed.so+0x1a2b', 9000000, 9000, 8192000, 4000, 0, 600, 8192000);
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 1000000000, 100 * (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_live SELECT i + 1, 1, 5, 1, 204800 * (i + 1), 100 * (i + 1), 13 * (i + 1), 3e9 * (i + 1), 0 FROM n WHERE i < 40;
INSERT INTO walk(id, process_id, number, state, cut, holders_cut, begun_ns, pause_ns, held_ns, took_ns, cpu_ns, anonymous_bytes, room_bytes, objects, tracked, object_references, bytes)
  VALUES (1, 1, 1, 'done', 0, 0, 40000000000, 0, 0, 0, 0, 90000000, 0, 5000, 4000, 0, 500000);
INSERT INTO walk_holder(walk_id, bytes, site_id, root, expression, object_references, found, maybe_recycled) VALUES (1, 56, 1, 'module', 'app.KEPT[…]', 1, 1, 0);

-- case: near-miss memory-fragmentation: blocks that are free are more, not those in use
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 1000000000, 100 * (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_second(process_id, at_ns, rss_bytes, live_bytes, live_malloc_bytes, malloc_used_bytes, malloc_free_bytes, units)
  SELECT 1, (i + 1) * 1000000000, 30000000 + 204800 * i, 9000000, 2000000, 4000000, 100000 + 204800 * i, 100 * (i + 1) FROM n WHERE i < 40;
-- says: ruled out: blocks of malloc that are live are 1.91 MiB (flat), and none that a library makes grow

-- case: miss samples gave way, so that the books only seem to grow
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 500000, 0, 0, NULL, 0, NULL;
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 1000000000, 100 * (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_second(process_id, at_ns, rss_bytes, live_bytes, live_malloc_bytes, malloc_used_bytes, malloc_free_bytes, units)
  SELECT 1, (i + 1) * 1000000000, 30000000 + 204800 * i, 9000000, 2000000, 4000000 + 204800 * i, 100000, 100 * (i + 1) FROM n WHERE i < 40;

-- case: hit what is resident grows by what nobody was seen making
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 1000000000, 100 * (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_second(process_id, at_ns, rss_bytes, anonymous_bytes, live_bytes, live_malloc_bytes, arena_bytes, malloc_used_bytes, malloc_free_bytes, units)
  SELECT 1, (i + 1) * 1000000000, 60000000 + 614400 * (i + 1), 40000000 + 614400 * (i + 1), 18000000, 6000000, 12000000, 6500000 + 6144000 * (i / 10), 300000, 100 * (i + 1) FROM n WHERE i < 40;
-- expect: resident - 0.0% - possible
-- says: Memory grows by 6 KiB of each request that nothing seen makes.
-- says: /proc/PID/smaps: mappings that grow are those of an allocator of its own

-- case: miss what is resident grows by what Python makes and frees
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 4000000, 4000000 FROM n;
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 1000000000, 100 * (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_second(process_id, at_ns, rss_bytes, anonymous_bytes, live_bytes, live_malloc_bytes, arena_bytes, malloc_used_bytes, malloc_free_bytes, units)
  SELECT 1, (i + 1) * 1000000000, 60000000 + 614400 * (i + 1), 40000000 + 614400 * (i + 1), 18000000, 6000000, 12000000 + 614400 * (i + 1), 6500000, 300000, 100 * (i + 1) FROM n WHERE i < 40;
