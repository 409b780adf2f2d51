unslow run --no-agent --no-answer -q -o a.rec -- true
python3 "$CASES/../samples.py" a.rec /srv
unslow show funcs --json --state python a.rec > a.json
python3 - <<'PY'
import json
view = json.load(open("a.json"))
print(view["schema"], view["view"], view["note"], sorted(view))
names = [column["name"] for column in view["columns"]]
for row in view["rows"]:
    assert len(row) == len(names)
    print(dict(zip(names, row)))
print(view["engines"])
PY
