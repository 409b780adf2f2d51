"""A board of players with their scores."""

import os
from zlib import adler32

import redis
from flask import Flask, jsonify, request

app = Flask(__name__)
cache = redis.Redis.from_url(os.environ["REDIS_URL"])
cache.mset({f"score:{number}": number * 37 % 1009 for number in range(400)})


def score(player):
    return int(cache.get(f"score:{player}"))  # mark: a


def colour(player):
    shade = 1
    for step in range(30):
        shade = adler32(b"%d-%d" % (player, step), shade)
    return f"#{shade & 0xffffff:06x}"


@app.get("/board")
def board():
    first = int(request.args.get("first", 20))
    players = range(first, first + 25)
    rows = [{"player": player, "score": score(player), "colour": colour(player)} for player in players]
    return jsonify(sorted(rows, key=lambda row: -row["score"]))
