"""Taxes of a region, from a table that is worked out once."""

from functools import lru_cache

from flask import Flask, jsonify

app = Flask(__name__)


@lru_cache(maxsize=None)
def table():
    rows = {}
    for region in ("eu", "us", "in", "br"):
        for step in range(60_000):
            rows[region, step % 997] = (step * 7919) % 10_007
    return rows


def average(region):
    rates = [table()[region, step] for step in range(900)]
    return sum(rates) / len(rates)


@app.get("/taxes/<region>")
def taxes(region):
    return jsonify(region=region, average=round(average(region), 3))
