# Looks were made, and none of them found a request on a CPU: that is what is said.
unslow run --no-agent --no-answer -q -o a.rec -- true
python3 - <<'PY'
import sqlite3
db = sqlite3.connect("a.rec")
db.execute("INSERT INTO process VALUES (7, 4121, 4120, 0, NULL, '3.12.1', 'on', NULL, 200, 200)")
db.execute("INSERT INTO thread VALUES (1, 7, 4121, 'MainThread')")
db.execute("INSERT INTO text VALUES (90001, '/report')")
db.executemany("INSERT INTO unit(id, process_id, kind, route_id, start_ns, wall_ns, cpu_ns) "
               "VALUES (?, 7, 'request', 90001, ?, 1000000, 990000)",
               [(7 << 40 | i, i * 10000000) for i in range(1, 201)])
db.commit()
PY
said() { unslow why a.rec | tr -s ' \n' ' ' | grep -o 'No known cause[^.]*\.'; }
said
engine() { python3 -c "import sqlite3; db = sqlite3.connect('a.rec'); db.execute('DELETE FROM engine'); db.execute('INSERT INTO engine VALUES (7, \"stop\", \"greenlets\", 99.8, 210, ?, 0, ?, 0, 0, NULL, 0, 0)', ($1, $2)); db.commit()"; }
engine 200 10; said
engine 0 210; said
