python3 "$CASES/../diff_inputs.py" load 1 1 2 > a.json
unslow diff --commands 'cat a.json' true
