"""A table of some hundred rows, as a page shows it."""

from flask import Flask, Response

app = Flask(__name__)
ROWS = [f'{{"at":{number * 60},"degrees":{number * 37 % 400 / 10},"station":"north-{number % 9}"}}' for number in range(700)]


@app.get("/table")
def table():
    return Response("[" + ",".join(ROWS) + "]", mimetype="application/json")
