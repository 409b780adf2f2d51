# Rules of the user's own beside those built in; cases beside them are no rules; one may take a built-in's place.
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
sh "$CASES/../own_rule.sh" rules
found() { unslow why --json "$@" a.rec | python3 -c "import json, sys; print([(f['cause'], f['title'], f['fix']) for f in json.load(sys.stdin)['findings']])"; }
found --rules rules
found --rules rules/own
sed -i 's/^-- id: slow-report/-- id: nothing-wrong/; s/^-- fix: .*/-- fix: ask us/' rules/own/slow-report.sql
found --rules rules
sed -i 's/ AS because/ AS reason/' rules/own/slow-report.sql
unslow why --rules rules a.rec
mkdir none
unslow why --rules none a.rec
