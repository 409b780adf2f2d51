echo precious > a.rec
python3 -c 'import time; time.sleep(60)' &
until unslow attach $! --dry-run | grep -q 'nothing$'; do :; done
unslow attach $! --dry-run -o a.rec > out
status=$?
kill $!
sed -n "/^In the way/,\$p" out
cat a.rec
exit $status
