sleep 60 &
unslow detach $! 2> out
status=$?
kill $!
sed -E "s/$!/PID/; s/; (these have: .*|no process has one)$/; WHO HAS ONE/" out
exit $status
