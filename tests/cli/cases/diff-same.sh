python3 "$CASES/../diff_inputs.py" load 1 1 5 8 > a.json
python3 "$CASES/../diff_inputs.py" load 1 21 5 8 > b.json
unslow diff a.json b.json --fail-on 'p50>+5%,p99>+5%'
