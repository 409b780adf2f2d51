"""Photographs of a newspaper: each is looked at beside the requests, with tables at hand."""

import queue
import threading

from flask import Flask, jsonify

app = Flask(__name__)
table = threading.local()
bright = {}


class Desk:
    def __init__(self):
        self.jobs = queue.Queue()
        threading.Thread(target=self.work, daemon=True).start()

    def work(self):
        table.rows = [bytes([row, 64 - row]) * 512 for row in range(64)]
        while True:
            photograph = self.jobs.get()
            bright[photograph % 100] = sum(table.rows[photograph % 64]) // 1024


desks = [Desk() for _ in range(4)]


def desk(number):
    return desks[number % 4]


def grey(photograph):
    value = photograph
    for step in range(2000):
        value = (value * 75 + 74 + step) % 65537
    return value % 256


@app.get("/photograph/<int:number>")
def photograph(number):
    desk(number).jobs.put(number)
    return jsonify(photograph=number, grey=grey(number))
