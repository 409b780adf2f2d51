for name in a b; do unslow run --no-agent --no-answer -q -o $name.rec -- true; done
python3 "$CASES/../diff_inputs.py" recording a.rec 6
python3 "$CASES/../diff_inputs.py" recording b.rec 8 2
unslow diff a.rec b.rec
