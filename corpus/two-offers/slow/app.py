"""An offer: what its parts cost, and how long a delivery takes, which another service knows."""

import os
import sqlite3

import requests
from flask import Flask, jsonify

app = Flask(__name__)
DELIVERY = os.environ["UPSTREAM_URL"]
database = sqlite3.connect(os.environ["WORLD_PATH"], check_same_thread=False)


def parts(offer):
    rows = database.execute("SELECT id FROM world WHERE id >= ? ORDER BY id LIMIT 400", (offer * 400,)).fetchall()
    return [number for number, in rows]


def cost(number):
    return database.execute("SELECT randomnumber FROM world WHERE id = ?", (number,)).fetchone()[0]  # mark: a


def days(offer):
    answer = requests.get(f"{DELIVERY}/0?offer={offer}", timeout=2)  # mark: b
    answer.raise_for_status()
    return answer.json()["stock"]


def check(number):
    digits = [int(digit) for digit in f"{number:012d}"]
    return sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10


@app.get("/offers/<int:offer>")
def shown(offer):
    costs = [cost(number) for number in parts(offer)]
    return jsonify(offer=offer, total=sum(costs), check=check(sum(costs)), days=days(offer))
