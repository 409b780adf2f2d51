unslow run --no-agent --no-answer -q -o a.rec -- true
unslow diff a.rec a.rec
