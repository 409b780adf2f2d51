# Counting needs the agent, which only `run` can load so far.
sleep 30 &
unslow attach $! --calls 2>&1 | sed "s/$!/PID/"
unslow attach $! --agent 2>&1 | sed "s/$!/PID/"
# That it has none comes before what would not go with it.
unslow attach $! --calls -o a.rec 2>&1 | sed "s/$!/PID/"
unslow attach $! --calls --dry-run
echo $?
kill $!
# What would be ignored is refused, before a process is looked for.
unslow attach 999999999 --calls=off --lines app 2>&1
