unslow run --no-agent --no-answer -q -o a.rec -- true
python3 "$CASES/../samples.py" a.rec /srv
unslow show threads a.rec
unslow show threads --route /report --json a.rec | python3 -c 'import json, sys; print(len(json.load(sys.stdin)["rows"]))'
