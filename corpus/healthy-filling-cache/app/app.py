"""A reader's page: what was read is kept for a minute, and each of forty readers comes now and then."""

import json
import os
import sqlite3

import redis
from flask import Flask, jsonify

app = Flask(__name__)
store = redis.Redis.from_url(os.environ["REDIS_URL"])
database = sqlite3.connect(os.environ["WORLD_PATH"], check_same_thread=False)


def read_by(reader):
    rows = database.execute("SELECT id, randomnumber FROM world WHERE id % 40 = ? LIMIT 10", (reader,)).fetchall()
    return [row[1] for row in rows]


@app.get("/reader/<int:reader>")
def page(reader):
    kept = store.get(f"reader:{reader}")
    if kept is None:
        kept = json.dumps(read_by(reader))
        store.set(f"reader:{reader}", kept, ex=60)
    return jsonify(reader=reader, read=json.loads(kept))
