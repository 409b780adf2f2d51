"""Hits a page, kept under a lock that is held for a moment; what takes time is done outside."""

import os
import threading

import requests
from flask import Flask, jsonify

app = Flask(__name__)
PAGES = os.environ["UPSTREAM_URL"]
session = requests.Session()
session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=8))
guard = threading.Lock()
hits = {}


@app.get("/hits")
def page():
    stock = session.get(f"{PAGES}/1", timeout=5).json()["stock"]
    with guard:
        hits[stock] = hits.get(stock, 0) + 1
        for other in range(300):
            hits.setdefault(other, 0)
    return jsonify(pages=len(hits))
