# compare_to(…, 'lineno') of services that ran on: size, change and blocks by line; then two moments of one.
unslow run --no-agent --no-answer -q -o a.rec -- true
cp a.rec b.rec
python3 "$CASES/../memory.py" a.rec /srv
python3 "$CASES/../memory.py" b.rec /srv fixed
unslow diff a.rec b.rec --memory
unslow diff a.rec --memory --at 30s -n 1
unslow diff a.rec b.rec --memory --by file
