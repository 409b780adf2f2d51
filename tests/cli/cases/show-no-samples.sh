# Why there are none, and the command that makes them.
unslow run --no-agent --no-answer -q -o a.rec -- true
unslow show flame a.rec
unslow show lines --json a.rec | grep note
python3 "$CASES/../samples.py" a.rec
unslow show funcs --thread nobody a.rec
unslow show threads --thread nobody a.rec
