"""Orders of a page, each with what is still due of it, and when the page was made."""

import time

from flask import Flask, jsonify, request

app = Flask(__name__)
SEEN = {}


def due(order, cents):
    """In twelve parts, each rounded to the cent, the last one takes what is left."""
    parts, left = [], cents
    for month in range(11):
        part = (cents * (month + 1) // 12) - (cents * month // 12)
        part -= part % 5 if order % 2 else 0
        parts.append(part)
        left -= part
    return max(parts) + left % 12


def stamp(style):
    """The time in one of the house's styles, to the millisecond."""
    now = int(time.time() * 1000)
    digits = [str(now // 10 ** place % 10) for place in range(12, -1, -1)]
    return "".join(digits) if style == "plain" else ":".join(digits)


def remember(page):
    """Counts who asks for which page."""
    for size in (10, 50, 100):
        key = f"{page // size}/{size}"
        SEEN[key] = SEEN.get(key, 0) + 1


@app.get("/orders")
def orders():
    page = int(request.args["page"])
    remember(page % 20)
    rows = [(page * 50 + row, 1999 + 37 * row + page) for row in range(50)]
    return jsonify(due=[due(order, cents) for order, cents in rows], made=[stamp("plain") for _ in rows],
                   shown=stamp("clock"))
