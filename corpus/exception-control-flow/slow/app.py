"""Means of a weather station's columns; sensors that were off left a dash."""

from flask import Flask, jsonify

app = Flask(__name__)
SENSORS = ["wind", "gust", "rain", "soil", "snow", "uv"]
sheet = "\n".join(
    ";".join(f"{(row * 7 + place * 13) % 400 / 10:.1f}" if (row + place) % 5 < 2 else "-" for place in range(6))
    for row in range(700))


def reading(text):
    try:
        return float(text)
    except ValueError:  # mark: a
        return None


def mean(values):
    known = [value for value in values if value is not None]
    return round(sum(known) / len(known), 2) if known else None


def digest(text):
    total = 7
    for letter in text[:3000]:
        try:
            total = (total * 31 + ord(letter)) % 1_000_003
        except TypeError:
            total = 7
    return total


@app.get("/means")
def means():
    rows = [[reading(field) for field in line.split(";")] for line in sheet.splitlines()]
    columns = {name: mean(column) for name, column in zip(SENSORS, zip(*rows))}
    return jsonify(columns=columns, digest=digest(sheet))
