"""Messages of conversations: the last ones of a session, and what was said most."""
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
    data.execute("CREATE TABLE messages (id INTEGER PRIMARY KEY, session_scope TEXT, role TEXT, content TEXT, created_at INTEGER)")
    data.executemany("INSERT INTO messages (session_scope, role, content, created_at) VALUES (?, ?, ?, ?)",
                     ((f"s{n % 2000}", "user", " ".join(chosen.choices(WORDS, k=4)), n * 37) for n in range(count)))
    data.execute("CREATE INDEX messages_by_session ON messages (session_scope, created_at)")
    data.execute("CREATE TABLE sessions (scope TEXT PRIMARY KEY, title TEXT)")
    data.executemany("INSERT INTO sessions VALUES (?, ?)", ((f"s{n}", f"talk {n % 40}") for n in range(2000)))
    data.commit()


fill()


@app.get("/last")
def last():
    scope = f"s{random.randrange(2000)}"
    data = database()
    title = data.execute("SELECT title FROM sessions WHERE scope = ?", (scope,)).fetchone()[0]
    rows = data.execute(
        "SELECT role, content, created_at FROM messages WHERE session_scope = ? ORDER BY created_at DESC LIMIT 10", (scope,)).fetchall()
    said = {}
    for _, content, _ in rows:
        for word in content.split():
            said[word] = said.get(word, 0) + 1
    return jsonify(title=title, messages=rows, words=sorted(said, key=said.get)[-3:])
