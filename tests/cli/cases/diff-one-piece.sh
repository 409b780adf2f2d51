# Without seconds there is nothing to compare the difference with, and that is said.
python3 "$CASES/../diff_inputs.py" load 1 1 5 > a.json
python3 "$CASES/../diff_inputs.py" load 1.5 2 5 > b.json
unslow diff a.json b.json --fail-on 'p90>+10%'
