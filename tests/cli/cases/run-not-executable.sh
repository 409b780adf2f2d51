echo data > data
unslow run -- ./data
status=$?
rm data
ls
exit $status
