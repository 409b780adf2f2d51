unslow run --no-agent --no-answer -q -- sh -c 'kill -KILL $$'
