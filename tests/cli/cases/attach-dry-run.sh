python3 -c 'import time; time.sleep(60)' &
# It is a Python when its layout can be read.
until unslow attach $! --dry-run > out && grep -q 'nothing$' out; do :; done
kill $!
sed "s/$!/PID/g" out
test "$(ls -A)" = out
