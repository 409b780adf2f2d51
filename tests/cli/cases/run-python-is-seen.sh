# A script that uses a database is a unit of work; its output is its own.
cat > app.py <<'PY'
import sqlite3
for i in range(3):
    connection = sqlite3.connect("data.db")
    print(connection.execute("select 42").fetchone()[0])
    connection.close()
PY
unslow run --no-answer -q -o a.rec -- python3 app.py
python3 - <<'PY'
import sqlite3
db = sqlite3.connect("a.rec")
print(db.execute("select count(*) from v1_process").fetchone()[0], "process")
print(db.execute("select count(*) from v1_handle where kind = 'sqlite'").fetchone()[0], "connections")
PY
