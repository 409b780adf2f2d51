unslow run --no-agent --no-answer -q -- sh -c 'exit 3'
