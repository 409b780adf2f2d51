# Folded stacks: what flamegraph.pl reads. A name may neither end a frame nor a line.
unslow run --no-agent --no-answer -q -o a.rec -- true
python3 "$CASES/../samples.py" a.rec /srv
unslow export collapsed a.rec
echo by CPU, all time, the application only
unslow export collapsed --clock cpu --all --app a.rec
cp a.rec b.rec
python3 - <<'PY'
import sqlite3
db = sqlite3.connect("b.rec")
db.execute("UPDATE code SET qualname = ?, filename = '/srv/x;y.py' WHERE id = 3", ("a;b 99\nroot;c\x1b[31m 1",))
db.commit()
PY
unslow export collapsed --state python b.rec
