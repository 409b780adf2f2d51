"""A report of one query over many rows, and a few small ones that belong to it."""

import os
import sqlite3

from flask import Flask, jsonify

app = Flask(__name__)
database = sqlite3.connect(os.environ["WORLD_PATH"], check_same_thread=False)


def bucket(low, high):
    return database.execute("SELECT count(*), avg(randomnumber) FROM world WHERE id BETWEEN ? AND ?",
                            (low, high)).fetchone()


@app.get("/report")
def report():
    rows = database.execute("SELECT id, randomnumber FROM world WHERE randomnumber < 900").fetchall()
    quarters = [bucket(low, low + 2499) for low in (1, 2501, 5001, 7501)]
    return jsonify(rows=len(rows), highest=max(number for _, number in rows), quarters=quarters)
