"""A journal, twenty entries to a page."""

import os

from flask import Flask, jsonify, request
from sqlalchemy import create_engine, text

app = Flask(__name__)
engine = create_engine(os.environ["WORLD_URL"])
PAGE = 20
ENTRIES = text("SELECT id, randomnumber FROM world ORDER BY id LIMIT :most OFFSET :skip")


def entries(page):
    with engine.connect() as connection:
        return connection.execute(ENTRIES, {"most": PAGE, "skip": page * PAGE}).all()


def balance(rows):
    running, found = 0, []
    for number, amount in rows:
        running += amount
        found.append({"entry": number, "amount": amount, "balance": running})
    return found


@app.get("/entries")
def listed():
    return jsonify(balance(entries(int(request.args.get("page", 0)))))
