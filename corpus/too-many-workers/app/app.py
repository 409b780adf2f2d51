"""Routes of a delivery van: the order in which its stops are visited."""

from flask import Flask, jsonify

app = Flask(__name__)
STOPS = [((n * 7919) % 1000, (n * 104729) % 1000) for n in range(60)]


def distance(a, b):
    return ((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2) ** 0.5


def nearest(here, left):
    return min(left, key=lambda stop: distance(here, stop))


@app.get("/tour/<int:first>")
def tour(first):
    left, way = list(STOPS), []
    here = left.pop(first % len(left))
    while left:
        here = nearest(here, left)
        left.remove(here)
        way.append(here)
    return jsonify(way=way, length=sum(distance(*pair) for pair in zip(way, way[1:])))
