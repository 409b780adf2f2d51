# No secret of a command is shown or stored: as text, as JSON, where it fails, where --commands was forgotten.
cat > load.sh <<'M'
python3 "$CASES/../diff_inputs.py" load 1 1 2
M
a='TOKEN=SECRET sh load.sh --key SECRET # SECRET'
unslow diff --commands --blocks 1 "$a" "sh load.sh 'http://u:SECRET@h/?k=SECRET'" --json > diff.json
grep -c SECRET diff.json
python3 -c 'import json; d = json.load(open("diff.json")); print(d["a"]["name"], "|", d["b"]["name"])'
unslow diff --commands --blocks 1 "$a" "sh load.sh SECRET" | head -2
unslow diff --commands "$a" "sh load.sh SECRET; exit 3" 2>&1
unslow diff --commands "$a" "true SECRET" 2>&1
unslow diff "$a" "$a" 2>&1
