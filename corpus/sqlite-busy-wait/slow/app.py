"""Counts visits and says which pages are read most."""

import os
import sqlite3
import threading
from time import sleep

from flask import Flask, jsonify, request

app = Flask(__name__)
kept = threading.local()
first = sqlite3.connect(os.environ["WORLD_PATH"])
first.execute("CREATE TABLE IF NOT EXISTS visit (page INTEGER PRIMARY KEY, times INTEGER)")
first.commit()


def database():
    if not hasattr(kept, "connection"):
        kept.connection = sqlite3.connect(os.environ["WORLD_PATH"], timeout=20)
        kept.connection.execute("PRAGMA synchronous = OFF")
    return kept.connection


def country(page):
    sleep(0.02)
    return ("at", "be", "ch", "de")[page % 4]


@app.get("/visit")
def visit():
    page, connection = int(request.args.get("page", 3)), database()
    connection.execute("INSERT INTO visit VALUES (?, 1) ON CONFLICT (page) DO UPDATE SET times = times + 1", (page,))  # mark: a
    origin = country(page)
    connection.commit()
    best = connection.execute("SELECT page FROM visit ORDER BY times DESC LIMIT 3").fetchall()
    return jsonify(page=page, origin=origin, best=best)
