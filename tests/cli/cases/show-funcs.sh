# Functions by own time. render calls itself: its total counts once.
unslow run --no-agent --no-answer -q -o a.rec -- true
python3 "$CASES/../samples.py" a.rec /srv
unslow show funcs a.rec
