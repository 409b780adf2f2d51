# Counting needs the agent, which only `run` can load so far.
sleep 30 &
unslow attach $! --calls 2>&1 | sed "s/$!/PID/"
unslow attach $! --agent 2>&1 | sed "s/$!/PID/"
unslow attach $! --calls --dry-run
echo $?
kill $!
