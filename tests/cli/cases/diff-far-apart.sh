# One run each: what is beyond the noise that is assumed is called, and that it is one run is said.
python3 "$CASES/../diff_inputs.py" load 8 1 5 > a.json
python3 "$CASES/../diff_inputs.py" load 1 2 5 > b.json
sed 's/"all": 0/"all": 1000/' b.json > failing.json
unslow diff a.json b.json
unslow diff b.json failing.json --fail-on 'errors>+1%,p50>+5%' | tail -1
unslow diff a.json b.json --fail-on 'p50>+5%,errors>+1%' > text || echo 'p50 is better, yet crossed'
for name in a b; do unslow run --no-agent --no-answer -q -o $name.rec -- true; done
python3 "$CASES/../diff_inputs.py" recording a.rec 60
python3 "$CASES/../diff_inputs.py" recording b.rec 6 2
unslow diff a.rec b.rec | grep -A2 -e mean -e 'Where it'
