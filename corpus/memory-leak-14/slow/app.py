"""Orders of a warehouse: each step of one is noted, with its number."""

import logging

from flask import Flask, jsonify

app = Flask(__name__)
notes = logging.getLogger("orders")
notes.addHandler(logging.NullHandler())
notes.propagate = False
SHELVES = [(number * 7919 % 1013, number) for number in range(300)]


def noted_by(number):
    return logging.getLogger(f"orders.{number}.shelf")  # mark: a


def shelf(number):
    return min(SHELVES, key=lambda shelf: (shelf[0] * number) % 1009)[1]


@app.get("/order/<int:number>")
def order(number):
    note = noted_by(number)
    found = shelf(number)
    note.warning("in shelf %d", found)
    return jsonify(order=number, shelf=found)
