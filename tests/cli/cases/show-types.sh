# Objects by type in the last walk of each process, and how many more than in its first.
unslow run --no-agent --no-answer -q -o a.rec -- true
cp a.rec once.rec
unslow show types a.rec
python3 "$CASES/../walks.py" a.rec
unslow show types a.rec
unslow show types --json a.rec | python3 -c '
import json, sys
view = json.load(sys.stdin)
print(view["view"], [column["name"] for column in view["columns"]])
print(*view["rows"], sep="\n")'
python3 "$CASES/../walks.py" once.rec one
unslow show types -n 2 once.rec
# What found no place in the recording is said.
python3 -c '
import sqlite3
db = sqlite3.connect("once.rec")
process, = db.execute("SELECT process_id FROM walk LIMIT 1").fetchone()
db.execute("INSERT INTO loss VALUES (?, ?, 256)", (process, "walk_rows"))
db.commit()'
unslow show types -n 2 once.rec
# Growth is between walks alike; of those from outside it is said.
unslow run --no-agent --no-answer -q -o outside.rec -- true
python3 "$CASES/../walks.py" outside.rec outside
unslow show types -n 3 outside.rec
