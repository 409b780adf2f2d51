# What stays, what grows and when it is full; by line, traceback, route, file; then of one route after 40 s.
unslow run --no-agent --no-answer -q -o a.rec -- true
python3 "$CASES/../memory.py" a.rec /srv
unslow show memory a.rec
unslow show memory --sort made -n 2 a.rec | tail -n 3
unslow show memory --by traceback -n 2 a.rec | tail -n 3
unslow show memory --by route a.rec | tail -n 5
unslow show memory --by file --app a.rec | tail -n 3
unslow show flame --memory=live a.rec
unslow show memory --route /lookup --at 40s a.rec | tail -n 2
