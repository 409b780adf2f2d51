unslow run --no-agent --no-answer -q -o a.rec -- true
python3 "$CASES/../samples.py" a.rec /srv
unslow show flame a.rec
unslow show flame --all --clock cpu --thread MainThread a.rec | tail -n +5
