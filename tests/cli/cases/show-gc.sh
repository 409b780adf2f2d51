# Collections by generation and route, what is known of short ones alone, and the longest ones with their requests.
unslow run --no-agent --no-answer -q -o a.rec -- true
cp a.rec walked.rec
unslow show gc a.rec
python3 "$CASES/../gc_events.py" a.rec
python3 "$CASES/../gc_events.py" walked.rec walked
unslow show gc a.rec
unslow show gc walked.rec | sed '/^young, middle/,$d'
unslow show gc --slowest 3 a.rec | tail -n 4
unslow show gc --json -n 1 walked.rec | python3 -c '
import json, sys
view = json.load(sys.stdin)
print(view["view"], view["collected"], *view["collector"]["garbage"], *view["rows"])'
# What was not seen.
python3 -c '
import sqlite3
db = sqlite3.connect("a.rec")
db.execute("INSERT INTO process VALUES (8, 4122, 4120, 0, NULL, ?, ?, ?, 0, 0)", ("3.12.1", "off", "no room"))
db.execute("INSERT INTO loss VALUES (7, ?, 12)", ("ring_full",))
db.commit()'
unslow show gc a.rec | head -n 3
# None ran; the agent did not see them.
python3 -c '
import sqlite3
db = sqlite3.connect("walked.rec")
db.execute("DELETE FROM event")
db.execute("DELETE FROM usage_10s")
db.commit()'
unslow show gc walked.rec
python3 -c '
import sqlite3
db = sqlite3.connect("walked.rec")
db.execute("INSERT INTO fact VALUES (7, ?, ?)", ("agent.gc", "not visible: gc.callbacks cannot be extended"))
db.commit()'
unslow show gc walked.rec
unslow show sql --slowest 3 a.rec
