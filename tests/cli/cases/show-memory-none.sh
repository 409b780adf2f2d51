# Nothing was sampled, or nothing of it is left: why, and what to type.
unslow run --no-agent --no-answer -q -o a.rec -- true
unslow show memory a.rec
python3 "$CASES/../memory.py" a.rec /srv
unslow show memory --at 1s a.rec
unslow show memory --route /none a.rec
unslow show memory --state lock a.rec
unslow show funcs --by file a.rec
unslow show memory --app --by traceback a.rec
