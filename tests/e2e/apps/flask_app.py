"""A healthy Flask app with SQLite, and routes that plant secrets."""

import os
import socket
import sqlite3
import threading
import time

from flask import Flask, request

app = Flask(__name__)
lock = threading.Lock()


@app.get("/hello")
def hello():
    return "hello"


@app.get("/items/<int:number>")
def item(number):
    return str(number)


@app.get("/nap")
def nap():
    time.sleep(0.005)
    return "slept"


@app.get("/locked")
def locked():
    with lock:  # CAUSE: lock-contention
        time.sleep(0.02)
    return "done"


@app.get("/broken")
def broken():
    return str(1 / len(request.args))  # CAUSE: error-burst


@app.post("/secret")
def secret():
    """Secrets in a body, a header, a local, statements, names of files and an exception's message."""
    local = "planted-local-7f3a"
    body = request.get_data(as_text=True)
    connection = sqlite3.connect(":memory:")
    connection.execute(f"SELECT 'planted-sql-7f3a', '{local}', '{body}'").fetchall()
    connection.execute("SELECT ?", ("planted-parameter-7f3a",)).fetchall()
    connection.execute("PRAGMA planted_pragma = plantedpragma7f3a")
    connection.execute("SAVEPOINT plantedsavepoint7f3a")
    try:
        connection.execute('select "planted-quoted-7f3a"')
    except sqlite3.OperationalError:
        pass  # not every SQLite takes it for a string
    connection.close()
    try:
        open("/nowhere/session-f00df00d7f3a")
    except FileNotFoundError:
        pass
    with socket.socket(socket.AF_UNIX) as unix:
        unix.connect_ex("\0bus-f00df00d7f3a")
    message = "planted-exception-7f3a " + os.environ["APP_DSN"] + request.headers["X-Secret"]
    raise ValueError(message)  # of the source an answer prints this line
