"""Orders; a clerk for each shop tells it what was ordered, in the background."""

import queue
import threading

from flask import Flask, jsonify

app = Flask(__name__)


class Clerk:
    def __init__(self, shop):
        self.shop = shop
        self.orders = queue.Queue()
        self.told = 0
        threading.Thread(target=self.work, daemon=True).start()  # mark: a

    def work(self):
        while (order := self.orders.get()) is not None:
            self.told += order


def clerk(shop):
    return Clerk(shop)


def digest(number):
    value = number
    for step in range(3000):
        value = (value * 75 + 74 + step) % 65537
    return value


@app.get("/order/<int:number>")
def order(number):
    told = clerk(number % 5)
    told.orders.put(number)
    return jsonify(number=number, digest=digest(number))
