# yappi's figures and more: foo took 3.11 s, of which it ran 0.61; sleep, 3 calls, waited 2.50.
unslow run --no-agent --no-answer -q -o a.rec -- true
python3 "$CASES/../calls.py" a.rec /srv
unslow show funcs --all a.rec
unslow show funcs --app -n 2 --all a.rec | tail -n +11
unslow show funcs --sampled a.rec | sed 's/--.*//'
unslow show funcs --json --all a.rec > a.json
python3 - <<'PY'
import json
view = json.load(open("a.json"))
names = [column["name"] for column in view["columns"]]
assert len(set(names)) == len(names)
rows = {row[names.index("name")]: dict(zip(names, row)) for row in view["rows"]}
print(view["schema"], view["view"], view["note"], view["scope"], view["cost"])
print(view["counted"])
print(rows["foo"])
print(rows["Page.render"])
PY
