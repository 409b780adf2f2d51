"""All measurements of a station; the page that asks shows twenty of them."""

from flask import Flask, Response

app = Flask(__name__)
ROWS = [f'{{"at":{number * 60},"degrees":{number * 37 % 400 / 10},"station":"north-{number % 9}"}}' for number in range(60_000)]


def extremes(rows):
    return len(rows), rows[0], rows[-1]


@app.get("/export")
def export():
    extremes(ROWS)
    return Response("[" + ",".join(ROWS[:20]) + "]", mimetype="application/json")
