"""Shelves of a warehouse: what lies there is asked of the warehouse's own service, over one connection that is kept."""

import json
import os
import socket
from urllib.parse import urlsplit

from flask import Flask, jsonify

app = Flask(__name__)
STORE = urlsplit(os.environ["UPSTREAM_URL"])
HEAD = "POST /1 HTTP/1.1\r\nHost: store\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
SIZES = [round(2 + number * 0.37, 2) for number in range(500)]


class Store:
    def __init__(self):
        self.line = None

    def ask(self, question):
        if self.line is None:
            self.line = socket.create_connection((STORE.hostname, STORE.port))
            self.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.answers = self.line.makefile("rb")
        body = json.dumps(question).encode()
        self.line.sendall((HEAD % len(body)).encode())
        self.line.sendall(body)
        length = 0
        while (row := self.answers.readline()) not in (b"\r\n", b""):
            name, _, value = row.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        return json.loads(self.answers.read(length))


store = Store()


def volume(values):
    middle = sum(values) / len(values)
    return sum((value - middle) ** 2 for value in values) / len(values)


@app.get("/shelf/<int:shelf>")
def shelf(shelf):
    found = store.ask({"shelf": shelf, "parts": [shelf + step for step in range(6)]})
    return jsonify(shelf=shelf, left=found["stock"], volume=volume(SIZES))
