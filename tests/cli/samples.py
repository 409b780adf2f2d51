"""Put hand-made samples into a recording: samples.py REC [FOLDER [hostile]]; the app's code lies in FOLDER.

What the recording then holds, in samples of 10 ms:

    main thread   /report (in a unit)   view > render > json's encode   620 ms python
                                        view > render                   200 ms python, 100 ms GIL
                                        view > query                     80 ms call on PostgreSQL
    worker thread (outside units)       thread pool's wait              990 ms lock
                                        view > hash                      10 ms native

"hostile" gives the functions names that a terminal, a browser or another tool would obey.
"""

import sqlite3
import sys

MS = 1_000_000


HOSTILE = ("<script>alert(1)</script>", "]]><script>alert(2)</script>", "a;b 99\nroot;c 1", "\x1b]0;title\x07\x9b31m",
           "\"' onload=alert(3) x='", "</title><image href='http://evil/'/>", "&lt;&amp;\ufffe")


def main(recording, folder=".", names=""):
    app = folder + "/app.py"
    db = sqlite3.connect(recording)
    put = lambda table, *rows: db.executemany(
        f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
    put("process", (7, 4121, 4120, 0, None, "3.12.1", "on", None, 10, 10))
    put("thread", (1, 7, 4121, "MainThread"), (2, 7, 4130, "worker\x1b[31m"))
    put("text", (90001, "/report"))
    put("code",
        (1, "/usr/lib/python3.12/site-packages/gunicorn/workers/sync.py", "SyncWorker.handle", 1, "server", 1, b""),
        (2, app, "view", 1, "app", 1, b""),
        (3, app, "render<b>", 5, "app", 1, b""),
        (4, "/usr/lib/python3.12/json/encoder.py", "JSONEncoder.encode", 183, "stdlib", 1, b""),
        (5, app, "query", 9, "app", 1, b""),
        (6, "/usr/lib/python3.12/threading.py", "Condition.wait", 295, "stdlib", 1, b""),
        (7, app, "hash", 12, "app", 1, b""))
    # id, parent, code, offset, line, depth, nearest frame of the application
    put("stack", (1, 0, 1, 0, 134, 1, 0), (2, 1, 2, 0, 2, 2, 2), (3, 2, 3, 0, 6, 3, 3), (4, 3, 4, 0, 200, 4, 3),
        (5, 3, 3, 2, 6, 4, 5), (6, 2, 5, 0, 10, 3, 6), (7, 0, 6, 0, 355, 1, 0), (8, 2, 7, 0, 13, 3, 8))

    def sample(thread, route, stack, state, ticks, cpu=1.0, target=None, holder=None):
        wall = ticks * 10 * MS
        return (5, 7, thread, route, route is not None, stack, state, target, holder, 1, ticks, 0, wall,
                int(wall * cpu), 0)

    put("sample_10s",
        sample(1, 90001, 4, "python", 62),
        sample(1, 90001, 5, "python", 20, 0.9),  # render calls itself
        sample(1, 90001, 3, "gil", 10, 0, holder=8),
        sample(1, 90001, 6, "call", 8, 0, target="recv postgresql 127.0.0.1:5432"),
        sample(2, None, 7, "lock", 99, 0),
        sample(2, None, 8, "native", 1))
    if names == "hostile":
        for code, name in enumerate(HOSTILE, 1):
            db.execute("UPDATE code SET qualname = ?, filename = filename || ? WHERE id = ?", (name, name, code))
        # bytes that are no UTF-8, in a column of text
        db.execute("UPDATE code SET qualname = CAST(x'6869ff80c328' AS TEXT) WHERE id = 2")
        db.execute("UPDATE thread SET name = ? WHERE id = 1", (HOSTILE[0],))
        db.execute("UPDATE meta SET value = ? WHERE key = 'command'", (HOSTILE[5],))
    put("engine", (7, "tick", "the agent is in the process", 99.8, 210, 200, 4, 1, 5, 0, None, 3, 2_500_000))
    db.execute("UPDATE meta SET value = 1000000000 WHERE key = 'started_ns'")
    db.execute("UPDATE meta SET value = 3000000000 WHERE key = 'ended_ns'")
    db.commit()


main(*sys.argv[1:])
