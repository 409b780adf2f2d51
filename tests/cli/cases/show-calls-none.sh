# Why there are none, and the command that counts them.
unslow run --no-agent --no-answer -q -o a.rec -- true
unslow show calls a.rec
unslow show calls --json a.rec | grep note
python3 - <<'PY'
import sqlite3
db = sqlite3.connect("a.rec")
db.execute("INSERT INTO call_process VALUES (7, 'none', 'none', 'coverage has the tool id', NULL, 1, NULL, NULL, 'ns', "
           "'none', 1, NULL, 1, 0, 0, NULL, NULL, NULL, NULL, 0, 0, 0, 0, 0, "
           "NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)")
db.commit()
PY
unslow show calls a.rec
# A pattern that chose nothing: what patterns are.
python3 -c "import sqlite3; db = sqlite3.connect('a.rec'); db.execute(\"UPDATE call_process SET engine = 'monitoring', reason = NULL, pattern = 'shop'\"); db.commit()"
unslow show calls a.rec
# No filter was given: it is the name.
python3 - <<'PY'
import sqlite3
db = sqlite3.connect("a.rec")
db.execute("DELETE FROM call_process")
db.commit()
PY
python3 "$CASES/../calls.py" a.rec /srv 2>&1
unslow show calls --function nowhere --all a.rec
unslow show calls --state gil a.rec
