"""An offer: what its parts cost, and how long a delivery takes, which another service knows."""

import os
import sqlite3

import requests
from flask import Flask, jsonify

app = Flask(__name__)
DELIVERY = os.environ["UPSTREAM_URL"]
session = requests.Session()
database = sqlite3.connect(os.environ["WORLD_PATH"], check_same_thread=False)


def costs_of(offer):
    rows = database.execute(
        "SELECT randomnumber FROM world WHERE id >= ? ORDER BY id LIMIT 400", (offer * 400,)).fetchall()
    return [cost for cost, in rows]


def days(offer):
    answer = session.get(f"{DELIVERY}/0?offer={offer}", timeout=2)
    answer.raise_for_status()
    return answer.json()["stock"]


def check(number):
    digits = [int(digit) for digit in f"{number:012d}"]
    return sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10


@app.get("/offers/<int:offer>")
def shown(offer):
    costs = costs_of(offer)
    return jsonify(offer=offer, total=sum(costs), check=check(sum(costs)), days=days(offer))
