"""Readings of meters, as text: what cannot be read is put aside, with the reason."""

from flask import Flask, jsonify

app = Flask(__name__)
TOWNS = [f"town {number}" for number in range(150)]
rejected = []


def readings(number):
    lines = [f"{number:07d};{hour:03d};{(number * hour) % 9973:05d};{TOWNS[(number + hour) % 150]}" for hour in range(300)]  # mark: a
    total = 0
    for line in lines:
        meter, hour, value, town = line.split(";")
        total += int(value)
        if hour == "290":
            raise ValueError(f"{meter} has no reading of hour {hour}")
    return total


def nearest(number):
    return sorted(TOWNS, key=lambda town: ord(town[-1]) * number % 1009)[:3]


@app.get("/import/<int:number>")
def take(number):
    try:
        return jsonify(total=readings(number))
    except ValueError as error:
        rejected.append(error)
        return jsonify(error=str(error), towns=len(nearest(number)))
