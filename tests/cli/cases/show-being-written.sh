# A recording that is still being written is found by itself, read as far as it is, and said to be so; not when its run has ended.
unslow run --no-agent --no-answer -q -- sleep 60 &
run=$!
for _ in $(seq 200); do unslow why 2>&1 | grep -q 'being written' && break; sleep 0.05; done
unslow show config
unslow show config --json > /dev/null
unslow why | grep -o 'the recording is still being written, and nothing has ended in it yet'
kill -TERM $run
wait $run
unslow show config
unslow why | grep -c 'being written'
true
