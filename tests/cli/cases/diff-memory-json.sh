# The same for programs, as docs/memory-diff.schema.json says.
unslow run --no-agent --no-answer -q -o a.rec -- true
cp a.rec b.rec
python3 "$CASES/../memory.py" a.rec /srv
python3 "$CASES/../memory.py" b.rec /srv fixed
unslow diff a.rec b.rec --memory --json > diff.json
python3 - <<'P'
import json
import os
d = json.load(open("diff.json"))
schema = json.load(open(os.environ["CASES"] + "/../../../docs/memory-diff.schema.json"))
for given, wanted in ((d, schema["required"]), (d["lines"][0], schema["properties"]["lines"]["items"]["required"])):
    assert set(given) == set(wanted), (given, wanted)
print(d["schema"], d["a_bytes"], d["b_bytes"], d["error_bytes"])
for line in d["lines"]:
    print(line)
P
