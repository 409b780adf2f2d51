# The agent walks; not all the time; attach asks once, and for nothing else with it. From outside a Python is read.
unslow run --no-agent --walk -- true 2>&1
unslow run --no-agent --walk=off -q --no-answer -o a.rec -- true 2>&1
unslow run --walk=0.1 -- true 2>&1
unslow run --walk=soon -- true 2>&1
unslow attach 999999999 --walk --calls 2>&1
sleep 30 &
unslow attach $! --walk 2>&1 | sed "s/$!/PID/; s:runs /[^ ]*sleep,:runs sleep,:"
unslow attach $! --walk --calls 2>&1
unslow attach $! --walk --dry-run 2>&1
kill $!
