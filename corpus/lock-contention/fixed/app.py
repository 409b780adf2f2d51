"""Seats that are left, as the hall's service says; several people look at once."""

import os
import threading

import requests
from flask import Flask, jsonify

app = Flask(__name__)
HALL = os.environ["UPSTREAM_URL"]
session = requests.Session()
session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=8))
turn = threading.Lock()
counts = threading.Lock()
seen = {"looks": 0, "left": 0}


def seats():
    answer = session.get(f"{HALL}/9", timeout=5)
    with turn:
        seen["left"] = answer.json()["stock"]
    return seen["left"]


def count():
    with counts:
        seen["looks"] += 1
        return seen["looks"]


@app.get("/seats")
def listed():
    return jsonify(left=seats(), looks=count() % 1)
