"""Books a journey: its legs and its seats in one transaction, then looks at it."""

import os
import sqlite3

from flask import Flask, jsonify, request

app = Flask(__name__)
database = sqlite3.connect(os.environ["WORLD_PATH"], check_same_thread=False)
database.execute("PRAGMA synchronous = OFF")
database.execute("CREATE TABLE IF NOT EXISTS leg (journey INTEGER, part INTEGER, seat INTEGER)")


@app.get("/book")
def book():
    journey = int(request.args.get("journey", 5))
    with database:
        for part in range(12):
            database.execute("INSERT INTO leg VALUES (?, ?, ?)", (journey, part, part * 7 % 31))
    with database:
        database.execute("DELETE FROM leg WHERE journey = ? AND seat = 0", (journey,))
    seats = database.execute("SELECT count(*) FROM leg WHERE journey = ?", (journey,)).fetchone()
    return jsonify(journey=journey, seats=seats[0])
