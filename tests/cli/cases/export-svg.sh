# One file that loads nothing; its script zooms and searches.
unslow run --no-agent --no-answer -q -o a.rec -- true
python3 "$CASES/../samples.py" a.rec /srv
unslow export svg a.rec -o a.svg
stat -c %a a.svg
grep -c "http" a.svg
node "$CASES/../flame_dom.js" a.svg
grep -c "width: share of [0-9,.]* m\?s of wall time in units of work, waiting is in it" a.svg
grep -o '">the [a-z ]*<\|">libraries<' a.svg
