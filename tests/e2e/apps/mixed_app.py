"""Flask: five pages that most requests ask for, and rare ones, each with a defect of its own or, under /good, without."""

import sqlite3
import threading

from flask import Flask

app = Flask(__name__)
here = threading.local()
PATH = "file:mixed?mode=memory&cache=shared"
keeper = sqlite3.connect(PATH, uri=True)
with keeper:
    keeper.execute("CREATE TABLE line (id INTEGER PRIMARY KEY, price INTEGER)")
    keeper.executemany("INSERT INTO line VALUES (?, ?)", [(number, number % 97) for number in range(4000)])


def connection():
    if not hasattr(here, "connection"):
        here.connection = sqlite3.connect(PATH, uri=True)
    return here.connection


def page(number):
    @app.get(f"/page{number}", endpoint=f"page{number}")
    def show():
        return str(connection().execute("SELECT price FROM line WHERE id = ?", (number,)).fetchone())


for page_number in range(5):
    page(page_number)


@app.get("/report")
def report():
    total = 0
    for number in range(700):
        row = connection().execute("SELECT sum(price) FROM line WHERE id BETWEEN ? AND ? + 200", (number, number)).fetchone()  # CAUSE: n-plus-one-queries
        total += row[0]
    return str(total)


@app.get("/score")
def score():
    total = 0
    for number in range(400_000):
        total += number * number % 7  # CAUSE: hot-python-loop
    return str(total)


@app.get("/good/report")
def good_report():
    return str(connection().execute("SELECT sum(price) FROM line WHERE id < ?", (4000,)).fetchone()[0])


@app.get("/good/list")
def good_list():
    rows = connection().execute("SELECT id, price FROM line WHERE id < ? LIMIT 500", (2000,)).fetchall()
    return "\n".join(f"{number}: {price}" for number, price in rows)
