unslow run -- true 2> err
status=$?
ls
sed -E 's/unslow-true-[^ ]*\.rec/FILE.rec/' err | tail -n 1
exit $status
