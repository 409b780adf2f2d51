"""Workloads of bench/memory: one turn each, name → function.

`alloc` is the worst case: small objects by the thousand, made and dropped, and nothing else. `leak`
keeps 200 bytes a turn; it is no workload of the table, but what a report is asked about.
"""

import json

KEPT = []


class Order:
    def __init__(self, number):
        self.number, self.lines, self.total = number, [], 0.0

    def add(self, name, price):
        self.lines.append((name, price))
        self.total += price


def alloc():
    orders = []
    for number in range(400):
        order = Order(number)
        for line in range(6):
            order.add(f"article {line}", line * 1.25)
        orders.append(order)
    return sum(order.total for order in orders)


def joined():
    """Large blocks: what pages touched for the first time cost is most of it."""
    parts = [bytes(2048) for _ in range(200)]
    whole = b"".join(parts)
    return len(whole + whole)


def rows():
    return [{"id": number, "name": f"customer {number}", "city": "Lisbon", "tags": ["a", "b", str(number)]}
            for number in range(150)]


def text():
    return len(json.loads(json.dumps(rows())))


def make_flask():
    from flask import Flask, jsonify

    app = Flask(__name__)

    @app.get("/rows")
    def page():
        return jsonify(rows())

    client = app.test_client()

    def ask():
        answer = client.get("/rows")
        assert answer.status_code == 200
        return len(answer.data)
    return ask


def leak():
    KEPT.append(bytes(167))
    return text()


class Lazy:
    """Made at the first turn, so that no tool has it in its start-up."""

    def __init__(self, make):
        self.make, self.turn = make, None

    def __call__(self):
        self.turn = self.turn or self.make()
        return self.turn()


WORKLOADS = {"alloc": alloc, "bytes": joined, "json": text, "flask": Lazy(make_flask), "leak": leak}
