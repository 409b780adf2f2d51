# The same for programs.
unslow run --no-agent --no-answer -q -o a.rec -- true
python3 "$CASES/../memory.py" a.rec /srv
unslow show memory --json --sort growth a.rec > a.json
python3 - <<'PY'
import json
view = json.load(open("a.json"))
names = [column["name"] for column in view["columns"]]
assert len(set(names)) == len(names), names
rows = [dict(zip(names, row)) for row in view["rows"]]
print(view["schema"], view["view"], view["note"])
print(view["resident"])
print(view["growth"])
print(view["sampling"])
for row in rows[:2]:
    print(row)
PY
