"""Rooms: one thread asks while others do, each from a pool with room for all."""

import os

from flask import Flask, jsonify
from psycopg_pool import ConnectionPool

app = Flask(__name__)
pool = ConnectionPool(os.environ["WORLD_DSN"], min_size=4, max_size=4, open=True)


@app.get("/room/<int:room>")
def show(room):
    with pool.connection() as connection:
        one = connection.execute("SELECT randomnumber FROM world WHERE id = %s", (room,)).fetchone()
        two = connection.execute("SELECT count(*) FROM world WHERE id < %s", (room * 40,)).fetchone()
    with pool.connection() as connection:
        again = connection.execute("SELECT randomnumber FROM world WHERE id = %s", (room + 1,)).fetchone()
    return jsonify(room=room, now=one[0], before=two[0], next=again[0])
