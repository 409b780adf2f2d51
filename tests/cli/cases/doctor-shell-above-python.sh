sh -c 'python3 -c "import time; time.sleep(60)" & echo $! > python; wait' &
until [ -s python ] && [ "$(unslow doctor "$(cat python)" | grep -c '^ok .* layout')" = 1 ]; do :; done
unslow doctor $! > out
status=$?
kill "$(cat python)"
sed "s/\b$!\b/PID/g; s/\b$(cat python)\b/BELOW/g" out | head -2
tail -2 out
exit $status
