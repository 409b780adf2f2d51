"""Two leaks: a connection that stays open when the query raises, and a file nobody closes."""

import os
import sqlite3

from flask import Flask

app = Flask(__name__)
kept = []


@app.get("/connection")
def connection():
    opened = sqlite3.connect(os.environ["LEAK_DB"])  # CAUSE: db-connection-leak
    kept.append(opened)  # a registry, a cache, a traceback: something holds on to it
    opened.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return "leaked"


@app.get("/file")
def file():
    kept.append(open(__file__))  # CAUSE: fd-leak
    return "leaked"
