-- case: hit a price that is worked out a hundred times in each request, for twenty products
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/pricing.py', 'price', 40, 'app', 1, x'');
INSERT INTO call_arguments VALUES (1, 9, 10000, 10000, 10000, 0, 20, 9980, 8000, 9980, 0, 0, 100, 99, 600000000, 590000000, 2000000);
-- expect: pricing.py:price /srv/pricing.py:40 59.0% 5.880ms likely
-- says: price() computes again what it has computed: 99.8 % of its calls have arguments that it had before.
-- says: most repeats are in one request: calling it once, before the loop, is enough
-- says: gave the same as before: 9980 of 9980, none another result
-- says: not hot-python-loop: 98 % of its time is for arguments that it had before
-- says: claims python:/srv/pricing.py:price: 590
-- says: saving: 4.410 to 5.988 ms
-- says not: its object

-- case: near-miss hot-python-loop: legitimate variety, seven of ten calls have arguments of their own
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/pricing.py', 'price', 40, 'app', 1, x'');
INSERT INTO call_arguments VALUES (1, 9, 10000, 10000, 10000, 0, 7000, 3000, 100, 3000, 0, 0, 100, 99, 600000000, 180000000, 2000000);
-- says: ruled out: price() had arguments of its own in 7000 of 10000 calls

-- case: miss six of ten calls have arguments of their own
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/pricing.py', 'price', 40, 'app', 1, x'');
INSERT INTO call_arguments VALUES (1, 9, 10000, 10000, 10000, 0, 6000, 4000, 100, 4000, 0, 0, 100, 99, 600000000, 240000000, 2000000);

-- case: hit four of ten have, and the repeats are of earlier requests
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/pricing.py', 'price', 40, 'app', 1, x'');
INSERT INTO call_arguments VALUES (1, 9, 10000, 10000, 10000, 0, 4000, 6000, 100, 6000, 0, 0, 100, 99, 600000000, 360000000, 2000000);
-- expect: pricing.py:price /srv/pricing.py:40 36.0% 3.588ms likely
-- says: most repeats are of an earlier request: what is kept has to outlive it

-- case: hit half of the repeats are in one request: neither advice is enough alone
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/pricing.py', 'price', 40, 'app', 1, x'');
INSERT INTO call_arguments VALUES (1, 9, 10000, 10000, 10000, 0, 4000, 6000, 3000, 6000, 0, 0, 100, 99, 600000000, 360000000, 2000000);
-- expect: pricing.py:price /srv/pricing.py:40 36.0% 3.588ms likely
-- says: 50 % of the repeats are in one request, and calling it once, before the loop, spares these; the others are of an earlier one
-- says not: most repeats

-- case: miss it reads a file below its frame
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/pricing.py', 'price', 40, 'app', 1, x''), (10, '/usr/lib/python3.12/pathlib.py', 'Path.read_text', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 12, 9, 0, 44, 3, 900), (901, 900, 10, 0, 9, 4, 900);
INSERT INTO usage_10s(slot, route_id, kind, stack_id, nested, on_loop, units, calls, failed, dur_ns, cpu_ns, max_ns, bytes, others_ns, aux_ns) VALUES (0, 1, 'read', 901, 0, 0, 100, 100, 0, 500000, 500000, 9000, 0, 0, 0);
INSERT INTO call_arguments VALUES (1, 9, 10000, 10000, 10000, 0, 20, 9980, 8000, 9980, 0, 0, 100, 99, 600000000, 590000000, 2000000);
-- says: ruled out: price() does more than compute: read

-- case: hit collections and exceptions of its own are no reading
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/pricing.py', 'price', 40, 'app', 1, x'');
INSERT INTO stack VALUES (900, 12, 9, 0, 44, 3, 900);
INSERT INTO usage_10s(slot, route_id, kind, stack_id, nested, on_loop, units, calls, failed, dur_ns, cpu_ns, max_ns, bytes, others_ns, aux_ns) VALUES (0, 1, 'gc', 900, 0, 0, 100, 100, 0, 500000, 500000, 9000, 0, 0, 0),
  (0, 1, 'gil', 900, 0, 0, 100, 100, 0, 500000, 0, 9000, 0, 0, 0), (0, 1, 'exception', 900, 0, 0, 100, 100, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO call_arguments VALUES (1, 9, 10000, 10000, 10000, 0, 20, 9980, 8000, 9980, 0, 0, 100, 99, 600000000, 590000000, 2000000);
-- expect: pricing.py:price /srv/pricing.py:40 59.0% 5.880ms likely

-- case: hit others read, and draw numbers; below it are decimal's frames, and a helper of its own
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/pricing.py', 'price', 40, 'app', 1, x''), (10, '/usr/lib/python3.12/random.py', 'Random.choice', 1, 'stdlib', 1, x''),
  (11, '/usr/lib/python3.12/_pydecimal.py', 'Decimal.quantize', 1, 'stdlib', 1, x''), (12, '/srv/pricing.py', 'rounded', 60, 'app', 1, x'');
INSERT INTO stack VALUES (900, 12, 9, 0, 44, 3, 900), (901, 12, 10, 0, 9, 3, 12), (902, 900, 11, 0, 9, 4, 900), (903, 900, 12, 0, 61, 4, 903);
INSERT INTO usage_10s(slot, route_id, kind, stack_id, nested, on_loop, units, calls, failed, dur_ns, cpu_ns, max_ns, bytes, others_ns, aux_ns) VALUES (0, 1, 'recv', 30, 0, 0, 100, 100, 0, 500000, 500000, 9000, 0, 0, 0);
INSERT INTO sample_10s VALUES (0, 1, 1, 1, 1, 903, 'python', NULL, NULL, 1, 20, 0, 100000000, 100000000, 0), (0, 1, 1, 1, 1, 900, 'python', NULL, NULL, 1, 40, 0, 200000000, 200000000, 0),
  (0, 1, 1, 1, 1, 12, 'python', NULL, NULL, 1, 120, 0, 600000000, 600000000, 0);
INSERT INTO call_arguments VALUES (1, 9, 10000, 10000, 10000, 0, 20, 9980, 8000, 9980, 0, 0, 100, 99, 300000000, 290000000, 2000000);
-- expect: pricing.py:price /srv/pricing.py:40 29.0% 2.880ms likely
-- says: claims python:/srv/pricing.py:price: 290
-- says: claims python:/srv/pricing.py:rounded: 100
-- says not: claims python:/srv/app.py

-- case: miss it reads the clock: C calls were counted, too
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/pricing.py', 'price', 40, 'app', 1, x'');
INSERT INTO text VALUES (90, 'time.time');
INSERT INTO call_node(id, parent_id, process_id, thread_id, kind, code_id, name_id, calls, resumes, raised, own_wall_ns, own_cpu_ns, total_wall_ns, total_cpu_ns, waiting_ns, ready_ns, folded, demoted, open) VALUES
  (1, 0, 1, 1, 5, NULL, 1, 100, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), (2, 1, 1, 1, 2, 9, NULL, 10000, 0, 0, 0, 0, 600000000, 600000000, 0, 0, 0, 0, 0), (3, 2, 1, 1, 3, NULL, 90, 10000, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0);
INSERT INTO call_arguments VALUES (1, 9, 10000, 10000, 10000, 0, 20, 9980, 8000, 9980, 0, 0, 100, 99, 600000000, 590000000, 2000000);
-- says: ruled out: price() asks what differs each time: time.time()

-- case: hit another C function, on a route alone
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 2, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/pricing.py', 'price', 40, 'app', 1, x'');
INSERT INTO text VALUES (90, 'builtins.round');
INSERT INTO call_node(id, parent_id, process_id, thread_id, kind, code_id, name_id, calls, resumes, raised, own_wall_ns, own_cpu_ns, total_wall_ns, total_cpu_ns, waiting_ns, ready_ns, folded, demoted, open) VALUES
  (1, 0, 1, 1, 5, NULL, 2, 100, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), (2, 1, 1, 1, 2, 9, NULL, 10000, 0, 0, 0, 0, 600000000, 600000000, 0, 0, 0, 0, 0), (3, 2, 1, 1, 3, NULL, 90, 10000, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0);
INSERT INTO call_arguments VALUES (1, 9, 10000, 10000, 10000, 0, 20, 9980, 8000, 9980, 0, 0, 100, 99, 600000000, 590000000, 2000000);
-- expect: pricing.py:price /srv/pricing.py:40 59.0% 5.880ms likely
-- says: route: /orders

-- case: miss it draws from random.py, as a sample below it shows
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/pricing.py', 'price', 40, 'app', 1, x''), (10, '/usr/lib/python3.12/random.py', 'Random.choice', 1, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 12, 9, 0, 44, 3, 900), (901, 900, 10, 0, 9, 4, 900);
INSERT INTO call_arguments VALUES (1, 9, 10000, 10000, 10000, 0, 20, 9980, 8000, 9980, 0, 0, 100, 99, 600000000, 590000000, 2000000);
-- says: ruled out: price() asks what differs each time: Random.choice()

-- case: miss it gave another result for the same arguments
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/pricing.py', 'price', 40, 'app', 1, x'');
INSERT INTO call_arguments VALUES (1, 9, 10000, 10000, 10000, 0, 20, 9980, 8000, 9970, 0, 10, 100, 99, 600000000, 590000000, 2000000);
-- says: ruled out: price() gave another result for the same arguments 10 times

-- case: miss it gives None: it is called for what it does
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/pricing.py', 'price', 40, 'app', 1, x'');
INSERT INTO call_arguments VALUES (1, 9, 10000, 10000, 10000, 0, 20, 9980, 8000, 0, 9980, 0, 100, 99, 600000000, 590000000, 2000000);
-- says: ruled out: price() gives None: it is called for what it does

-- case: hit a method: its object may have changed, so it may save nothing
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/pricing.py', 'Shop.price', 40, 'app', 1, x'');
INSERT INTO call_arguments VALUES (1, 9, 10000, 10000, 10000, 10000, 20, 9980, 8000, 9980, 0, 0, 100, 99, 600000000, 590000000, 2000000);
-- expect: pricing.py:Shop.price /srv/pricing.py:40 59.0% 5.880ms possible
-- says: its object (self) counts as one of its arguments and may change

-- case: miss a method whose results cannot be compared
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/pricing.py', 'Shop.price', 40, 'app', 1, x'');
INSERT INTO call_arguments VALUES (1, 9, 10000, 10000, 10000, 10000, 20, 9980, 8000, 0, 0, 0, 100, 99, 600000000, 590000000, 2000000);

-- case: hit a function whose results cannot be compared
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/pricing.py', 'price', 40, 'app', 1, x'');
INSERT INTO call_arguments VALUES (1, 9, 10000, 10000, 10000, 0, 20, 9980, 8000, 0, 0, 0, 100, 99, 600000000, 590000000, 2000000);
-- expect: pricing.py:price /srv/pricing.py:40 59.0% 5.880ms possible
-- says: what it gives could not be compared: make sure that it depends on nothing but its arguments

-- case: hit six of ten calls can be compared: what the others had is not known
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/pricing.py', 'price', 40, 'app', 1, x'');
INSERT INTO call_arguments VALUES (1, 9, 10000, 10000, 6000, 0, 20, 5980, 5000, 5980, 0, 0, 100, 99, 600000000, 350000000, 2000000);
-- expect: pricing.py:price /srv/pricing.py:40 35.0% 3.488ms possible
-- says: different arguments: 20 in 6000 calls of 10000 that can be compared

-- case: miss four of ten calls can be compared
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/pricing.py', 'price', 40, 'app', 1, x'');
INSERT INTO call_arguments VALUES (1, 9, 10000, 10000, 4000, 0, 20, 3980, 3000, 3980, 0, 0, 100, 99, 600000000, 230000000, 2000000);
-- says: ruled out: arguments of price() can be compared in 4000 of 10000 calls

-- case: miss calls for the same arguments take half a hundredth of a request
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/pricing.py', 'price', 40, 'app', 1, x'');
INSERT INTO call_arguments VALUES (1, 9, 10000, 10000, 10000, 0, 20, 9980, 8000, 9980, 0, 0, 100, 99, 20000000, 5000000, 2000000);

-- case: miss its own results are kept: new arguments take all of its time
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/pricing.py', 'price', 40, 'app', 1, x'');
INSERT INTO call_arguments VALUES (1, 9, 10000, 10000, 10000, 0, 20, 9980, 8000, 9980, 0, 0, 100, 99, 600000000, 30000000, 2000000);

-- case: miss a function of a library
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO call_arguments VALUES (1, 3, 10000, 10000, 10000, 0, 20, 9980, 8000, 9980, 0, 0, 100, 99, 600000000, 590000000, 2000000);

-- case: miss twelve repeats are too few
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/pricing.py', 'price', 40, 'app', 1, x'');
INSERT INTO call_arguments VALUES (1, 9, 13, 13, 13, 0, 1, 12, 0, 12, 0, 0, 13, 12, 600000000, 550000000, 2600);
-- says: ruled out: price() had arguments that it had before in 12 calls

-- case: hit thirty are enough
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/pricing.py', 'price', 40, 'app', 1, x'');
INSERT INTO call_arguments VALUES (1, 9, 31, 31, 31, 0, 1, 30, 0, 30, 0, 0, 31, 30, 600000000, 580000000, 6200);
-- expect: pricing.py:price /srv/pricing.py:40 58.0% 5.800ms likely

-- case: hit seven of ten results are known, and four of ten repeats are in one request
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/pricing.py', 'price', 40, 'app', 1, x'');
INSERT INTO call_arguments VALUES (1, 9, 10000, 10000, 10000, 0, 20, 9980, 4000, 7000, 0, 0, 100, 99, 600000000, 590000000, 2000000);
-- expect: pricing.py:price /srv/pricing.py:40 59.0% 5.880ms likely
-- says: gave the same as before: 7000 of 9980, none another result
-- says: 40 % of the repeats are in one request

-- case: hit three of ten results are known: it may save nothing
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/pricing.py', 'price', 40, 'app', 1, x'');
INSERT INTO call_arguments VALUES (1, 9, 10000, 10000, 10000, 0, 20, 9980, 8000, 3000, 0, 0, 100, 99, 600000000, 590000000, 2000000);
-- expect: pricing.py:price /srv/pricing.py:40 59.0% 5.880ms possible

-- case: hit a first request, which is no basis, called it, too
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns, flags) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000, 0 FROM n UNION ALL SELECT 500, 1, 'request', 1, 0, 10000000, 9000000, 1;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/pricing.py', 'price', 40, 'app', 1, x'');
INSERT INTO call_arguments VALUES (1, 9, 10000, 10000, 10000, 0, 20, 9980, 8000, 9980, 0, 0, 101, 99, 600000000, 590000000, 2000000);
-- expect: pricing.py:price /srv/pricing.py:40 58.4% 5.822ms likely

-- case: miss thirty repeats among a hundred calls
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/pricing.py', 'price', 40, 'app', 1, x'');
INSERT INTO call_arguments VALUES (1, 9, 100, 100, 100, 0, 70, 30, 0, 30, 0, 0, 100, 30, 600000000, 180000000, 20000);
-- says: ruled out: price() had arguments of its own in 70 of 100 calls

-- case: miss looking its arguments up would take six tenths of what it takes
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/pricing.py', 'price', 40, 'app', 1, x'');
INSERT INTO call_arguments VALUES (1, 9, 1000000, 1000000, 1000000, 0, 20, 999980, 900000, 999980, 0, 0, 100, 99, 600000000, 590000000, 354000000);
-- says: ruled out: price() takes 0.59 µs for arguments that it had before; looking them up takes more than half of that

-- case: hit looking them up would take four tenths of it
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/pricing.py', 'price', 40, 'app', 1, x'');
INSERT INTO call_arguments VALUES (1, 9, 1000000, 1000000, 1000000, 0, 20, 999980, 900000, 999980, 0, 0, 100, 99, 600000000, 590000000, 236000000);
-- expect: pricing.py:price /srv/pricing.py:40 59.0% 3.540ms likely
-- says not: near enough for 1,024 entries

-- case: hit four of ten repeats are near enough for a cache of 1,024 entries
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/pricing.py', 'price', 40, 'app', 1, x'');
INSERT INTO call_arguments VALUES (1, 9, 10000, 10000, 10000, 0, 4000, 2400, 100, 2400, 0, 0, 100, 99, 600000000, 144000000, 2000000);
-- expect: pricing.py:price /srv/pricing.py:40 14.4% 1.435ms likely
-- says: only 40 % of the repeats are near enough for 1,024 entries: of 4000 different ones as many have to be kept

-- case: hit six of ten are
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/pricing.py', 'price', 40, 'app', 1, x'');
INSERT INTO call_arguments VALUES (1, 9, 10000, 10000, 10000, 0, 4000, 3600, 100, 3600, 0, 0, 100, 99, 600000000, 216000000, 2000000);
-- expect: pricing.py:price /srv/pricing.py:40 21.6% 2.153ms likely
-- says not: near enough for 1,024 entries

-- case: hit looks at its arguments were preempted: it takes 59 µs, which no cache takes
INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) SELECT i + 1, 1, 'request', 1, i * 100000000, 10000000, 9000000 FROM n;
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/srv/pricing.py', 'price', 40, 'app', 1, x'');
INSERT INTO call_arguments VALUES (1, 9, 10000, 10000, 10000, 0, 20, 9980, 8000, 9980, 0, 0, 100, 99, 600000000, 590000000, 400000000);
-- expect: pricing.py:price /srv/pricing.py:40 59.0% 1.908ms likely
