unslow run --no-agent --no-answer -q -- true
