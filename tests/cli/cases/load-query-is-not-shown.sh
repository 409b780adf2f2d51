# A server of the tests that answers at once; it ends with its standard input.
mkfifo input
"$(dirname "$(readlink -f "$(command -v unslow)")")/../tests/unit/load-server" <input >port &
exec 3>input
while ! [ -s port ]; do sleep 0.02; done
unslow load -n 1 -o result.json "http://127.0.0.1:$(cat port)/?api_key=planted" > out 2>&1
exec 3>&-
wait
grep -c planted out result.json
grep -o '[?][*]*' result.json
