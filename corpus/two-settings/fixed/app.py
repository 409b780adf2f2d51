"""A shop's settings: those of all shops, its own, and how often each of its features was used."""

import os

import redis
from flask import Flask, jsonify

app = Flask(__name__)
store = redis.Redis.from_url(os.environ["REDIS_URL"])
FEATURES = [f"feature-{number}" for number in range(20)]
COMMON = {
    "limits": {f"limit-{n}": {"soft": n * 10, "hard": n * 20, "unit": "a day"} for n in range(500)},
    "texts": {language: [f"{language}: text {n}" for n in range(120)] for language in ("de", "en", "fr", "it")},
    "flags": [{"name": f"flag-{n}", "on": n % 3 == 0, "for": ["staff", "testers"]} for n in range(500)],
}
store.mset({f"used:{feature}": number * 41 % 97 for number, feature in enumerate(FEATURES)})


def settings(shop):
    return {**COMMON, "shop": shop}


def used(features):
    return [int(count or 0) for count in store.mget([f"used:{feature}" for feature in features])]


def version(found):
    value = 0
    for name, limit in found["limits"].items():
        value = (value * 31 + len(name) + limit["hard"]) % 1_000_003
    return value


@app.get("/settings/<shop>")
def shown(shop):
    found = settings(shop)
    return jsonify(shop=found["shop"], limits=len(found["limits"]), version=version(found),
                   used=dict(zip(FEATURES, used(FEATURES))))
