# A route's name is whole where no terminal bounds it: it is copied from there to --route.
unslow run --no-agent --no-answer -q -o a.rec -- true
python3 - <<'PY'
import sqlite3
db = sqlite3.connect("a.rec")
db.execute("INSERT INTO process VALUES (7, 4121, 4120, 0, NULL, '3.12.1', 'on', NULL, 2, 2)")
db.execute("INSERT INTO thread VALUES (1, 7, 4121, 'MainThread')")
db.executemany("INSERT INTO text VALUES (?, ?)", [(90001, "/warehouses/{warehouse_id}/shelves"), (90002, "POST")])
for i in range(2):
    db.execute("INSERT INTO unit(id, process_id, thread_id, kind, route_id, method_id, start_ns, wall_ns, cpu_ns) "
               "VALUES (?, 7, 1, 'request', 90001, 90002, ?, 10000000, 10000000)", (7 << 40 | i + 2, i * 20000000))
db.commit()
PY
unslow show requests a.rec | grep -o "POST /[^ ]*"
