"""Deliveries: a van tells where it is, and is told which stops are near."""

from collections import defaultdict, deque

from flask import Flask, jsonify

app = Flask(__name__)
STOPS = [{"number": number, "street": f"{number * 7 % 211} Mill Lane", "east": number * 37 % 1009} for number in range(300)]
journeys = defaultdict(lambda: deque(maxlen=8))
latest = deque(maxlen=300)


def near(east):
    stops = sorted(STOPS, key=lambda stop: abs(stop["east"] - east))
    return [stop["street"] for stop in stops[:4]]


def position(van, east):
    return {"van": van, "east": east / 7, "north": van % 983 / 7, "trail": [east / step for step in range(2, 92)]}


@app.get("/van/<int:van>")
def report(van):
    east = van * 131 % 1009
    here = position(van, east)
    journeys[van % 25].append(here)
    latest.append((van, here["east"]))
    return jsonify(van=van, stops=near(east), north=here["north"], seen=len(latest) > 0)
