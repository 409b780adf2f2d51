python3 -c 'import threading, time; time.sleep(60)' &
# It is in its last call when the kernel says so.
until unslow dump $! > out 2> /dev/null && grep -q 'sleeps' out && grep -q 'nothing was' out; do :; done
kill $!
sed "s/$!/PID/g" out
