"""Parcels on their way: each step of one is told to whoever wants to know."""

from blinker import Signal
from flask import Flask, jsonify

app = Flask(__name__)
moved = Signal()
steps = Signal()
DEPOTS = [f"depot {number}" for number in range(80)]


class Parcel:
    def __init__(self, number):
        self.number = number
        self.way = []
        self.plan = [f"{number:07d} {hour:02d}:00 {DEPOTS[(number + hour * 7) % 80]}" for hour in range(120)]  # mark: a

    def move(self, depot):
        self.way.append(depot)
        moved.send(self, depot=depot)


@steps.connect
def count(sender, **kept):
    return len(kept)


def follow(parcel):
    told = []

    def note(sender, depot):
        told.append(f"{parcel.number} is in {depot}")

    moved.connect(note, sender=parcel, weak=False)
    for hour in range(3):
        parcel.move(DEPOTS[(parcel.number + hour * 7) % 80])
        steps.send(app, hour=hour)
    return told


@app.get("/parcel/<int:number>")
def parcel(number):
    told = follow(Parcel(number))
    return jsonify(parcel=number, told=told)
