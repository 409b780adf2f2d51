for name in a b; do unslow run --no-agent --no-answer -q -o $name.rec -- true; done
python3 "$CASES/../diff_inputs.py" recording a.rec 6
python3 "$CASES/../diff_inputs.py" recording b.rec 8 2
unslow diff a.rec b.rec --json > diff.json
python3 - <<'P'
import json
import os
d = json.load(open("diff.json"))
schema = json.load(open(os.environ["CASES"] + "/../../../docs/diff.schema.json"))
required = schema["required"], schema["$defs"]["metric"]["required"], schema["properties"]["states"]["items"]["required"]
for given, wanted in zip((d, d["metrics"][0], d["states"][0]), required):
    assert set(given) == set(wanted), (given, wanted)
print(d["schema"], d["basis"], d["pairs"], d["unit"], d["a"], len(d["blocks"]), sorted(d["blocks"][0]["b"]))
print([m["name"] for m in d["metrics"]])
print(d["metrics"][0])
print([r["route"] for r in d["routes"]], [s["state"] for s in d["states"]], d["lines"])
P
