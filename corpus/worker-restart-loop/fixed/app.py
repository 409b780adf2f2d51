"""Tickets of a theatre: a seat is booked, and the till prints when its printer answers."""

import os
import socket
import threading

from flask import Flask, jsonify

app = Flask(__name__)
SEATS = [f"{row}{number}" for row in "ABCDEFGH" for number in range(1, 21)]


def printer():
    """The till's printer: it takes a job, and now and then never says that it is done."""
    door = socket.create_server(("127.0.0.1", 0))

    def serve():
        kept = []
        while True:
            job, _ = door.accept()
            if int(job.recv(64).split()[-1]) % 40 == 39:
                kept.append(job)
            else:
                job.sendall(b"done")
                job.close()

    threading.Thread(target=serve, daemon=True).start()
    return door.getsockname()


PRINTER = printer()
count = iter(range(1 << 30))


def free(taken):
    return [seat for seat in SEATS if seat != taken][:20]


def ticket(seat):
    with socket.create_connection(PRINTER, timeout=0.3) as till:
        till.sendall(f"print {seat} {next(count)}".encode())
        try:
            return till.recv(64)
        except TimeoutError:
            return b"late"


@app.get("/book/<seat>")
def book(seat):
    done = ticket(seat)
    return jsonify(seat=seat, printed=done.decode(), left=free(seat), worker=os.getpid())
