# Of 100 calls of Page.render that can be compared, 0.25 had arguments that no other had before; of job's, none can be.
unslow run --no-agent --no-answer -q -o a.rec -- true
python3 "$CASES/../calls.py" a.rec /srv arguments
unslow show funcs --app --all a.rec
unslow show funcs --json --all a.rec > a.json
python3 - <<'PY'
import json
view = json.load(open("a.json"))
names = [column["name"] for column in view["columns"]]
rows = {row[names.index("name")]: dict(zip(names, row)) for row in view["rows"]}
print(view["arguments"])
for name in "Page.render", "job", "view":
    print(name, *(rows[name][key] for key in ("distinct", "comparable", "repeated")))
PY
