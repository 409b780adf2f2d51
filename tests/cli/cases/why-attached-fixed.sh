unslow run --no-agent --no-answer -q -o a.rec -- true
python3 "$CASES/../outside.py" a.rec fixed
unslow why a.rec
