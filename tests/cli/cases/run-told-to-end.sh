unslow run --for 400ms -- python3 -c 'import socket, time; s = socket.create_server(("127.0.0.1", 0)); time.sleep(30)' 2>&1 | grep '^unslow: nothing is'
