"""Transfers between accounts; what is done is noted in the journal."""

import logging
import os
import tempfile

from flask import Flask, jsonify

app = Flask(__name__)
journal = logging.getLogger("journal")
journal.setLevel(logging.INFO)
journal.propagate = False


class Journal(logging.FileHandler):
    def flush(self):
        super().flush()
        if self.stream is not None:
            os.fsync(self.stream.fileno())  # mark: a


folder = tempfile.TemporaryDirectory(dir="/var/tmp")
handler = Journal(os.path.join(folder.name, "journal.log"))
handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
journal.addHandler(handler)
accounts = {number: 100_000 for number in range(200)}


def checksum(values):
    total = 7
    for value in values:
        total = (total * 31 + value) % 1_000_003
    return total


@app.get("/transfer")
def transfer():
    journal.info("transfer from %d to %d", 3, 5)
    accounts[3] -= 1
    accounts[5] += 1
    return jsonify(ok=True, sum=checksum(accounts.values()) % 1)
