unslow run --no-agent --no-answer -q -o a.rec -- true --password hunter2 --url=postgresql://me:hunter2@db/x
python3 - <<'PY'
import sqlite3
print(sqlite3.connect("a.rec").execute("select value from meta where key = 'command'").fetchone()[0])
print(b"hunter2" in open("a.rec", "rb").read())
PY
