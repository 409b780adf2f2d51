# What an event cost in the app itself, by requests with hooks and without: twice of what it did at start.
unslow run --no-agent --no-answer -q -o a.rec -- true
python3 "$CASES/../calls.py" a.rec /srv duty
unslow show funcs --app a.rec | grep -E 'cost|another thread|checked|render|without|part of|of that part'
unslow show calls a.rec | grep -A1 'part of'
unslow show funcs --json a.rec | python3 -c 'import json, sys; print(json.load(sys.stdin)["part"])'
unslow export pstats -o a.prof a.rec 2>&1
unslow export callgrind a.rec 2>/dev/null | grep '^desc'
unslow export speedscope a.rec 2>/dev/null | grep -o '"name":"calls[^:]*:'
unslow export chrome a.rec 2>/dev/null | grep -o '"otherData".*'
# No request is told apart yet, but some may be: the share is not known, and --duty is not advised.
python3 - <<'PY'
import sqlite3
db = sqlite3.connect("a.rec")
db.execute("DELETE FROM call_window")
db.execute("UPDATE call_process SET want = 33")
db.commit()
PY
unslow show funcs --app a.rec | grep -A4 -E 'part of|cost about'
