"""Flask: five pages without a database, and a rare one that connects each time to one with a wide schema."""

import os
import sqlite3

from flask import Flask

app = Flask(__name__)


def page(number):
    @app.get(f"/page{number}", endpoint=f"page{number}")
    def show():
        return f"page {number}"


for page_number in range(5):
    page(page_number)


@app.get("/export")
def export():
    connection = sqlite3.connect(os.environ["DATABASE"])  # CAUSE: db-connection-per-request
    try:
        return str(connection.execute("SELECT name FROM sqlite_master WHERE name = 'wide'").fetchone())
    finally:
        connection.close()
