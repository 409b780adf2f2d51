# A terminal of 40 columns: nothing but the plainest lines is wider.
unslow run --no-agent --no-answer -q -o a.rec -- true
python3 "$CASES/../samples.py" a.rec /srv
script -qec "stty cols 40; unslow why a.rec" /dev/null | tr -d '\r' | sed 's|cost: [0-9.]* %|cost: N %|'
