"""Maps of a country: a sheet is drawn at one of the desks, and a small picture of it is kept for a while."""

from collections import deque
from concurrent.futures import ThreadPoolExecutor

from flask import Flask, jsonify

app = Flask(__name__)
desks = [ThreadPoolExecutor(1) for _ in range(1)]
small = deque(maxlen=60)
SCALES = [(number * 7919 % 1013, number) for number in range(200)]


def draw(sheet):
    strips = [bytes([sheet % 251, strip]) * 50_000 for strip in range(80)]
    small.append(strips[sheet % 80][:2000])
    return sum(strip[sheet % 2] for strip in strips)


def scale_of(sheet):
    return min(SCALES, key=lambda scale: (scale[0] * sheet) % 1009)[1]


@app.get("/sheet/<int:sheet>")
def sheet(sheet):
    ink = desks[sheet % len(desks)].submit(draw, sheet).result()
    return jsonify(sheet=sheet, ink=ink, scale=scale_of(sheet), kept=len(small) > 0)
