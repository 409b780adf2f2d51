"""Votes are written to a log, as every application does; the kernel keeps the lines for the disk."""

import logging
import os
import tempfile

from flask import Flask, jsonify

app = Flask(__name__)
folder = tempfile.TemporaryDirectory()
logging.basicConfig(filename=os.path.join(folder.name, "votes.log"), level=logging.INFO)
votes = dict.fromkeys(range(50), 0)


def ranking():
    return sorted(votes, key=lambda number: (-votes[number], number))[:10]


@app.get("/vote")
def vote():
    logging.getLogger("votes").info("vote for %d", 7)
    votes[7] += 1
    return jsonify(ranking=ranking())
