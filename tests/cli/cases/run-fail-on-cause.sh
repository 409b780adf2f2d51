# The gate of a pipeline: the cause is there, so the status is 1.
cat > app.py <<'PY'
import sqlite3
for i in range(200):
    connection = sqlite3.connect("data.db")
    connection.execute("select 42").fetchone()
    connection.close()
PY
unslow run --no-answer -o a.rec --fail-on cause:db-connection-per-request -- python3 app.py
