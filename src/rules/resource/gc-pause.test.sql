-- case: hit a full collection in each request
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, gc_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 9900000, 6000000 FROM n WHERE i < 20;
INSERT INTO event SELECT i * 100000000 + 1000000, 6000000, i + 1, 1, 'gc', NULL, NULL, NULL, 0, NULL, 2, 128, 0, 0, 1 FROM n WHERE i < 20;
-- expect: asked - 60.0% 6.000ms likely
-- says: route: /
-- says: A full garbage collection is asked for in each request: 6.00 ms each.

-- case: hit cycles: what they free is much, and a full one comes now and then
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, gc_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 9900000, iif(i % 5 = 0, 9000000, 1000000) FROM n WHERE i < 20;
INSERT INTO event SELECT i * 100000000 + 1000000, iif(i % 5 = 0, 9000000, 1000000), i + 1, 1, 'gc', NULL, NULL, NULL, 0, NULL, iif(i % 5 = 0, 2, 1), 128, 4000, 0, 1 FROM n WHERE i < 20;
-- expect: cycles - 26.0% 2.080ms likely
-- says: the longest: 9 ms

-- case: hit cycles of which a walk saw the types
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, gc_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 9900000, iif(i % 5 = 0, 9000000, 1000000) FROM n WHERE i < 20;
INSERT INTO event SELECT i * 100000000 + 1000000, iif(i % 5 = 0, 9000000, 1000000), i + 1, 1, 'gc', NULL, NULL, NULL, 0, NULL, iif(i % 5 = 0, 2, 1), 128, 4000, 0, 1 FROM n WHERE i < 20;
INSERT INTO walk(id, process_id, number, state, cut, holders_cut, begun_ns, pause_ns, held_ns, took_ns, cpu_ns, anonymous_bytes, room_bytes, objects, tracked, object_references, bytes, garbage_objects, garbage_bytes)
  VALUES (1, 1, 1, 'done', 0, 0, 2000000000, 0, 0, 0, 0, 90000000, 0, 5000, 4000, 0, 500000, 400, 40000);
INSERT INTO text VALUES (21, 'app.Node');
INSERT INTO walk_type(walk_id, name_id, count, tracked, bytes, is_class, garbage_count) VALUES (1, 21, 900, 900, 90000, 1, 300);
-- expect: cycles - 26.0% 2.080ms likely
-- says: in cycles at the last walk: app.Node: 300 objects

-- case: hit a large heap is walked and nothing is freed
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, gc_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 9900000, iif(i % 2 = 0, 9000000, 0) FROM n WHERE i < 20;
INSERT INTO event SELECT i * 100000000 + 1000000, 9000000, i + 1, 1, 'gc', NULL, NULL, NULL, 0, NULL, 2, 128, 1, 0, 1 FROM n WHERE i < 20 AND i % 2 = 0;
-- expect: heap - 45.0% 3.600ms likely

-- case: hit a large heap, of which walks tell how much was there early
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, gc_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 9900000, iif(i % 2 = 0, 9000000, 0) FROM n WHERE i < 20;
INSERT INTO event SELECT i * 100000000 + 1000000, 9000000, i + 1, 1, 'gc', NULL, NULL, NULL, 0, NULL, 2, 128, 1, 0, 1 FROM n WHERE i < 20 AND i % 2 = 0;
INSERT INTO walk(id, process_id, number, state, cut, holders_cut, begun_ns, pause_ns, held_ns, took_ns, cpu_ns, anonymous_bytes, room_bytes, objects, tracked, object_references, bytes)
  VALUES (1, 1, 1, 'done', 0, 0, 100000000, 0, 0, 0, 0, 90000000, 0, 5000, 3000, 0, 500000), (2, 1, 2, 'done', 0, 0, 2000000000, 0, 0, 0, 0, 90000000, 0, 5000, 4000, 0, 500000);
-- expect: heap - 45.0% 3.600ms likely
-- says: of the objects that a full one looks at 75 % were there at the first walk: frozen then, they spare 3.38 ms of each request

-- case: near-miss hot-python-loop: a loop that makes objects, collected quickly
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, gc_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 9900000, 300000 FROM n WHERE i < 20;
INSERT INTO event SELECT i * 100000000 + 1000000, 100000, i + 1, 1, 'gc', NULL, NULL, NULL, 0, NULL, 0, 128, 10, 0, 1 FROM n WHERE i < 20;

-- case: miss one full collection in all, at the end of the start-up's garbage
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, gc_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 9900000, iif(i = 0, 90000000, 0) FROM n WHERE i < 20;
INSERT INTO event VALUES (1000000, 90000000, 1, 1, 'gc', NULL, NULL, NULL, 0, NULL, 2, 128, 4000, 0, 1);

-- case: miss two full collections by chance, and young ones in each request
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, gc_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 9900000, iif(i % 10 = 5, 9000000, 100000) FROM n WHERE i < 20;
INSERT INTO event SELECT i * 100000000 + 1000000, iif(i % 10 = 5, 9000000, 100000), i + 1, 1, 'gc', NULL, NULL, NULL, 0, NULL, iif(i % 10 = 5, 2, 0), 128, 1, 0, 1 FROM n WHERE i < 20;
-- says: ruled out: garbage collection is 9.9 % of the time, 18.0 ms of it 2 full ones: it takes three, and one in the second half

-- case: miss two full collections that free much, and young ones in each request
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, gc_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 9900000, iif(i % 10 = 5, 9000000, 100000) FROM n WHERE i < 20;
INSERT INTO event SELECT i * 100000000 + 1000000, iif(i % 10 = 5, 9000000, 100000), i + 1, 1, 'gc', NULL, NULL, NULL, 0, NULL, iif(i % 10 = 5, 2, 0), 128, 4000, 0, 1 FROM n WHERE i < 20;

-- case: miss four full collections, all at the start
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, gc_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 9900000, iif(i < 4, 9000000, 0) FROM n WHERE i < 20;
INSERT INTO event SELECT i * 100000000 + 1000000, 9000000, i + 1, 1, 'gc', NULL, NULL, NULL, 0, NULL, 2, 128, 1, 0, 1 FROM n WHERE i < 20 AND i < 4;

-- case: hit cycles that young collections find: two full ones are left out
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, gc_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 9900000, iif(i % 10 = 5, 9000000, 3000000) FROM n WHERE i < 20;
INSERT INTO event SELECT i * 100000000 + 1000000, iif(i % 10 = 5, 9000000, 3000000), i + 1, 1, 'gc', NULL, NULL, NULL, 0, NULL, iif(i % 10 = 5, 2, 0), 128, 4000, 0, 1 FROM n WHERE i < 20;
-- expect: cycles - 27.0% 2.160ms likely
-- says: route: /
-- says: saving: 0.854 to 4.268 ms

-- case: hit a full collection in seven of ten requests
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, gc_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 9900000, 6000000 FROM n WHERE i < 20;
INSERT INTO event SELECT i * 100000000 + 1000000, 6000000, i + 1, 1, 'gc', NULL, NULL, NULL, 0, NULL, 2, 128, 0, 0, 1 FROM n WHERE i < 14;
-- expect: heap - 60.0% 4.800ms likely

-- case: hit cycles of 150 objects a request
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, gc_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 9900000, iif(i % 5 = 0, 9000000, 1000000) FROM n WHERE i < 20;
INSERT INTO event SELECT i * 100000000 + 1000000, iif(i % 5 = 0, 9000000, 1000000), i + 1, 1, 'gc', NULL, NULL, NULL, 0, NULL, iif(i % 5 = 0, 2, 1), 128, 150, 0, 1 FROM n WHERE i < 20;
-- expect: cycles - 26.0% 2.080ms likely

-- case: hit 70 objects a request are no cycles of note: the heap is walked
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, gc_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 9900000, iif(i % 5 = 0, 9000000, 1000000) FROM n WHERE i < 20;
INSERT INTO event SELECT i * 100000000 + 1000000, iif(i % 5 = 0, 9000000, 1000000), i + 1, 1, 'gc', NULL, NULL, NULL, 0, NULL, iif(i % 5 = 0, 2, 1), 128, 70, 0, 1 FROM n WHERE i < 20;
-- expect: heap - 26.0% 2.080ms likely

-- case: hit four collections
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, gc_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 9900000, iif(i < 4, 8000000, 0) FROM n WHERE i < 10;
INSERT INTO event SELECT i * 100000000 + 1000000, 8000000, i + 1, 1, 'gc', NULL, NULL, NULL, 0, NULL, 0, 128, 4000, 0, 1 FROM n WHERE i < 4;
-- expect: cycles - 32.0% 2.560ms likely
-- says: route: /

-- case: miss two collections
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, gc_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 9900000, iif(i < 2, 8000000, 0) FROM n WHERE i < 4;
INSERT INTO event SELECT i * 100000000 + 1000000, 8000000, i + 1, 1, 'gc', NULL, NULL, NULL, 0, NULL, 0, 128, 4000, 0, 1 FROM n WHERE i < 2;

-- case: miss three full collections in a hundred requests: by chance it may be a third of that
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, gc_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 9900000, iif(i % 33 = 32, 49000000, 0) FROM n WHERE i < 100;
INSERT INTO event SELECT i * 100000000 + 1000000, 50000000, i + 1, 1, 'gc', NULL, NULL, NULL, 0, 49000000, 2, 128, 1, 0, 1 FROM n WHERE i % 33 = 32;
UPDATE unit SET wall_ns = 51000000, cpu_ns = 50000000 WHERE gc_ns > 0;
-- says: ruled out: garbage collection is 13.1 % of the time, or as little as 4.5 %: so few tell no more

-- case: miss collections that waited for a CPU in others' way: their own time is little
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, gc_ns, runqueue_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 5000000, iif(i % 5 = 0, 800000, 0), 4000000 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 100000000 + 1000000, 4800000, i + 1, 1, 'gc', NULL, NULL, NULL, 0, 800000, 2, 128, 1, 0, 1 FROM n WHERE i < 40 AND i % 5 = 0;
-- says: ruled out: garbage collection is 1.6 % of the time

-- case: hit a recording that has collections by the wall clock alone: no more than the CPU of their requests
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, gc_ns, runqueue_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 5000000, iif(i % 2 = 0, 9000000, 0), 5000000 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 100000000 + 1000000, 9000000, i + 1, 1, 'gc', NULL, NULL, NULL, 0, NULL, 2, 128, 1, 0, 1 FROM n WHERE i < 40 AND i % 2 = 0;
-- expect: heap - 25.0% 2.000ms likely
-- says: Garbage collections take 25 % of a request, full ones up to 5.00 ms at a time.

-- case: hit one asked for in each request, of a tenth of it
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, gc_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 9900000, 1080000 FROM n WHERE i < 20;
INSERT INTO event SELECT i * 100000000 + 1000000, 1080000, i + 1, 1, 'gc', NULL, NULL, NULL, 0, NULL, 2, 128, 0, 0, 1 FROM n WHERE i < 20;
-- expect: asked - 10.8% 1.080ms likely

-- case: miss one asked for in each request, of 6 % of it
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, gc_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 9900000, 600000 FROM n WHERE i < 20;
INSERT INTO event SELECT i * 100000000 + 1000000, 600000, i + 1, 1, 'gc', NULL, NULL, NULL, 0, NULL, 2, 128, 0, 0, 1 FROM n WHERE i < 20;
-- says not: or as little

-- case: miss ten full collections, of an eighth of the time
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, gc_ns) SELECT i + 1, 1, 1, 'request', 1, i * 100000000, 10000000, 9900000, iif(i % 4 = 0, 5200000, 0) FROM n WHERE i < 40;
INSERT INTO event SELECT i * 100000000 + 1000000, 5200000, i + 1, 1, 'gc', NULL, NULL, NULL, 0, NULL, 2, 128, 1, 0, 1 FROM n WHERE i < 40 AND i % 4 = 0;
-- says: ruled out: garbage collection is 13.0 % of the time, or as little as 7.1 %: so few tell no more
