"""Opens a database when it is loaded, and is never asked."""

import sqlite3

sqlite3.connect(":memory:").execute("SELECT 1").fetchall()


def app(environ, start_response):
    start_response("200 OK", [])
    return [b"ok"]
