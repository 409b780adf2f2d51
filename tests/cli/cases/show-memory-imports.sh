# What importlib made is told by the application's line that imports, or as of the start; what has no Python frame by its library. The sum is the same.
unslow run --no-agent --no-answer -q -o a.rec -- true
python3 "$CASES/../memory.py" a.rec /srv
python3 -c '
import sqlite3
db = sqlite3.connect("a.rec")
boot = "<frozen importlib._bootstrap_external>"
db.execute("INSERT INTO code VALUES (20, ?, ?, 700, ?, 1, ?)", (boot, "_compile_bytecode", "stdlib", b""))
db.execute("INSERT INTO code VALUES (21, ?, ?, 1, ?, 1, ?)", ("/srv/app.py", "<module>", "app", b""))
db.execute("INSERT INTO code VALUES (22, ?, ?, 1, ?, 1, ?)", ("/usr/lib/python3.12/gunicorn/config.py", "<module>", "server", b""))
# importlib below line 1 of the application, at two of its lines; at start below none; a server line that is of no application
db.executemany("INSERT INTO stack VALUES (?, ?, ?, 0, ?, ?, ?)", (
    (20, 0, 21, 1, 1, 20), (21, 20, 20, 729, 2, 20), (22, 20, 20, 241, 2, 20), (23, 0, 20, 729, 1, 0), (24, 0, 22, 247, 1, 0)))
last, = db.execute("SELECT max(id) FROM heap_snapshot").fetchone()
for site, stack, native, size in ((21, 21, None, 3 << 20), (22, 22, None, 1 << 20), (23, 23, None, 2 << 20), (24, 24, None, 1 << 19),
                                  (25, None, "/usr/lib/libz.so.1+0x99", 1 << 17), (26, None, None, 1 << 16)):
    db.execute("INSERT INTO heap_site VALUES (?, 7, ?, ?, ?, ?, 1, ?, 1, 0, 1, ?, 0)", (site, "object", stack, native, size, size, size))
    db.execute("INSERT INTO heap_live VALUES (?, ?, 6, NULL, ?, 1, 1, 0, 0)", (last - 1, site, size))
db.commit()'
unslow show memory a.rec | sed -n "/imports: what/,/start: /p"
unslow show memory a.rec | sed "1,/^  *live /d" | cut -c 1-19,78-
unslow show memory --by file a.rec | tail -n 7 | cut -c 1-19,78-
unslow show memory --app a.rec | tail -n 7 | cut -c 1-19,78-
unslow show memory --by traceback a.rec | grep _compile
unslow show memory --json a.rec | python3 -c '
import json, sys
view = json.load(sys.stdin)
names = [column["name"] for column in view["columns"]]
at = [names.index(name) for name in ("file", "line", "function", "kind", "called_from")]
print(sum(row[0] for row in view["rows"]), *([row[i] for i in at] for row in view["rows"] if row[names.index("kind")] == "import"), sep="\n")'
