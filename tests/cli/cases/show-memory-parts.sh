# Estimates that pass what is resident leave nothing below zero, and the excess is said; exact is no sampling.
unslow run --no-agent --no-answer -q -o a.rec -- true
python3 "$CASES/../memory.py" a.rec /srv
python3 - <<'PY'
import sqlite3
db = sqlite3.connect("a.rec")
db.execute("UPDATE heap_process SET want = want | 2")
db.execute("UPDATE heap_second SET rss_bytes = 20 << 20, anonymous_bytes = 21 << 20, malloc_used_bytes = 1 << 20")
db.commit()
PY
unslow show memory -n 1 a.rec | head -n 11
unslow show memory --json a.rec > a.json
python3 -c '
import json
all = json.load(open("a.json"))["resident"]
print(all["parts"], all["beyond_bytes"])'
