unslow run --no-agent --no-answer -q -o a.rec -- true
python3 -c 'import sqlite3; sqlite3.connect("a.rec").execute("pragma user_version = 99")'
unslow why a.rec
