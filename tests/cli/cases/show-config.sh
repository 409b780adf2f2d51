# A rate that changed is one row. Values are whole; on a terminal they go on below themselves.
unslow run --no-agent --no-answer -q -o a.rec -- true
python3 - <<'P'
import sqlite3
db = sqlite3.connect("a.rec")
db.execute("INSERT INTO process (id, pid, parent_pid, start_ns, python, agent_state) VALUES (1, 4121, 1, 0, '3.11.7', 'on')")
db.executemany("INSERT INTO fact VALUES (1, ?, ?)", [
    ("engine.reason", "the agent is in the process: the GIL's holder looks at all threads, nobody else is interrupted"),
    *(("engine.reason", f"at {hz} Hz instead of 200: the ticks of all processes together would take more than 1.2 % of a core") for hz in (76, 121, 197)),
    ("engine.reason", "at 50 Hz instead of 100: the ticks of all processes together would take more than 1.2 % of a core"),
    ("package.flask", "3.0.3"), ("server", "gunicorn")])
db.commit()
P
unslow show config a.rec
script -qec "stty cols 60; unslow show config a.rec" /dev/null | tr -d '\r'
