"""The readings of a station, with what is known of each."""

import json
import os

from flask import Flask, Response
from sqlalchemy import create_engine, text

app = Flask(__name__)
engine = create_engine(os.environ["WORLD_URL"], pool_size=8)
ALL = text("SELECT randomnumber FROM world WHERE id > :first ORDER BY id LIMIT 24")


def readings(station):
    with engine.connect() as connection:
        return list(connection.execute(ALL, {"first": station * 24}).scalars())


def smooth(values):
    level = 0.0
    for step in range(12):
        for value in values:
            level += (value - level) / (8 + step)
    return round(level, 2)


def described(values):
    return [{"value": value, "unit": "K", "checks": [{"name": f"check-{n}", "passed": value % (n + 2) > 0,
             "limits": [value - n, value + n]} for n in range(24)]} for value in values]


@app.get("/readings/<int:station>")
def shown(station):
    values = readings(station)
    body = {"station": station, "level": smooth(values), "values": described(values)}
    return Response(json.dumps(body), mimetype="application/json")
