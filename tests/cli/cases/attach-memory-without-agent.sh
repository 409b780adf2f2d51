# Sampling needs the agent, which only `run` can load so far.
sleep 30 &
unslow attach $! --memory 2>&1 | sed "s/$!/PID/"
unslow attach $! --memory --dry-run
echo $?
kill $!
# What would be ignored is refused, before a process is looked for.
unslow attach 999999999 --memory -o a.rec 2>&1
unslow attach 999999999 --memory=off --for 3s 2>&1
unslow attach 999999999 --memory=off --calls 2>&1
unslow attach 999999999 --memory=1 2>&1
