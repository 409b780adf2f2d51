"""A plain script for test_dump.py: a thread in each kind of wait, one that runs."""
import os
import socket
import subprocess
import threading
import time


def recv():
    near.recv(1)  # LINE recv


def sleep():
    time.sleep(1000)  # LINE sleep


def lock():
    held.acquire()  # LINE lock


def child():
    subprocess.call(["sleep", "1000"])  # LINE child


def read():
    os.read(pipe, 1)  # LINE read


def spin():
    number = 0
    while True:
        number += 1  # LINE spin


listener = socket.create_server(("127.0.0.1", 0))
near = socket.create_connection(listener.getsockname())
far = listener.accept()[0]
pipe, pipe_end = os.pipe()
held = threading.Lock()
held.acquire()
for work in recv, sleep, lock, child, read:
    threading.Thread(target=work, name="in " + work.__name__, daemon=True).start()
for number in range(2):
    threading.Thread(target=spin, name="spin %d" % number, daemon=True).start()
print(listener.getsockname()[1], flush=True)
time.sleep(1000)  # LINE main
