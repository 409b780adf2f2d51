# Errors by exception and by the application's line: count, rate, part of its route, cost. None is an answer.
unslow run --no-agent --no-answer -q -o a.rec -- true
python3 "$CASES/../samples.py" a.rec /srv
unslow show errors a.rec
python3 - <<'P'
import sqlite3
S = 10**9
db = sqlite3.connect("a.rec")
db.executemany("INSERT INTO text VALUES (?, ?)", [(90010, "GET"), (90011, "builtins.KeyError"), (90012, "app.db.Locked"), (90013, "/lookup")])
put = "INSERT INTO unit (id, process_id, thread_id, kind, route_id, method_id, status, start_ns, wall_ns, error_id, flags) VALUES (?, 7, 1, 'request', ?, 90010, ?, ?, ?, ?, ?)"
for n in range(1, 21):
    failed = n <= 5
    db.execute(put, (7 << 40 | n, 90001, 500 if failed else 200, S + n * S // 20, 4_000_000, 90011 if failed else None, n == 1))
    if failed:
        db.execute("INSERT INTO exception VALUES (?, ?, 90011, 6)", (S + n * S // 20, 7 << 40 | n))
for n in range(21, 31):
    failed = n > 28
    db.execute(put, (7 << 40 | n, 90013, 503 if failed else 200, S + n * S // 20, 90_000_000, None, 0))
db.commit()
P
unslow show errors a.rec
unslow show errors --json a.rec | python3 -c "
import json, sys
shown = json.load(sys.stdin)
print([(column['name'], column['unit']) for column in shown['columns']])
print(shown['rows'][0])"
