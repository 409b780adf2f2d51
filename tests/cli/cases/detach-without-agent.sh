sleep 60 &
unslow detach $! 2> out
status=$?
kill $!
sed "s/$!/PID/" out
exit $status
