# What cannot be known from outside is null, and no finding is more than likely.
unslow run --no-agent --no-answer -q -o a.rec -- true
python3 "$CASES/../outside.py" a.rec
unslow why --json a.rec | python3 -c 'import json, sys; d = json.load(sys.stdin); print(d["basis"], d["requests"], [(f["cause"], f["confidence"], f["saving"], f["where"][0]["line"]) for f in d["findings"]])'
