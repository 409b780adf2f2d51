"""One route a PostgreSQL driver; a pool of one connection a worker, so nothing is wrong."""

import os

from flask import Flask

app = Flask(__name__)
DSN = os.environ["WORLD_URL"].replace("+psycopg2", "")
connections = {}

QUERY = "SELECT randomnumber FROM world WHERE id = %s"


def connection_of(driver):
    if driver.__name__ not in connections:
        connections[driver.__name__] = driver.connect(DSN)
    return connections[driver.__name__]


@app.get("/<name>")
def query(name):
    driver = __import__({"psycopg2": "psycopg2", "psycopg": "psycopg"}[name])
    with connection_of(driver).cursor() as cursor:
        cursor.execute(QUERY, (7,))
        return str(cursor.fetchone()[0])
