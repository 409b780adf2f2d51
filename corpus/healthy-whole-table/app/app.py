"""A board of all depots: each request needs every row, and a search by a part of the name reads them all."""
import sqlite3
import tempfile
import threading

from flask import Flask, jsonify, request

app = Flask(__name__)
FILE = tempfile.NamedTemporaryFile(suffix=".db")
local = threading.local()


def database():
    if not hasattr(local, "connection"):
        local.connection = sqlite3.connect(FILE.name)
    return local.connection


data = database()
data.execute("CREATE TABLE depot (id INTEGER PRIMARY KEY, name TEXT, stock INTEGER, open INTEGER)")
data.executemany("INSERT INTO depot (name, stock, open) VALUES (?, ?, ?)",
                 ((f"depot {n % 61} {n}", n * 13 % 97, n % 3 > 0) for n in range(400)))
data.commit()


@app.get("/board")
def board():
    part = request.args.get("part", "7")
    total, = database().execute("SELECT sum(stock) FROM depot").fetchone()
    found = database().execute("SELECT name, stock FROM depot WHERE name LIKE ? ORDER BY name", (f"%{part}%",)).fetchall()
    half = database().execute("SELECT name FROM depot WHERE open = ?", (1,)).fetchall()
    return jsonify(total=total, open=", ".join(name for name, in half), found=found[:40])
