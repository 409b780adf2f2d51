"""A shelf of thirty articles, read in one go, and a few counters of their own."""

import os

import redis
from flask import Flask, jsonify

app = Flask(__name__)
cache = redis.Redis.from_url(os.environ["REDIS_URL"])
cache.mset({f"article:{number}": number * 3 for number in range(100)})


@app.get("/shelf")
def shelf():
    with cache.pipeline(transaction=False) as pipe:
        for number in range(30):
            pipe.get(f"article:{number}")
        values = [int(value) for value in pipe.execute()]
    cache.incr("seen")
    return jsonify(values=values, sum=sum(values), seen=int(cache.get("seen")))
