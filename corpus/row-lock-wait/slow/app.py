"""Takes an order: a number for it, the slip, the answer."""

import os
import threading
from hashlib import sha256

import psycopg2
from flask import Flask, jsonify

app = Flask(__name__)
kept = threading.local()


def database():
    if not hasattr(kept, "connection"):
        kept.connection = psycopg2.connect(os.environ["WORLD_DSN"])
    return kept.connection


def slip(number):
    page = b"%d" % number
    for _ in range(400):
        page = sha256(page).digest()
    return page.hex()


@app.get("/order")
def order():
    connection = database()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE world SET randomnumber = randomnumber + 1 WHERE id = 1 RETURNING randomnumber")  # mark: a
        number, = cursor.fetchone()
        cursor.execute("SELECT count(*), pg_sleep(0.02) FROM world WHERE randomnumber < %s", (number % 900,))
        ahead, _ = cursor.fetchone()
    connection.commit()
    return jsonify(number=number, ahead=ahead, slip=slip(number))
