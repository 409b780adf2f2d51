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
# Whose it is: modules of packages by their place below the installation; a file that is in a package is no module of its bare name.
python3 -c '
import sqlite3
db = sqlite3.connect("a.rec")
db.execute("UPDATE walk SET holders_cut = 0")
files = (("/usr/lib/python3.12/html/entities.py", "stdlib"), ("/venv/lib/python3.12/site-packages/flask/app.py", "library"),
         ("/venv/lib/python3.12/site-packages/flask/__init__.py", "library"), ("<frozen os>", "stdlib"))
for number, (file, kind) in enumerate(files, 10):
    db.execute("INSERT INTO code VALUES (?, ?, ?, 1, ?, 1, ?)", (number, file, "<module>", kind, b""))
    db.execute("INSERT INTO stack VALUES (?, 0, ?, 0, 1, 1, 0)", (number, number))
db.execute("DELETE FROM walk_holder")
text = iter(range(95001, 95100))
for root, label in (("module", "html.entities"), ("class", "flask.app.Flask"), ("module", "flask"), ("module", "app"), ("module", "os"),
                    ("frame", "view"), ("module", "sys")):
    name = next(text)
    db.execute("INSERT INTO text VALUES (?, ?)", (name, label))
    db.execute("INSERT INTO walk_holder(walk_id, type_id, bytes, root, label_id, expression, object_references, found, maybe_recycled)"
               " VALUES (3, 90002, 9000, ?, ?, ?, 1, 1, 0)", (root, name, label + ".x"))
db.commit()'
unslow show holders a.rec | tail -n 8
