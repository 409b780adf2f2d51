mkfifo input
"$(dirname "$(readlink -f "$(command -v unslow)")")/../tests/unit/load-server" --manner error <input >port &
exec 3>input
while ! [ -s port ]; do sleep 0.02; done
unslow load --closed -c 2 -n 100 --fail-on 'errors>1%' ":$(cat port)"
status=$?
exec 3>&-
wait
exit $status
