# A profile a thread, by the rules of its published schema, whatever the names are.
unslow run --no-agent --no-answer -q -o a.rec -- true
python3 "$CASES/../samples.py" a.rec /srv
unslow export speedscope --all a.rec -o a.json
python3 "$CASES/../speedscope.py" a.json
unslow run --no-agent --no-answer -q -o b.rec -- true
python3 "$CASES/../samples.py" b.rec /srv hostile
unslow export speedscope b.rec | tee b.json | wc -l
python3 "$CASES/../speedscope.py" b.json
