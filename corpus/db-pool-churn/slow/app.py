"""Free seats of a train."""

import os

from flask import Flask, jsonify, request
from psycopg2.pool import ThreadedConnectionPool

app = Flask(__name__)
pool = ThreadedConnectionPool(1, 8, os.environ["WORLD_DSN"])


def rows(first):
    connection = pool.getconn()  # mark: a
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT id, randomnumber FROM world WHERE id BETWEEN %s AND %s",
                           (first, first + 59))
            found = cursor.fetchall()
            cursor.execute("SELECT pg_sleep(0.008)")
            return found
    finally:
        connection.rollback()
        pool.putconn(connection)


def plan(seats):
    cars = {}
    for number, taken in seats:
        cars.setdefault(number % 6, []).append("x" if taken % 3 else ".")
    return {car: "".join(row) for car, row in cars.items()}


@app.get("/seats")
def seats():
    return jsonify(plan(rows(int(request.args.get("train", 300)))))
