"""The manifest of a lorry: its parcels, what each pays and what its label says."""

from functools import lru_cache

from flask import Flask, jsonify

app = Flask(__name__)
ZONES = ("inner", "outer", "north", "islands")
PARCELS = [(number, ZONES[number * 7 % 4], 250 * (1 + number * 5 % 3)) for number in range(90)]


@lru_cache(maxsize=1024)
def postage(zone, grams):
    """Of the thousand steps of the carrier's scale, the dearest that the parcel reaches."""
    cents, distance = 0, 3 + 2 * ZONES.index(zone)
    for step in range(700):
        reached = grams * distance - 7 * step
        if reached <= 0:
            break
        cents = max(cents, reached * distance % 977 + step // distance)
    return cents


def labels(parcels):
    """All of them, as the printer takes them."""
    lines = []
    for number, zone, grams in parcels:
        code = number * 97 % 89
        lines.append(f"{number:05d}-{code:02d} {zone[:2].upper()} {grams / 1000:.2f} kg")
    return lines


@app.get("/manifest")
def manifest():
    paid = [postage(zone, grams) for _, zone, grams in PARCELS]
    return jsonify(total=sum(paid), dearest=max(paid), labels=labels(PARCELS))
