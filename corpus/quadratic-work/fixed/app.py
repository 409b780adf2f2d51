"""Numbers that the first so many worlds have, each once, and how far apart they are."""

import os
import sqlite3

from flask import Flask, jsonify, request

app = Flask(__name__)
database = sqlite3.connect(os.environ["WORLD_PATH"], check_same_thread=False)


def once(rows):
    return list(dict.fromkeys(number for _, number in rows))


def spread(numbers):
    low, high = 10_001, 0
    for number in numbers:
        low = number if number < low else low
        high = number if number > high else high
    return high - low


@app.get("/numbers")
def numbers():
    rows = database.execute("SELECT id, randomnumber FROM world WHERE id <= ?", (int(request.args["to"]),)).fetchall()
    found = once(rows)
    return jsonify(count=len(found), spread=spread(found), first=found[:3])
