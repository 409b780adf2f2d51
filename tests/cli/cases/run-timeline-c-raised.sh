# A C function that raises has its name in the timeline, and its end is its own.
unslow run --calls=__main__ --c-calls --timeline --no-answer -q -o a.rec -- python3 - <<'PY'
def f(pop):
    try:
        pop()
    except IndexError:
        pass
for _ in range(3):
    f([].pop)
PY
python3 - <<'PY'
import sqlite3
print(sqlite3.connect("a.rec").execute("SELECT count(*), count(code_id), count(name_id) FROM v1_call_event WHERE event IN (7, 8)").fetchall())
PY
