"""Films: pictures of one are worked out, and a small one of them is kept for a while."""

from collections import deque

from flask import Flask, jsonify

app = Flask(__name__)
small = deque(maxlen=40)


def pictures(film):
    for number in range(40):
        yield bytes([film % 251, number % 251]) * 400_000


def lights(film):
    found, part = 0, b""
    for number, part in enumerate(pictures(film)):
        found += part[number % 2]
    return found, part[:3000]


def title(film):
    return max((f"film {number}" for number in range(film, film + 200)), key=len)


@app.get("/film/<int:film>")
def film(film):
    found, last = lights(film)
    small.append(last)
    return jsonify(film=film, lights=found, title=title(film), kept=len(small) > 0)
