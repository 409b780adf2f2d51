unslow time -d 4s --gc --json --setup-of 'B=x = "ä"' 'len("")' 'sum(range(2000))' 'x = 1' |
	python3 -c '
import json, sys
got = json.load(sys.stdin)
a, b, c = got.pop("snippets")
print(got["schema"], got["collector"], got["interrupted"], *sorted(got))
print(a["name"], a["code"], repr(a["setup"]), a["against_a"])
print(b["name"], b["code"], b["setup"], *(b["against_a"][key]["verdict"] for key in ("wall", "cpu")),
      " times A (" in b["against_a"]["wall"]["text"])
print(*sorted(c), len(c["processes_ns"]) == got["processes"], c["loops"] > b["loops"])'
