"""Flask: one page computes in Python, another one sleeps meanwhile."""

import time

from flask import Flask

app = Flask(__name__)


def compute():
    total = 0
    for number in range(60_000):
        total += number * number % 7  # CAUSE: hot-python-loop
    return total


@app.get("/hot")
def hot():
    return str(compute())


@app.get("/nap")
def nap():
    time.sleep(0.005)
    return "slept"
