"""A healthy Flask app with SQLite, and routes that plant secrets."""

import os
import sqlite3

from flask import Flask, request

app = Flask(__name__)


@app.get("/hello")
def hello():
    return "hello"


@app.get("/items/<int:number>")
def item(number):
    return str(number)


@app.post("/secret")
def secret():
    """Secrets in a body, a header, a local, a statement's text and an exception's message."""
    local = "planted-local-7f3a"
    body = request.get_data(as_text=True)
    connection = sqlite3.connect(":memory:")
    connection.execute(f"SELECT 'planted-sql-7f3a', '{local}', '{body}'").fetchall()
    connection.execute("SELECT ?", ("planted-parameter-7f3a",)).fetchall()
    connection.close()
    raise ValueError("planted-exception-7f3a " + os.environ["APP_DSN"] + request.headers["X-Secret"])
