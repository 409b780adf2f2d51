"""Figures of places from the census tables (Flask, psycopg2)."""
import os
import random

import psycopg2
from flask import Flask, g, jsonify
from psycopg2.pool import ThreadedConnectionPool

app = Flask(__name__)
TABLES = {f"B{n:05}": [f"B{n:05}{k:03}" for k in range(6)] for n in range(300)}
kept = {}


@app.before_request
def before():
    g.connection = psycopg2.connect(os.environ["WORLD_DSN"])  # mark: a


@app.teardown_request
def after(_):
    g.connection.close()


def columns(prefix):
    return sorted(name for table in TABLES.values() for name in table if name.startswith(prefix))


@app.get("/data")
def data():
    with g.connection.cursor() as cursor:
        cursor.execute("SELECT id, randomnumber FROM world WHERE id = %s", (random.randint(1, 9999),))
        place, value = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM world WHERE id BETWEEN %s AND %s", (place, place + 20))
        return jsonify(place=place, value=value, near=cursor.fetchone()[0], columns=columns("B0001"))
