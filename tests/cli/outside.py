"""Make of a recording what `unslow attach` would have seen of a server: outside.py REC [fixed].

Two gunicorn workers for 20 s at 100 looks a second, no unit of work known, samples of both main threads:

    view > SQLAlchemy's pool makes a connection > psycopg2.connect    400 ms each 10 s, in the call poll
    view                                                              200 ms python
    the server waits for clients                                      the rest
    connections that ended: 500 of clients, 490 to PostgreSQL

"fixed": the pool keeps its connections, so none is made and ten end.
"""

import sqlite3
import sys

MS = 1_000_000
SECOND = 1000 * MS
SITE = "/venv/lib/python3.12/site-packages"


def main(recording, kind=""):
    db = sqlite3.connect(recording)
    put = lambda table, *rows: db.executemany(  # noqa: E731
        f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
    workers = ((1, 4121), (2, 4122))
    put("process", *((n, pid, 4120, 0, None, "3.12.1", "off", "attached from outside: no agent is in it", 0, 0)
                     for n, pid in workers))
    put("thread", *((n, n, pid, "MainThread") for n, pid in workers))
    put("code",
        (1, f"{SITE}/gunicorn/workers/sync.py", "SyncWorker.wait", 30, "server", 1, b""),
        (2, f"{SITE}/gunicorn/workers/sync.py", "SyncWorker.handle_request", 160, "server", 1, b""),
        (3, "/srv/app.py", "world", 10, "app", 1, b""),
        (4, f"{SITE}/sqlalchemy/pool/base.py", "Pool._create_connection", 385, "library", 1, b""),
        (5, f"{SITE}/psycopg2/__init__.py", "connect", 80, "library", 1, b""))
    # id, parent, code, offset, line, depth, nearest frame of the application
    put("stack", (1, 0, 1, 0, 34, 1, 0), (2, 0, 2, 0, 178, 1, 0), (3, 2, 3, 0, 14, 2, 3),
        (4, 3, 4, 0, 390, 3, 3), (5, 4, 5, 0, 122, 4, 3), (6, 2, 3, 2, 17, 2, 6))

    def sample(slot, worker, stack, state, ticks, target=None):
        wall = ticks * 10 * MS
        return (slot, worker, worker, None, 0, stack, state, target, None, 2, ticks, 0, wall,
                wall if state == "python" else 0, 0)

    connects = 0 if kind == "fixed" else 40
    for slot in (0, 1):
        for worker, _ in workers:
            if connects:
                put("sample_10s", sample(slot, worker, 5, "call", connects, "poll"))
            put("sample_10s", sample(slot, worker, 6, "python", 20),
                sample(slot, worker, 1, "call", 1000 - 20 - connects, "pselect6"))
    put("peer_second", (19 * SECOND, 0, "client", "0.0.0.0:8000", 0, 0, 500),
        (19 * SECOND, 0, "socket", "10.0.0.5:5432", 0, 0, 10 if kind == "fixed" else 490))
    reason = "attached from outside: only a thread that runs Python is stopped for a look"
    put("engine", *((n, "stop", reason, 99.8, 2000, 1990, 0, 6, 4, 9 * MS, 180_000, 0, 240 * MS) for n, _ in workers))
    db.execute("DELETE FROM host_second")
    for key, value in (("command", "gunicorn app:app"), ("started_ns", 0), ("ended_ns", 20 * SECOND),
                       ("started_realtime_ns", SECOND), ("cwd", "/srv"), ("cpus", 2), ("probe_cpu_ns", 300 * MS)):
        db.execute("UPDATE meta SET value = ? WHERE key = ?", (value, key))
    db.commit()


main(*sys.argv[1:])
