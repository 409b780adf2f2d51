# What keeps objects: expressions; what a process calls itself does not reach the terminal.
unslow run --no-agent --no-answer -q -o a.rec -- true
python3 "$CASES/../walks.py" a.rec
unslow show holders a.rec
unslow show holders --json -n 1 a.rec | python3 -c '
import json, sys
view = json.load(sys.stdin)
names = [column["name"] for column in view["columns"]]
print(*(f"{name}: {value}" for name, value in zip(names, view["rows"][0])), sep="\n")'
# What there was no time for is said.
python3 -c '
import sqlite3
db = sqlite3.connect("a.rec")
db.execute("UPDATE walk SET holders_cut = 1 WHERE id = 3")
db.commit()'
unslow show holders -n 1 a.rec
