sleep 60 &
until [ "$(basename "$(readlink /proc/$!/exe)")" = sleep ]; do :; done
unslow attach $! --dry-run > out
status=$?
kill $!
sed "s/$!/PID/g" out | sed "s/^ *PID/  PID/"
exit $status
