# A server of the tests that answers at once; it ends with its standard input.
mkfifo input
"$(dirname "$(readlink -f "$(command -v unslow)")")/../tests/unit/load-server" <input >port &
exec 3>input
while ! [ -s port ]; do sleep 0.02; done
unslow load -R 50 -n 100 "http://127.0.0.1:$(cat port)/hello"
exec 3>&-
wait
