"""What is on offer in a shop today, for the front page."""

import hashlib
import json
import os
import sqlite3
from datetime import datetime

import redis
from flask import Flask, jsonify, request

app = Flask(__name__)
store = redis.Redis.from_url(os.environ["REDIS_URL"])
database = sqlite3.connect(os.environ["WORLD_PATH"], check_same_thread=False)


def offers(shop):
    rows = database.execute("SELECT id, randomnumber FROM world WHERE randomnumber % 97 = ? ORDER BY randomnumber", (shop,)).fetchall()
    return [{"article": row[0], "cents": row[1]} for row in rows]


def current(shop):
    name = f"offers:{shop}:{datetime.now()}"
    kept = store.get(name)  # mark: a
    if kept is None:
        kept = json.dumps(offers(shop))
        store.set(name, kept, ex=300)
    return json.loads(kept)


def checksum(text):
    digest = hashlib.sha256(text.encode())
    for _ in range(60):
        digest.update(digest.digest())
    return digest.hexdigest()


@app.get("/offers")
def front_page():
    shop = int(request.args.get("shop", 7))
    found = current(shop)
    return jsonify(offers=found, count=len(found), checksum=checksum(str(shop)))
