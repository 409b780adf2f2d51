# line_profiler's columns, and what was awaited, waited for the GIL and blocked.
printf '\n\n\nasync def foo():\n    await sleep(1)\n    baz()\n' > app.py
unslow run --no-agent --no-answer -q -o a.rec -- true
python3 "$CASES/../calls.py" a.rec "$PWD"
unslow show lines a.rec
unslow show lines --thread pool_0 a.rec | tail -n +8
unslow show lines --json a.rec | grep -A 12 '"view"' | head -4
unslow show lines -n 1 a.rec | head -4
# No exponents.
python3 -c '
import sqlite3
db = sqlite3.connect("a.rec")
db.execute("UPDATE call_process SET line_cost_ns = 28 * 3100")
db.commit()'
unslow show lines --all a.rec | tr -s ' \n' ' ' | grep -o 'event cost about [^m]*'
