"""Flask with a Jinja2 template that asks the database again for each row."""

import sqlite3

from flask import Flask, render_template

app = Flask(__name__)
database = sqlite3.connect(":memory:", check_same_thread=False)
database.execute("CREATE TABLE book (id INTEGER PRIMARY KEY, name TEXT)")
database.executemany("INSERT INTO book VALUES (?, ?)", [(n, f"name {n}") for n in range(500)])


@app.get("/books")
def books():
    return render_template("books.html", database=database)  # CAUSE: n-plus-one-queries
