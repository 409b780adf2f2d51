"""Put hand-made exact calls and lines into a recording: calls.py REC [FOLDER [hostile | duty | memory | arguments]]; the app lies in FOLDER.

What the recording then holds. An event cost 10 ns inside the call and 4 ns in its caller:

    outside requests   main (polls 2,500 ms) > Handle._run > foo (1 call, 610 ms running, 2,500 ms waiting)
                       foo > cpu_intensive_call (1), sleep (2, waiting 1,500 ms), baz (1) > sleep (1, waiting 1,000 ms)
    /report            view (10, raised once) > render (1,000,000 calls, recursive: 400,000 of them from itself), hash_all
                       (a C function), work of another thread > job
    lines              of foo and render, by two threads

"hostile" gives the functions names that a terminal, a browser or another tool would obey; "duty" adds requests with
hooks and without, by which an event cost twice as much; "memory" adds lines whose memory was counted; "arguments" adds
with what Page.render and job were called.
"""

import sqlite3
import sys

MS = 1_000_000
HOSTILE = ("<script>alert(1)</script>", "a;b 99\nroot;c 1", "\x1b]0;title\x07\x9b31m", "fn=(9) x", "\"' onload=alert(3) x='")
COLUMNS = ("calls", "resumes", "raised", "own_wall_ns", "own_cpu_ns", "total_wall_ns", "total_cpu_ns", "waiting_ns",
           "ready_ns", "folded", "demoted", "open")


def main(recording, folder=".", how=""):
    app = folder + "/app.py"
    db = sqlite3.connect(recording)
    put = lambda table, *rows: db.executemany(
        f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
    put("process", (7, 4121, 4120, 0, None, "3.12.1", "on", None, 100, 100))
    put("thread", (1, 7, 4121, "MainThread"), (2, 7, 4130, "pool_0"))
    put("text", (90001, "/report"), (90002, "_hashlib.hash_all"))
    put("code",
        (1, app, "main", 1, "app", 1, b""), (2, "/usr/lib/python3.12/asyncio/events.py", "Handle._run", 86, "stdlib", 1, b""),
        (3, app, "foo", 4, "app", 1, b""), (4, app, "cpu_intensive_call", 12, "app", 1, b""),
        (5, "/usr/lib/python3.12/asyncio/tasks.py", "sleep", 627, "stdlib", 1, b""), (6, app, "baz", 16, "app", 1, b""),
        (7, app, "view", 20, "app", 1, b""), (8, app, "Page.render", 24, "app", 1, b""), (9, app, "job", 30, "app", 1, b""))

    def node(number, parent, kind, thread=1, code=None, name=None, origin=None, **sums):
        sums = {column: 0 for column in COLUMNS} | sums
        sums.setdefault("own_cpu_ns", 0)
        db.execute("INSERT INTO call_node(id, parent_id, process_id, thread_id, kind, code_id, name_id, from_id, "
                   f"{', '.join(COLUMNS)}) VALUES ({', '.join('?' * (8 + len(COLUMNS)))})",
                   (number, parent, 7, thread, kind, code, name, origin, *(sums[column] for column in COLUMNS)))

    def times(own, total, cpu=1.0):
        return {"own_wall_ns": int(own * MS), "own_cpu_ns": int(own * cpu * MS), "total_wall_ns": int(total * MS),
                "total_cpu_ns": int(total * cpu * MS)}

    node(1, 0, 1)
    # its own time is mostly the loop's poll
    node(2, 1, 2, code=1, calls=1, open=1, **times(5, 617, 0.5) | {"own_wall_ns": 2505 * MS, "total_wall_ns": 3117 * MS})
    node(3, 2, 2, code=2, calls=9, **times(2, 612))
    node(4, 3, 2, code=3, calls=1, resumes=4, waiting_ns=2500 * MS, ready_ns=MS, **times(1, 610))
    node(5, 4, 2, code=4, calls=1, **times(608.5, 608.5))
    node(6, 4, 2, code=5, calls=2, resumes=2, waiting_ns=1500 * MS, ready_ns=MS, **times(0.25, 0.25))
    node(7, 4, 2, code=6, calls=1, resumes=1, waiting_ns=1000 * MS, **times(0.125, 0.25))
    node(8, 7, 2, code=5, calls=1, resumes=1, waiting_ns=1000 * MS, **times(0.125, 0.125))
    node(9, 0, 5, name=90001)
    node(10, 9, 2, code=7, calls=10, raised=1, **times(10, 430, 0.9))
    node(11, 10, 2, code=8, calls=600000, **times(180, 420))
    node(12, 11, 2, code=8, calls=400000, folded=1, **times(40, 0))
    node(13, 11, 3, name=90002, calls=1000000, **times(200, 200))
    node(14, 0, 4, thread=2, origin=10)
    node(15, 14, 2, thread=2, code=9, calls=10, **times(70, 70, 0.1))
    db.execute("UPDATE call_node SET least_ns = 1000, most_ns = 90000000 WHERE id = 10")
    put("call_histogram", (10, 40960, 5, 5), (10, 45056, 4, 5), (10, 88080384, 1, 0))
    put("call_process", (7, "monitoring", "monitoring", None, None, 1, None, "app:foo", "tsc", "rseq", 1, None, 0.3125,
                         4000060, 28, 10.0, 4.0, None, None, 0, 0, 3, 30, 0, None, None, None, None, None, 12, 2 * MS, None, None, 28 * 50))
    put("call_line",
        *(line + (None, None, None, 0) + (tuple(cost) or (0, 0)) for line, *cost in (
            ((7, 1, 3, 5, 1, 0, 0, 0, 1000 * MS, 0, 0),),
            ((7, 1, 3, 6, 1, 610 * MS, 608 * MS, 1 * MS, 0, 2 * MS, 0), 10 * MS, MS // 4),
            ((7, 1, 3, 7, 2, 125000, 125000, 125000, 1500 * MS, 0, 0),),
            # more than three quarters
            ((7, 1, 8, 25, 3, 3 * MS, 3 * MS, 3 * MS, 0, 0, 1 * MS), 3 * MS, 3 * MS),
            ((7, 2, 8, 25, 1, MS, MS, MS, 0, MS // 2, 0),))))
    if how == "memory":
        put("code", (10, app, "my_func", 2, "app", 1, b""))
        put("call_line",
            (7, 1, 10, 3, 1, MS, MS, MS, 0, 0, 0, 8000000, 24 << 20, 8000000, 1, 0, 0),
            (7, 1, 10, 4, 2, 90 * MS, 90 * MS, 90 * MS, 0, 0, 0, 320000000, 184 << 20, 160000000, 2, 0, 0),
            (7, 1, 10, 5, 2, MS, MS, MS, 0, 0, 0, -320000000, 24 << 20, 0, 2, 0, 0),
            (7, 2, 10, 4, 1, MS, MS, MS, 0, 0, 0, None, None, None, 0, None, None))
    put("call_event",
        *((7, 1, at * MS, event, code, name, unit) for at, event, code, name, unit in (
            (90, 2, 1, None, None),  # its begin is older than the ring
            (100, 1, 7, None, 7 << 40 | 1), (101, 1, 8, None, 7 << 40 | 1), (102, 5, None, 90002, 7 << 40 | 1),
            (103, 6, None, 90002, 7 << 40 | 1), (104, 7, 8, None, 7 << 40 | 1), (105, 1, 3, None, 7 << 40 | 1),
            (106, 3, 3, None, 7 << 40 | 1), (108, 4, 3, None, 7 << 40 | 1), (109, 2, 3, None, 7 << 40 | 1),
            (110, 2, 7, None, 7 << 40 | 1), (111, 5, None, 90002, None), (112, 8, None, 90002, None),
            (113, 2, 99, None, None),  # its code object is not in the recording
            (120, 1, 7, None, None))))
    db.execute("INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns) VALUES (?, 7, 1, 'request', "
               "90001, ?, ?)", (7 << 40 | 1, 99 * MS, 12 * MS))
    if how == "duty":
        # 20 ms of work a request, 100,000 events of 28 ns, with a little noise
        put("call_window", *((7, second * 1000 * MS, 10, 0, 10 * (20 * MS + 2800000) + second % 3 * MS, 10 * 100000, 10, 0,
                              10 * 20 * MS + second % 4 * MS) for second in range(1, 25)))
    if how == "arguments":
        put("call_arguments", (7, 8, 600000, 600000, 400000, 0, 1000, 398000, 390000, 398000, 0, 0, 10, 9, 420 * MS, 300 * MS, 150 * MS),
            (7, 9, 10, 10, 0, 0, 0, 0, 0, 0, 0, 0, 10, 0, 70 * MS, 0, 10000))
    if how == "hostile":
        for code, name in enumerate(HOSTILE, 3):
            db.execute("UPDATE code SET qualname = ?, filename = filename || ? WHERE id = ?", (name, name, code))
        db.execute("UPDATE code SET qualname = CAST(x'6869ff80c328' AS TEXT) WHERE id = 8")
    db.commit()


main(*sys.argv[1:])
