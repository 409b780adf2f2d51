"""What is left of an article, by a view that takes its time."""

import os
from contextlib import contextmanager

import psycopg2
from flask import Flask, jsonify
from gevent.socket import wait_read, wait_write
from psycopg2 import extensions



def wait(connection):
    while (state := connection.poll()) != extensions.POLL_OK:
        (wait_read if state == extensions.POLL_READ else wait_write)(connection.fileno())


extensions.set_wait_callback(wait)
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
        cursor.execute(LEFT, (number,))
        (left,) = cursor.fetchone()
    return jsonify(left=left, label=label(number))
