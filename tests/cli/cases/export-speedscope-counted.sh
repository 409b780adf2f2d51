# From counted calls where there are some; their own time, what counting cost is out of it.
unslow run --no-agent --no-answer -q -o a.rec -- true
python3 "$CASES/../calls.py" a.rec /srv
unslow export speedscope --all a.rec > a.json
python3 "$CASES/../speedscope.py" a.json
unslow export speedscope --all --thread pool_0 --clock cpu a.rec > a.json
python3 "$CASES/../speedscope.py" a.json
