# A port that was typed as a process, or with its machine: how it is written.
unslow dump localhost:8000
unslow dump http://127.0.0.1:8000/
unslow attach 127.0.0.1:8000
# nobody has that id, somebody listens there
python3 - <<'P'
import os, socket, subprocess
listener = socket.socket()
for _ in range(200):
    listener.bind(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    if not os.path.exists(f"/proc/{port}"):
        break
    listener.close()
    listener = socket.socket()
listener.listen()
said = subprocess.run(["unslow", "dump", str(port)], stderr=subprocess.PIPE, text=True)
print(said.returncode, said.stderr.replace(str(port), "N"), end="")
P
