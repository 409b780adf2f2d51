"""Put hand-made collections into a recording of 60 s: gc_events.py REC [walked].

20 requests of 100 ms: to /a (10) and /b (10). In each one to /a a full collection of 10 ms that frees 2 objects, and four shorter
than 0.05 ms, of 0.2 ms together; in each one to /b a young one of 1 ms that frees 50; one request to /b did not end, with one of 30 ms; a full one
of 80 ms outside of them. "walked": two walks found app.Node in cycles, the last one app.Leaf, too.
"""

import sqlite3
import sys

MS, S = 1_000_000, 1_000_000_000


def main(recording, how=""):
    db = sqlite3.connect(recording)
    put = lambda table, *rows: db.executemany(
        f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
    db.execute("UPDATE meta SET value = 0 WHERE key = 'started_ns'")
    db.execute("UPDATE meta SET value = ? WHERE key = 'ended_ns'", (60 * S,))
    put("process", (7, 4121, 4120, 0, None, "3.12.1", "on", None, 21, 20))
    put("thread", (1, 7, 4121, "MainThread"))
    put("text", (90001, "/a"), (90002, "/b"), (90003, "GET"), (90004, "app.Node"), (90005, "app.Leaf"))
    unit = lambda number: 7 << 40 | number
    collection = lambda at, took, number, generation, freed: put("event", (
        at, took, number and unit(number), 1, "gc", None, None, None, 0, took - MS // 2, generation, 128, freed, 0, 1))
    for i in range(1, 22):
        slow = i <= 10
        wall = 100 * MS if i < 21 else None
        db.execute("INSERT INTO unit(id, process_id, thread_id, kind, route_id, method_id, start_ns, wall_ns, cpu_ns, gc_ns)"
                   " VALUES (?, 7, 1, 'request', ?, 90003, ?, ?, ?, ?)",
                   (unit(i), 90001 if slow else 90002, i * S, wall, 90 * MS, 10 * MS if slow else MS))
        if i < 21:
            collection(i * S + MS, 10 * MS if slow else MS, i, 2 if slow else 0, 2 if slow else 50)
    collection(21 * S + MS, 30 * MS, 21, 1, 0)
    collection(40 * S, 80 * MS, None, 2, 9)
    usage = lambda route, calls, took, most: put("usage_10s", (
        0, route, "gc", None, None, None, 0, 0, 10, calls, 0, took, took, most, 0, 0, 0))
    usage(90001, 50, 100 * MS + 2 * MS // 10, 10 * MS)
    usage(90002, 11, 40 * MS, 30 * MS)
    usage(None, 1, 80 * MS, 80 * MS)
    if how == "walked":
        for number in (1, 2):
            put("walk", (number, 7, number, "done", None, 0, 0, number * 20 * S, 2_000_000, 2_500_000, 90_000_000,
                         80_000_000, 60 << 20, 900 << 20, 2000, 1500, 9000, 500_000, 250, 25_000, 3 << 20, "fork", None))
            put("walk_type", (number, 90004, 900, 900, 43200, None, 1, 250, 12000))
        put("walk_type", (2, 90005, 9, 9, 432, None, 1, 3, 144))
    db.commit()


main(*sys.argv[1:])
