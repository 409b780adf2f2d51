"""Tickets of a help desk: those of one customer, newest first."""
import random
import sqlite3
import tempfile
import threading

from flask import Flask, jsonify

app = Flask(__name__)
FILE = tempfile.NamedTemporaryFile(suffix=".db")
WORDS = ["printer", "login", "invoice", "crash", "slow", "refund", "update", "screen"]
local = threading.local()


def database():
    if not hasattr(local, "connection"):
        local.connection = sqlite3.connect(FILE.name)
    return local.connection


def fill(count=12_000):
    data = database()
    chosen = random.Random(7)
    data.execute("CREATE TABLE ticket (id INTEGER PRIMARY KEY, customer TEXT, subject TEXT, at INTEGER)")
    data.executemany("INSERT INTO ticket (customer, subject, at) VALUES (?, ?, ?)",
                     ((f"c{n % 2000}", " ".join(chosen.choices(WORDS, k=4)), n * 37) for n in range(count)))
    data.execute("CREATE TABLE customer (name TEXT PRIMARY KEY, city TEXT)")
    data.executemany("INSERT INTO customer VALUES (?, ?)", ((f"c{n}", f"city {n % 40}") for n in range(2000)))
    data.commit()


fill()


@app.get("/tickets")
def tickets():
    name = f"c{random.randrange(2000)}"
    data = database()
    city = data.execute("SELECT city FROM customer WHERE name = ?", (name,)).fetchone()[0]
    rows = data.execute(  # mark: a
        "SELECT id, subject, at FROM ticket WHERE customer = ? ORDER BY at DESC LIMIT 20", (name,)).fetchall()
    common = {}
    for _, subject, _ in rows:
        for word in subject.split():
            common[word] = common.get(word, 0) + 1
    return jsonify(city=city, tickets=[row[:2] for row in rows], words=sorted(common, key=common.get)[-3:])
