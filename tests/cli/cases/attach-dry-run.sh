python3 -c 'import time; time.sleep(60)' &
# It is a Python when its layout can be read. What was read before that may be the words of a program that found it (a shim).
until unslow attach $! --dry-run > out && grep -q 'nothing$' out; do :; done
unslow attach $! --dry-run > out
kill $!
sed "s/$!/PID/g" out
test "$(ls -A)" = out
