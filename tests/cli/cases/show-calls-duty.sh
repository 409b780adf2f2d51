# What an event cost in the app itself, by requests with hooks and without: twice of what it did at start.
unslow run --no-agent --no-answer -q -o a.rec -- true
python3 "$CASES/../calls.py" a.rec /srv duty
unslow show funcs --app a.rec | grep -E 'cost|checked|render|without'
