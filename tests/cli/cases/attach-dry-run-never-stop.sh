python3 -c 'import time; time.sleep(60)' &
until unslow attach $! --dry-run --never-stop --rate 20 -o a.rec > out && grep -q 'nothing$' out; do :; done
kill $!
sed -n '/^Stops/,/^$/p; /^Where/,/^$/p' out
test "$(ls -A)" = out
