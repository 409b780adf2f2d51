"""A page of orders with the number of each's customer."""

import os
import sqlite3
from hashlib import blake2b

from flask import Flask, jsonify, request

app = Flask(__name__)
database = sqlite3.connect(os.environ["WORLD_PATH"], check_same_thread=False)


def seal(row):
    digest = blake2b(repr(row).encode(), digest_size=8)
    for _ in range(20):
        digest.update(digest.digest())
    return digest.hexdigest()


def orders(page):
    return database.execute("SELECT id, randomnumber FROM world WHERE id > ? ORDER BY id LIMIT 30",
                            (page * 30,)).fetchall()


@app.get("/orders")
def listed():
    rows = [{"order": number, "customer": customer}
            for number, customer in orders(int(request.args.get("page", 7)))]
    return jsonify(rows=rows, seal=seal(rows))
