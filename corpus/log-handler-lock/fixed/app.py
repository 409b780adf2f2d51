"""Readings of a plant's meters; each set that comes in is kept in the journal, packed."""

import atexit
import bz2
import json
import logging
import logging.handlers
import os
import queue
import tempfile
import threading

from flask import Flask, jsonify

app = Flask(__name__)
journal = logging.getLogger("journal")
journal.setLevel(logging.INFO)
journal.propagate = False
folder = tempfile.TemporaryDirectory()
turn = threading.Lock()
seen = {"sets": 0}


class Packed(logging.Handler):
    """Each record is a block of its own in one file."""

    def __init__(self, path):
        super().__init__()
        self.file = open(path, "wb", buffering=0)

    def emit(self, record):
        self.file.write(bz2.compress(self.format(record).encode()))


records = queue.SimpleQueue()
journal.addHandler(logging.handlers.QueueHandler(records))
listener = logging.handlers.QueueListener(records, Packed(os.path.join(folder.name, "journal.bz2")))
listener.start()
atexit.register(folder.cleanup)
readings = json.dumps([{"meter": n, "value": n * n % 7919, "state": "ok"} for n in range(1500)])


def checksum(text):
    total = 7
    for letter in text[:4000]:
        total = (total * 31 + ord(letter)) % 1_000_003
    return total


def count():
    with turn:
        seen["sets"] += 1
        return seen["sets"]


@app.get("/readings")
def take():
    number = count()
    journal.info("%d %s", number % 1, readings)
    return jsonify(ok=True, sum=checksum(readings))
