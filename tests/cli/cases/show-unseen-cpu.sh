unslow run --no-agent --no-answer -q -o a.rec -- true
python3 "$CASES/../samples.py" a.rec /srv
python3 - <<'PY'
import sqlite3
db = sqlite3.connect("a.rec")
db.execute("DELETE FROM sample_10s WHERE in_unit")
db.execute("INSERT INTO sample_10s VALUES (5, 7, 2, NULL, 0, NULL, 'unseen', NULL, NULL, 2, 0, 0, 0, 6000000, 0)")
db.commit()
PY
unslow show lines -n 2 a.rec
unslow show funcs -n 3 a.rec
unslow show lines --clock wall -n 1 a.rec | sed -n '/thread time/,$p'
unslow export collapsed a.rec -o -
