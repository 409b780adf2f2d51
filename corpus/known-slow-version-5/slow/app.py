"""Parcels: where a parcel is, by a book of scans that another program appends to."""
import json
import random
import tempfile

from flask import Flask, jsonify
from retrying import retry

app = Flask(__name__)
BOOK = tempfile.NamedTemporaryFile("w+", suffix=".jsonl")
PLACES = ["depot", "van", "hub", "door"]
OFFSETS = []
for number in range(400):
    OFFSETS.append(BOOK.tell())
    BOOK.write(json.dumps({"parcel": number, "scans": random.Random(number).choices(PLACES, k=6)}) + "\n")
BOOK.flush()


@retry(stop_max_attempt_number=3)
def scans(number):
    with open(BOOK.name) as book:
        book.seek(OFFSETS[number])
        return json.loads(book.readline())["scans"]


@app.get("/parcels")
def parcels():
    found = {}
    for number in random.sample(range(len(OFFSETS)), 8):
        found[number] = scans(number)[-1]  # mark: a
    return jsonify(found)
