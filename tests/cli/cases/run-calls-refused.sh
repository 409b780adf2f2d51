# What cannot be counted is said before the command starts.
unslow run --calls --no-agent -- echo ran
unslow run --calls=@top0 -- echo ran
unslow run --calls=app,,views -- echo ran
unslow run --lines= -- echo ran
unslow run --calls=@top20 -- echo ran
unslow run --no-agent --no-answer -q -o a.rec -- true
unslow run --calls=@top20 -- echo ran
python3 "$CASES/../samples.py" a.rec /srv
unslow run --calls=/nowhere -- echo ran
unslow run "--calls=$(head -c 2000 /dev/zero | tr '\0' x)" -- echo ran
unslow run --calls --calls=app -- echo ran
