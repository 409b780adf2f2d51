# Two results of `unslow load --json`: one run each, by its seconds.
python3 "$CASES/../diff_inputs.py" load 1 > a.json
python3 "$CASES/../diff_inputs.py" load 1.1 2 > b.json
unslow diff a.json b.json
