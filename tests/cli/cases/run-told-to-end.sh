# On a busy machine the server may not listen yet when it is told to end: then once more, later.
for time in 400ms 2s 10s; do
	unslow run --for $time -- python3 -c 'import socket, time; s = socket.create_server(("127.0.0.1", 0)); time.sleep(30)' 2>&1 |
		grep '^unslow: nothing is' && break
done
