"""A small graph for each request, with links in both directions; the collector takes it away now and then."""

from flask import Flask, jsonify

app = Flask(__name__)


class Stop:
    def __init__(self, number):
        self.number = number
        self.next = None
        self.before = None


def line(length):
    stops = [Stop(number) for number in range(length)]
    for before, after in zip(stops, stops[1:]):
        before.next, after.before = after, before
    return stops


@app.get("/graph")
def graph():
    stops = line(150)
    labels = [f"{stop.number:05d}-{stop.number * 7919 % 10007:05d}" for stop in stops for _ in range(25)]
    return jsonify(stops=len(stops), first=min(labels), many=len(set(labels)))
