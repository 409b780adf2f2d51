"""Streets of a town: the houses of one, each as a line of text; ten thousand lines are kept."""

import functools

from flask import Flask, jsonify

app = Flask(__name__)


@functools.lru_cache(maxsize=10_000)
def house(street, number):
    return f"house {number} of street {street:05d}, built in {1800 + (street * number) % 220}, {(street + number) % 9 + 1} floors, {(street * 31 + number) % 977} square metres"


@app.get("/street/<int:street>")
def show(street):
    houses = [house(street, number) for number in range(1, 25)]
    return jsonify(street=street, houses=houses[:6], longest=len(max(houses, key=len)))
