"""Readings of a station: a year of them as a table, packed for the way, and where the highest one stands."""

import zlib

from flask import Flask, Response

app = Flask(__name__)
DAYS = [(day * 7919 % 1013, day * 104729 % 997) for day in range(365)]
seen = {}


def table(station):
    for low, high in DAYS:
        yield b"%06d;%04d;%04d;%04d\n" % (station, low, high, station % 7) * 1_500  # mark: a


def packed(days):
    packer = zlib.compressobj(1, wbits=31)
    for day in days:
        yield packer.compress(day)
    yield packer.flush()


def highest(station):
    return max(range(len(DAYS)), key=lambda day: (DAYS[day][1] * station) % 991)


@app.get("/readings/<int:station>")
def readings(station):
    seen[station % 50] = highest(station)
    return Response(packed(list(table(station))), headers={"Content-Encoding": "gzip", "X-Highest": str(seen[station % 50])})
