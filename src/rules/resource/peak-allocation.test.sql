-- case: hit a request reads a whole file
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1 + (i = 70), i * 100000000, 40000000, 4000000 FROM n;
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_site(id, process_id, domain, stack_id, native, made_bytes, made_blocks, live_bytes, live_blocks, short_bytes, samples, peak_bytes, peak_ns)
  VALUES (1, 1, 'malloc', 33, NULL, 160000000, 1, 0, 0, 160000000, 1, 160000000, 7010000000), (2, 1, 'object', 34, NULL, 9000000, 1, 0, 0, 9000000, 1, 9000000, 7010000000);
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 250000000, (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_second(process_id, at_ns, rss_bytes, live_bytes, live_malloc_bytes, units) SELECT 1, (i + 1) * 1000000000, 40000000, 9000000, 2000000, 10 * (i + 1) FROM n WHERE i < 10;
-- expect: /srv/app.py:33 /srv/app.py:33 0.0% - likely
-- says: Memory for one moment: a request has 153 MiB at once that are made here, 4 times what its process has resident.
-- says: route: /orders
-- says: not memory-leak: of 153 MiB that it had at once 0 are live at the end

-- case: hit a line that makes two kinds of objects: all of them at most, and no more than the request had in all
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1 + (i = 70), i * 100000000, 40000000, 4000000 FROM n;
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_site(id, process_id, domain, stack_id, native, made_bytes, made_blocks, live_bytes, live_blocks, short_bytes, samples, peak_bytes, peak_ns)
  VALUES (1, 1, 'object', 33, NULL, 160000000, 1, 0, 0, 160000000, 10000, 16000000, 7010000000), (2, 1, 'malloc', 33, NULL, 90000000, 1, 0, 0, 90000000, 10000, 9000000, 1010000000);
INSERT INTO heap_unit_peak(process_id, unit_id, at_ns, peak_bytes, variance, site_id, site_bytes, samples, weight) VALUES (1, 71, 7010000000, 22000000, 0, 1, 16000000, 100, 1);
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 250000000, (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_second(process_id, at_ns, rss_bytes, live_bytes, live_malloc_bytes, units) SELECT 1, (i + 1) * 1000000000, 40000000, 9000000, 2000000, 10 * (i + 1) FROM n WHERE i < 10;
-- expect: /srv/app.py:33 /srv/app.py:33 0.0% - likely
-- says: Memory for one moment: a request has 21 MiB at once that are made here, 0.55 times what its process has resident.

-- case: miss many kinds of objects, of which none had half of it
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1 + (i = 70), i * 100000000, 40000000, 4000000 FROM n;
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_site(id, process_id, domain, stack_id, native, made_bytes, made_blocks, live_bytes, live_blocks, short_bytes, samples, peak_bytes, peak_ns)
  SELECT i + 1, 1, 'object', 33, NULL, 160000000, 1, 0, 0, 160000000, 10000, 5000000, 7010000000 + i * 100000000 FROM n WHERE i < 8;
INSERT INTO heap_unit_peak(process_id, unit_id, at_ns, peak_bytes, variance, site_id, site_bytes, samples, weight) VALUES (1, 71, 7010000000, 22000000, 0, 1, 5000000, 100, 1);
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 250000000, (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_second(process_id, at_ns, rss_bytes, live_bytes, live_malloc_bytes, units) SELECT 1, (i + 1) * 1000000000, 40000000, 9000000, 2000000, 10 * (i + 1) FROM n WHERE i < 10;

-- case: near-miss memory-leak: a table that is made once stays
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 40000000, 4000000 FROM n;
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_site(id, process_id, domain, stack_id, native, made_bytes, made_blocks, live_bytes, live_blocks, short_bytes, samples, peak_bytes, peak_ns)
  VALUES (1, 1, 'malloc', 33, NULL, 160000000, 1, 160000000, 1, 0, 1, 160000000, 7010000000);
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 250000000, (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_live SELECT i + 1, 1, 5, 1, 160000000, 1, 1, 0, 0 FROM n WHERE i BETWEEN 30 AND 39;
INSERT INTO heap_second(process_id, at_ns, rss_bytes, live_bytes, live_malloc_bytes, units) SELECT 1, (i + 1) * 1000000000, 200000000, 9000000, 2000000, 10 * (i + 1) FROM n WHERE i < 10;
-- says: ruled out: no line had as much as a quarter of its process's memory for a moment, in 40 snapshots

-- case: miss the server's start needed it once
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 40000000, 4000000 FROM n;
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_site(id, process_id, domain, stack_id, native, made_bytes, made_blocks, live_bytes, live_blocks, short_bytes, samples, peak_bytes, peak_ns)
  VALUES (1, 1, 'malloc', 33, NULL, 160000000, 1, 0, 0, 160000000, 1, 160000000, 7060000000);
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 250000000, (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_second(process_id, at_ns, rss_bytes, live_bytes, live_malloc_bytes, units) SELECT 1, (i + 1) * 1000000000, 40000000, 9000000, 2000000, 10 * (i + 1) FROM n WHERE i < 10;

-- case: miss an eighth of what is resident
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 40000000, 4000000 FROM n;
INSERT INTO heap_process SELECT 1, 'malloc object', NULL, 1, 16384, 0, NULL, 0, NULL, 900, 0, 0, 0, 0, 0, NULL, 0, NULL;
INSERT INTO heap_site(id, process_id, domain, stack_id, native, made_bytes, made_blocks, live_bytes, live_blocks, short_bytes, samples, peak_bytes, peak_ns)
  VALUES (1, 1, 'malloc', 33, NULL, 5000000, 1, 0, 0, 5000000, 1, 5000000, 7010000000);
INSERT INTO heap_snapshot SELECT i + 1, 1, (i + 1) * 250000000, (i + 1), 0, 0, 0 FROM n WHERE i < 40;
INSERT INTO heap_second(process_id, at_ns, rss_bytes, live_bytes, live_malloc_bytes, units) SELECT 1, (i + 1) * 1000000000, 40000000, 9000000, 2000000, 10 * (i + 1) FROM n WHERE i < 10;
