# Live objects by type at a walk of the heap: which walk it was, what grew since the first one, what was not walked.
unslow run --no-agent --no-answer -q -o a.rec -- true
unslow show memory --by type a.rec
python3 "$CASES/../walks.py" a.rec
unslow show memory --by type a.rec
unslow show memory --by type --sort growth -n 1 a.rec | tail -n 1
# As it was between the first walk and the third; before any.
unslow show memory --by type --at 15s -n 2 a.rec | tail -n 3
unslow show memory --by type --at 5s a.rec
# One that had ended by then is not in it; one that was not walked is named.
python3 -c '
import sqlite3
db = sqlite3.connect("a.rec")
db.execute("UPDATE process SET end_ns = 20000000000 WHERE id = 8")
db.execute("INSERT INTO process VALUES (9, 4123, 4120, 0, NULL, ?, ?, NULL, 0, 0)", ("3.12.1", "on"))
db.execute("UPDATE walk SET process_id = 9 WHERE state = ?", ("failed",))
db.commit()'
unslow show memory --by type -n 1 a.rec
unslow show memory --by type -n 1 --json a.rec | python3 -c '
import json, sys
view = json.load(sys.stdin)
print(view["view"], view["walks"], view["not_walked"])
print([column["name"] for column in view["columns"]], *view["rows"])'
# A walk that was cut has not counted all: nothing grew since it.
python3 -c '
import sqlite3
db = sqlite3.connect("a.rec")
db.execute("UPDATE walk SET cut = 1 WHERE id = 1")
db.commit()'
unslow show memory --by type -n 2 a.rec | tail -n 3
# What a walk does not know, and views that have no types.
unslow show memory --by type --route /a a.rec
unslow show memory --by type --sort made a.rec
unslow show io --by type a.rec
