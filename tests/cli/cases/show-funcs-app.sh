# What a library does is own time of the application's frame that called it.
unslow run --no-agent --no-answer -q -o a.rec -- true
python3 "$CASES/../samples.py" a.rec /srv
unslow show funcs --app --all --clock wall a.rec
