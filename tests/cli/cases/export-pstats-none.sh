# Without counted calls, or where a filter leaves none, there is no file but a reason.
unslow run --no-agent --no-answer -q -o a.rec -- true
unslow export pstats a.rec
unslow export chrome a.rec
unslow export callgrind --state gil a.rec
python3 "$CASES/../calls.py" a.rec /srv
unslow export callgrind --thread nobody a.rec
