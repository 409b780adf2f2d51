"""The app of system-matrix: a page that takes ten milliseconds of Python; with BESIDE a thread computes all the time."""

import os
import threading

from flask import Flask

app = Flask(__name__)
NAMES = [f"name {n * 7919 % 1013}" for n in range(6000)]


def totals():
    while True:
        sum(n * n for n in range(20000))


if os.environ.get("BESIDE"):
    threading.Thread(target=totals, daemon=True).start()


def row(name):
    words = name.split()
    return f"<li>{words[0].title()} {int(words[1]):05d} {hash(name) % 97}</li>"


@app.get("/list")
def names():
    rows = [row(name) for name in sorted(NAMES)]
    return f"<ul>{''.join(rows[:50])}</ul><p>{len(rows)} names</p>"
