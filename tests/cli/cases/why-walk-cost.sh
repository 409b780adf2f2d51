# What the forked copies that walked heaps used is part of what watching cost: 2 of 80 ms each, not those from outside.
unslow run --no-agent --no-answer -q -o a.rec -- true
python3 "$CASES/../walks.py" a.rec outside
python3 -c '
import sqlite3
db = sqlite3.connect("a.rec")
db.execute("UPDATE meta SET value = 0 WHERE key = \"probe_cpu_ns\"")
db.execute("UPDATE walk SET cpu_ns = 0 WHERE how = \"fork\" AND id > 2")
db.commit()'
unslow why --json a.rec | python3 -c '
import json, sys
answer = json.load(sys.stdin)
print(round(answer["probe"]["cpu_share"] * answer["window_s"] * 1e3), "ms")'
