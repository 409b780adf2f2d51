-- case: hit a lock that is handed from one request to the next
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, lock_ns)
  SELECT i + 1, 1, i % 4 + 1, 'request', 1, i * 10000000, 40000000, 1000000, 9000000, 30000000 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 10000000 + 500000, 30000000, i + 1, i % 4 + 1, 'lock', 7, NULL, NULL, 0, 0, 0, 128, 0, 77, 1 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 10000000 + 30600000, 9000000, i + 1, i % 4 + 1, 'poll', 8, NULL, NULL, 0, 0, 0, 128, 0, 0, 1 FROM n WHERE i < 40;
-- expect: app.py:7 /srv/app.py:7 75.0% 25.500ms proven
-- says: it is held while a peer is waited for at app.py:8
-- says: route: /
-- says: held: 10 ms at a time

-- case: near-miss gil-contention: it is the GIL that is waited for
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, gil_ns)
  SELECT i + 1, 1, i % 4 + 1, 'request', 1, i * 10000000, 40000000, 1000000, 9000000, 30000000 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 10000000 + 500000, 30000000, i + 1, i % 4 + 1, 'gil', 7, NULL, NULL, 0, 0, 0, 128, 0, 77, 1 FROM n WHERE i < 40;

-- case: near-miss db-pool-exhausted: the pool's own code waits until a connection comes back
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, lock_ns)
  SELECT i + 1, 1, i % 4 + 1, 'request', 1, i * 10000000, 40000000, 1000000, 9000000, 30000000 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 10000000 + 500000, 30000000, i + 1, i % 4 + 1, 'lock', 107, NULL, NULL, 0, 0, 0, 128, 0, 77, 1 FROM n WHERE i < 40;

-- case: miss each waits for a lock of its own: for what it handed to another thread
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, lock_ns)
  SELECT i + 1, 1, i % 4 + 1, 'request', 1, i * 10000000, 40000000, 1000000, 39000000 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 10000000 + 500000, 39000000, i + 1, i % 4 + 1, 'lock', 7, NULL, NULL, 0, 0, 0, 128, 0, 100 + i, 1 FROM n WHERE i < 40;

-- case: miss a lock that is held for a moment
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, lock_ns)
  SELECT i + 1, 1, i % 4 + 1, 'request', 1, i * 10000000, 40000000, 1000000, 38900000, 100000 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 10000000 + 500000, 100000, i + 1, i % 4 + 1, 'lock', 7, NULL, NULL, 0, 0, 0, 128, 0, 77, 1 FROM n WHERE i < 40;

-- case: hit four turns of a lock
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, lock_ns)
  SELECT i + 1, 1, i % 4 + 1, 'request', 1, i * 10000000, 40000000, 1000000, 9000000, 30000000 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 10000000 + 500000, 30000000, i + 1, i % 4 + 1, 'lock', 7, NULL, NULL, 0, 0, 0, 128, 0, 77, 1 FROM n WHERE i < 4;
INSERT INTO event SELECT i * 10000000 + 30600000, 9000000, i + 1, i % 4 + 1, 'poll', 8, NULL, NULL, 0, 0, 0, 128, 0, 0, 1 FROM n WHERE i < 40;
-- expect: app.py:7 /srv/app.py:7 7.5% 2.550ms proven

-- case: miss two turns of a lock
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, lock_ns)
  SELECT i + 1, 1, i % 4 + 1, 'request', 1, i * 10000000, 40000000, 1000000, 9000000, 30000000 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 10000000 + 500000, 30000000, i + 1, i % 4 + 1, 'lock', 7, NULL, NULL, 0, 0, 0, 128, 0, 77, 1 FROM n WHERE i < 2;
INSERT INTO event SELECT i * 10000000 + 30600000, 9000000, i + 1, i % 4 + 1, 'poll', 8, NULL, NULL, 0, 0, 0, 128, 0, 0, 1 FROM n WHERE i < 40;

-- case: hit three threads
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, lock_ns)
  SELECT i + 1, 1, i % 3 + 1, 'request', 1, i * 10000000, 40000000, 1000000, 9000000, 30000000 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 10000000 + 500000, 30000000, i + 1, i % 3 + 1, 'lock', 7, NULL, NULL, 0, 0, 0, 128, 0, 77, 1 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 10000000 + 30600000, 9000000, i + 1, i % 3 + 1, 'poll', 8, NULL, NULL, 0, 0, 0, 128, 0, 0, 1 FROM n WHERE i < 40;
-- expect: app.py:7 /srv/app.py:7 75.0% 25.500ms proven

-- case: miss one thread, which takes it again
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, lock_ns)
  SELECT i + 1, 1, 1, 'request', 1, i * 10000000, 40000000, 1000000, 9000000, 30000000 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 10000000 + 500000, 30000000, i + 1, 1, 'lock', 7, NULL, NULL, 0, 0, 0, 128, 0, 77, 1 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 10000000 + 30600000, 9000000, i + 1, 1, 'poll', 8, NULL, NULL, 0, 0, 0, 128, 0, 0, 1 FROM n WHERE i < 40;

-- case: miss three times, two of them by turns
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, lock_ns)
  SELECT i + 1, 1, i % 4 + 1, 'request', 1, i * 10000000, 40000000, 1000000, 9000000, 30000000 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 10000000 + 500000, 30000000, i + 1, i % 4 + 1, 'lock', 7, NULL, NULL, 0, 0, 0, 128, 0, 77, 1 FROM n WHERE i < 3;
INSERT INTO event SELECT i * 10000000 + 30600000, 9000000, i + 1, i % 4 + 1, 'poll', 8, NULL, NULL, 0, 0, 0, 128, 0, 0, 1 FROM n WHERE i < 40;

-- case: hit tasks of a loop wait for a lock of asyncio that another holds while it asks a service
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/asyncio/locks.py', '_ContextManagerMixin.__aenter__', 14, 'stdlib', 1, x''), (10, '/venv/site-packages/redis/asyncio/connection.py', 'ConnectionPool.get_connection', 900, 'library', 1, x'');
INSERT INTO stack VALUES (900, 7, 9, 0, 15, 3, 7), (901, 7, 10, 0, 901, 3, 7), (902, 901, 9, 0, 15, 4, 7);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, lock_ns, running_ns, suspended_ns, ready_ns) SELECT i + 1, 1, 1, 'request', 1, i * 10000000, 40000000, 1000000, 30000000, 1000000, 39000000, 0 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 10000000 + 500000, 30000000, i + 1, 1, 'lock', 900, NULL, NULL, 0, 0, 0, 128, 0, 77, 1 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 10000000 + 30600000, 9800000, i + 1, 1, 'exchange', 8, NULL, NULL, 0, 0, 200, 1, 0, 0, 1 FROM n WHERE i < 40;
-- expect: app.py:7 /srv/app.py:7 75.0% 25.500ms proven
-- says: it is held while a peer is waited for at app.py:8
-- says not: threads that waited

-- case: hit tasks of a loop wait for a semaphore of asyncio
INSERT INTO text VALUES (600, 'BoundedSemaphore');
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, lock_ns, running_ns, suspended_ns, ready_ns) SELECT i + 1, 1, 1, 'request', 1, i * 10000000, 40000000, 1000000, 30000000, 1000000, 39000000, 0 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 10000000 + 500000, 30000000, i + 1, 1, 'lock', 7, NULL, 600, 0, 0, 0, 128, 0, 77, 1 FROM n WHERE i < 40;
-- expect: app.py:7 /srv/app.py:7 75.0% 25.500ms proven
-- says: A request waits 30.0 ms for a semaphore that others hold; it lets in one each 10.0 ms.
-- says: raise its limit if what is behind it bears more
-- says: one let in each: 10 ms
-- says not: held:

-- case: miss a semaphore's limit is met now and then, a fifth of the time
INSERT INTO text VALUES (600, 'BoundedSemaphore');
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, lock_ns, running_ns, suspended_ns, ready_ns) SELECT i + 1, 1, 1, 'request', 1, i * 10000000, 150000000, 1000000, 30000000, 1000000, 149000000, 0 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 10000000 + 500000, 30000000, i + 1, 1, 'lock', 7, NULL, 600, 0, 0, 0, 128, 0, 77, 1 FROM n WHERE i < 40;

-- case: miss a library's own lock of asyncio
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/asyncio/locks.py', '_ContextManagerMixin.__aenter__', 14, 'stdlib', 1, x''), (10, '/venv/site-packages/redis/asyncio/connection.py', 'ConnectionPool.get_connection', 900, 'library', 1, x'');
INSERT INTO stack VALUES (900, 7, 9, 0, 15, 3, 7), (901, 7, 10, 0, 901, 3, 7), (902, 901, 9, 0, 15, 4, 7);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, lock_ns, running_ns, suspended_ns, ready_ns) SELECT i + 1, 1, 1, 'request', 1, i * 10000000, 40000000, 1000000, 30000000, 1000000, 39000000, 0 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 10000000 + 500000, 30000000, i + 1, 1, 'lock', 902, NULL, NULL, 0, 0, 0, 128, 0, 77, 1 FROM n WHERE i < 40;

-- case: miss one task waits for it now and then
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/asyncio/locks.py', '_ContextManagerMixin.__aenter__', 14, 'stdlib', 1, x''), (10, '/venv/site-packages/redis/asyncio/connection.py', 'ConnectionPool.get_connection', 900, 'library', 1, x'');
INSERT INTO stack VALUES (900, 7, 9, 0, 15, 3, 7), (901, 7, 10, 0, 901, 3, 7), (902, 901, 9, 0, 15, 4, 7);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, lock_ns, running_ns, suspended_ns, ready_ns) SELECT i + 1, 1, 1, 'request', 1, i * 10000000, 40000000, 1000000, 30000000, 1000000, 39000000, 0 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 10000000 + 500000, 30000000, i + 1, 1, 'lock', 900, NULL, NULL, 0, 0, 0, 128, 0, 77, 1 FROM n WHERE i < 40 AND i % 8 = 0;

-- case: hit tasks wait for a lock of asyncio one at a time: who holds it did not wait for it
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/asyncio/locks.py', '_ContextManagerMixin.__aenter__', 14, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 7, 9, 0, 15, 3, 7);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, lock_ns, running_ns, suspended_ns, ready_ns) SELECT i + 1, 1, 1, 'request', 1, i * 10000000, 40000000, 1000000, 30000000, 1000000, 39000000, 0 FROM n WHERE i < 40;
INSERT INTO text VALUES (600, 'Lock');
INSERT INTO event SELECT i * 10000000 + 500000, 8000000, i + 1, 1, 'lock', 900, NULL, 600, 0, 0, 0, 128, 0, 77, 1 FROM n WHERE i < 40 AND i % 3 > 0;
-- expect: app.py:7 /srv/app.py:7 13.0% 4.420ms proven
-- says: for a lock that another one holds, 8.00 ms each time it waits
-- says not: held:

-- case: miss the same, each a moment
INSERT INTO code(id, filename, qualname, first_line, kind, line_format, line_table) VALUES (9, '/usr/lib/python3.12/asyncio/locks.py', '_ContextManagerMixin.__aenter__', 14, 'stdlib', 1, x'');
INSERT INTO stack VALUES (900, 7, 9, 0, 15, 3, 7);
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, lock_ns, running_ns, suspended_ns, ready_ns) SELECT i + 1, 1, 1, 'request', 1, i * 10000000, 4000000, 1000000, 700000, 1000000, 3000000, 0 FROM n WHERE i < 40;
INSERT INTO text VALUES (600, 'Lock');
INSERT INTO event SELECT i * 10000000 + 500000, 700000, i + 1, 1, 'lock', 900, NULL, 600, 0, 0, 0, 128, 0, 77, 1 FROM n WHERE i < 40 AND i % 3 > 0;

-- case: miss threads, one at a time
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, net_ns, lock_ns)
  SELECT i + 1, 1, i % 4 + 1, 'request', 1, i * 10000000, 40000000, 1000000, 9000000, 30000000 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 10000000 + 500000, 8000000, i + 1, i % 4 + 1, 'lock', 7, NULL, NULL, 0, 0, 0, 128, 0, 77, 1 FROM n WHERE i < 40;

-- case: miss a condition variable of a library in C, below a thread of an asynchronous unit: no lock of asyncio
INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, lock_ns, running_ns, suspended_ns, ready_ns) SELECT i + 1, 1, 1, 'request', 1, i * 10000000, 40000000, 1000000, 30000000, 1000000, 39000000, 0 FROM n WHERE i < 40;
INSERT INTO event SELECT i * 10000000 + 500000, 8000000, i + 1, i % 4 + 2, 'lock', 7, NULL, NULL, 0, 0, 0, 128, 0, 77 + i % 4, 1 FROM n WHERE i < 40;
