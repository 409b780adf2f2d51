"""What it costs to send a parcel, by the tariff of its zone."""

import json
import tempfile
from pathlib import Path

from flask import Flask

app = Flask(__name__)
folder = tempfile.TemporaryDirectory()
TARIFF = Path(folder.name, "tariff.json")
TARIFF.write_text(json.dumps([
    {"name": f"zone {zone}", "days": [1, 2, 4], "steps": [{"grams": 50 * step, "cents": 90 + zone + 11 * step} for step in range(1, 101)]}
    for zone in range(40)]))


def tariff():
    with TARIFF.open(encoding="utf-8") as file:
        return json.load(file)  # mark: a


def check_digit(number):
    total = 0
    for place, figure in enumerate(str(number) * 40):
        total += int(figure) * (place % 7 + 1)
    return total % 11


@app.get("/parcel/<int:number>")
def parcel(number):
    zones = tariff()
    zone = zones[number % len(zones)]
    step = next(step for step in zone["steps"] if step["grams"] >= number)
    return {"zone": zone["name"], "cents": step["cents"], "check": check_digit(number)}
