echo precious > a.rec
unslow run --no-agent -o a.rec -- echo not run
status=$?
cat a.rec
exit $status
