# Two causes with a gain: each by itself, then both, replayed together.
unslow run --no-agent --no-answer -q -o a.rec -- true
python3 - <<'PY'
import sqlite3
MS = 1_000_000
db = sqlite3.connect("a.rec")
put = lambda table, *rows: db.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
put("process", (7, 4121, 4120, 0, None, "3.12.1", "on", None, 300, 300))
put("thread", (1, 7, 4121, "MainThread"))
put("text", (90001, "/prices"))
put("code",
    (1, "/venv/lib/python3.12/site-packages/gunicorn/workers/sync.py", "SyncWorker.handle", 1, "server", 1, b""),
    (2, "/srv/app.py", "prices", 10, "app", 1, b""),
    (3, "/usr/lib/python3.12/copy.py", "deepcopy", 119, "stdlib", 1, b""),
    (4, "/srv/app.py", "rank", 30, "app", 1, b""))
put("stack", (1, 0, 1, 0, 134, 1, 0), (2, 1, 2, 0, 12, 2, 2), (3, 2, 3, 0, 136, 3, 2), (4, 2, 4, 0, 33, 3, 4), (5, 2, 2, 2, 14, 3, 5))
put("sample_10s",
    (5, 7, 1, 90001, 1, 3, "python", None, None, 1, 200, 0, 1200 * MS, 1200 * MS, 0),
    (5, 7, 1, 90001, 1, 4, "python", None, None, 1, 250, 0, 1500 * MS, 1500 * MS, 0),
    (5, 7, 1, 90001, 1, 1, "python", None, None, 1, 50, 0, 300 * MS, 300 * MS, 0))
for i in range(300):
    db.execute("INSERT INTO unit(id, process_id, thread_id, kind, route_id, start_ns, wall_ns, cpu_ns, trace) "
               "VALUES (?, 7, 1, 'request', 90001, ?, ?, ?, ?)",
               (7 << 40 | i + 1, 50_000 * MS + i * 20 * MS, 10 * MS, 10 * MS, i.to_bytes(16, "big")))
    db.execute("INSERT INTO unit_sample VALUES (?, 1, ?, ?, 'python', 3, NULL)",
               (7 << 40 | i + 1, 50_000 * MS + i * 20 * MS + MS, 5 * MS))
db.execute("INSERT INTO client_request SELECT trace, start_ns - 1000000, start_ns - 1000000, start_ns + wall_ns, 200, NULL FROM unit")
db.execute("UPDATE meta SET value = 50000000000 WHERE key = 'started_ns'")
db.execute("UPDATE meta SET value = 56000000000 WHERE key = 'ended_ns'")
db.commit()
PY
unslow why a.rec | sed -n '/^  1 /,/^  Time of one/p'
unslow why --route "GET /prices" a.rec | grep "Cured together"
