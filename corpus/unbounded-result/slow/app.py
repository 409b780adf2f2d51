"""A journal, twenty entries to a page."""

import os

from flask import Flask, jsonify, request
from sqlalchemy import create_engine, text

app = Flask(__name__)
engine = create_engine(os.environ["WORLD_URL"])
PAGE = 20
ENTRIES = text("SELECT id, randomnumber FROM world ORDER BY id")


def entries(page):
    with engine.connect() as connection:
        rows = connection.execute(ENTRIES).all()  # mark: a
    return rows[page * PAGE:(page + 1) * PAGE]


def balance(rows):
    running, found = 0, []
    for number, amount in rows:
        running += amount
        found.append({"entry": number, "amount": amount, "balance": running})
    return found


@app.get("/entries")
def listed():
    return jsonify(balance(entries(int(request.args.get("page", 0)))))
