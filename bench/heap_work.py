"""Workloads of heap-cost: `heap_work.py NAME ROUNDS`. Each round does the same."""

import io
import json
import sys


def alloc(rounds):
    """Small objects made and dropped; nothing else."""
    kept = [None] * 1000
    for i in range(rounds):
        for n in range(200):
            kept[n] = {"id": n, "tags": [str(n), str(i)], "pair": (n, i, float(n))}
    return kept


def documents(rounds):
    """JSON of 150 dicts, made and read."""
    for i in range(rounds):
        text = json.dumps([{"id": n, "name": f"item {n}", "tags": ["a", "b", str(i)]}
                           for n in range(150)])
        json.loads(text)


def web(rounds):
    """The same as a route of Flask, called as a WSGI server does."""
    from flask import Flask, jsonify

    app = Flask(__name__)

    @app.route("/items")
    def items():
        return jsonify([{"id": n, "name": f"item {n}", "price": n * 1.25, "tags": ["a", "b"]}
                        for n in range(150)])

    for _ in range(rounds):
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/items", "SERVER_NAME": "localhost",
                   "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.version": (1, 0),
                   "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr,
                   "wsgi.multithread": False, "wsgi.multiprocess": False, "wsgi.run_once": False}
        body = app(environ, lambda status, headers, exc_info=None: None)
        b"".join(body)
        body.close()


if __name__ == "__main__":
    globals()[sys.argv[1]](int(sys.argv[2]))
