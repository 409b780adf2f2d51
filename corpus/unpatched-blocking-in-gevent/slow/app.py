"""What is left of an article, by a view that takes its time."""

import os
from contextlib import contextmanager

import psycopg2
from flask import Flask, jsonify

app = Flask(__name__)
idle = []

LEFT = "SELECT randomnumber FROM world, pg_sleep(0.02) WHERE id = %s"


@contextmanager
def lent():
    connection = idle.pop() if idle else psycopg2.connect(os.environ["WORLD_DSN"])
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        idle.append(connection)


def label(number):
    code = 0
    for letter in f"{number:012d}" * 25:
        code = (code * 33 + ord(letter)) % 65521
    return f"{code:04x}"


@app.get("/stock/<int:number>")
def stock(number):
    with lent() as cursor:
        cursor.execute(LEFT, (number,))  # mark: a
        (left,) = cursor.fetchone()
    return jsonify(left=left, label=label(number))
