"""Places of a map: of all that a survey wrote down, one of each district is shown."""

from flask import Flask, jsonify

app = Flask(__name__)
DISTRICTS = 200


def survey():
    for number in range(200_000):
        yield number // 1000, f"{number:07d} {number * 7919 % 100_003} {number % 997}", (number % 1009, number % 977)


def read():
    rows = list(survey())
    shown = {}
    for district, name, place in rows:
        if district not in shown:
            shown[district] = (name, place)
    return shown


shown = read()


def near(district):
    return sorted(shown, key=lambda other: abs(other - district))[:5]


@app.get("/place/<int:district>")
def place(district):
    name, where = shown[district]
    return jsonify(name=name, where=where, near=near(district), of=DISTRICTS)
