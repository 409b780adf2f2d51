unslow run --no-agent --no-answer -q -o a.rec -- true; unslow show nothing a.rec
