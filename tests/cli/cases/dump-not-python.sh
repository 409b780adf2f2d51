sleep 60 &
until [ "$(basename "$(readlink /proc/$!/exe)")" = sleep ]; do :; done
unslow dump $! 2> err
status=$?
kill $!
sed "s/$!/PID/" err >&2
exit $status
