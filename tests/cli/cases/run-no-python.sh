unslow run --no-answer -o a.rec -- true
