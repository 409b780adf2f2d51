"""Put a hand-made sampled heap into a recording: memory.py REC [FOLDER [fixed | hostile]]; the app lies in FOLDER.

What the recording then holds: 100 s of process 4121, 5,000 requests, 40 snapshots, one sample in 16 KiB.

    app.py:12 remember < view      a leak: 2 KiB of each request (json's decoder:30 made it for app.py:12)
    app.py:20 lookup               a bounded cache: 4 MiB, full after half of the requests
    app.py:30 load                 a table of 8 MiB, made once; by malloc
    app.py:41 render               temporary: 500 MiB made, nearly all freed before its request ended
    no Python frame                64 KiB by a library

A request to /report needs 1 MiB, one of them 24 MiB, most of it made by render; one to /upload 96 MiB, made by load.

The limit of its control group is 512 MiB. "fixed": without the leak, half of the table.
"""

import sqlite3
import sys

MS, S, MIB = 1_000_000, 1_000_000_000, 1 << 20
INTERVAL = 16384
POINTS = 40
HOSTILE = ("<script>alert(1)</script>", "a;b 99\nroot;c 1", "\x1b]0;title\x07\x9b31m", "\"' onload=alert(3) x='")


def main(recording, folder=".", how=""):
    app = folder + "/app.py"
    leak = 0 if how == "fixed" else 2048
    table = 4 * MIB if how == "fixed" else 8 * MIB
    db = sqlite3.connect(recording)
    put = lambda name, *rows: db.executemany(
        f"INSERT INTO {name} VALUES ({', '.join('?' * len(rows[0]))})", rows)
    start = 10 * S
    db.execute("UPDATE meta SET value = ? WHERE key = 'started_ns'", (start,))
    put("process", (7, 4121, 4120, start, None, "3.12.1", "on", None, 5000, 5000))
    put("text", (90001, "/report"), (90002, "/lookup"))
    names = ["view", "remember", "lookup", "load", "render"]
    if how == "hostile":
        names[1:] = HOSTILE
    put("code", *((i + 1, app, name, 10 * i + 1, "app", 1, b"") for i, name in enumerate(names)),
        (6, "/usr/lib/python3.12/json/decoder.py", "JSONDecoder.decode", 20, "stdlib", 1, b""))
    # id, parent, code, offset, line, depth, nearest frame of the application
    put("stack", (1, 0, 1, 0, 5, 1, 1), (2, 1, 2, 0, 12, 2, 2), (3, 2, 6, 0, 30, 3, 2), (4, 1, 3, 0, 20, 2, 4),
        (5, 0, 4, 0, 30, 1, 5), (6, 1, 5, 0, 41, 2, 6))
    at = lambda i: start + (i + 1) * 100 * S // POINTS
    units = lambda i: 5000 * (i + 1) // POINTS
    live_row = 0
    for i in range(POINTS):
        done = units(i)
        grown = {1: leak * done, 2: 4 * MIB * min(done, 2500) // 2500, 3: table, 5: 65536}
        # site, age, route, bytes, bytes of a block
        sums = [(1, 5, 90001, grown[1] * 3 // 4, 512), (1, 3, 90001, grown[1] // 4, 512), (2, 5, 90002, grown[2], 128),
                (3, 6, None, grown[3], 1 * MIB), (4, 0, 90001, 262144, 64), (5, 6, None, 65536, 65536)]
        for site, age, route, size, block in sums:
            if size:
                variance = INTERVAL * size if block < INTERVAL else 0
                db.execute("INSERT INTO heap_live VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)",
                           (i + 1, site, age, route, size, size / block, max(1, size // max(block, INTERVAL)), variance))
        live = sum(size for _, _, _, size, _ in sums)
        put("heap_snapshot", (i + 1, 7, at(i), done, live, live + 500 * MIB * done // 5000, 0))
        small = sum(size for site, _, _, size, _ in sums if site in (1, 2, 4))
        put("heap_second", (7, at(i), 60 * MIB + live, 40 * MIB + live, 38 * MIB + live, 55 * MIB + live, 0, live, live - small,
                            small + 2 * MIB, live - small + 3 * MIB, 3 * MIB, 0, live - small + 6 * MIB, 256 << 10, done, 4,
                            live + 500 * MIB * done // 5000))
    kept = {1: leak * 5000, 2: 4 * MIB, 3: table, 4: 262144, 5: 65536}
    put("heap_process", (7, "malloc mem object", None, 1, INTERVAL, 0, None, start, None, 33000, 31000, 12, 0, 0, 0, 2500.0,
                         30 * MIB, at(POINTS - 1)))
    put("heap_site",
        *((site, 7, domain, stack, native, made, made / block, kept[site], kept[site] / block, short, samples, peak, start)
          for site, domain, stack, native, made, block, short, samples, peak in (
              (1, "object", 3, None, kept[1] + 1 * MIB, 512, 1 * MIB, 700, kept[1] + 4096),
              (2, "object", 4, None, 6 * MIB, 128, 0, 380, 4 * MIB),
              (3, "malloc", 5, None, table, MIB, 0, 8, table),
              (4, "object", 6, None, 500 * MIB, 64, 499 * MIB, 31900, 2 * MIB),
              (5, "malloc", None, "/usr/lib/libz.so.1+0x1a2b", 65536, 65536, 0, 1, 65536))))
    # two ways to site 3, one to site 5, of which it is not known who called the last
    put("heap_native", (1, 3, 3, 3 * MIB, "python"), (2, 3, 1, MIB, "python"), (3, 5, 1, 65536, "unknown"))
    put("heap_native_frame",
        *((way, depth, library, function, 20) for way, frames in (
            (1, (("/srv/_table.so", "grow_rows"), ("/srv/_table.so", "load_table"), ("/usr/bin/python3.12", "cfunction_call"))),
            (2, (("/srv/_table.so", "copy_rows"), ("/usr/bin/python3.12", "cfunction_call"))),
            (3, (("/usr/lib/libz.so.1", "zcalloc"), ("/usr/lib/libz.so.1", None)))) for depth, (library, function) in enumerate(frames)))
    # peaks of 60 requests to /report, of which one is 24 MiB, and of one to /upload, which keeps nothing
    put("text", (90003, "/upload"))
    put("heap_unit_peak",
        *((7, 7 << 40 | i, 90001, at(0), 24 * MIB if i == 30 else MIB + i * 1024, 16384.0 * MIB, 4, MIB * 3 // 4, 64, 1)
          for i in range(1, 61)),
        (7, 7 << 40 | 100, 90003, at(1), 96 * MIB, 0.0, 3, 96 * MIB, 3, 1))
    db.execute("INSERT INTO cgroup_second(at_ns, process_id, path, memory_limit_bytes, memory_bytes) VALUES (?, 7, '/app', ?, ?)",
               (at(POINTS - 1), 512 * MIB, 112 * MIB))
    db.execute("INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns) VALUES (?, 7, 'request', 90001, ?, ?)",
               (7 << 40 | 1, start, 4 * MS))
    db.commit()


main(*sys.argv[1:])
