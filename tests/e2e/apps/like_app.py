"""Flask over SQLite: a search whose plan depends on the value bound, another one each time."""

import itertools
import sqlite3

from flask import Flask

app = Flask(__name__)
database = sqlite3.connect(":memory:", check_same_thread=False)
database.execute("CREATE TABLE book (id INTEGER PRIMARY KEY, name TEXT)")
database.executemany("INSERT INTO book VALUES (?, ?)", [(n, f"name {n}") for n in range(50)])
numbers = itertools.count()


@app.get("/find")
def find():
    rows = database.execute("SELECT name FROM book WHERE name LIKE ?", (f"%{next(numbers) % 7}%",)).fetchall()
    return str(len(rows))
