"""A member's page: what may be seen depends on the plan."""

import os

import psycopg
from flask import Flask, jsonify, request

app = Flask(__name__)
database = psycopg.connect(os.environ["WORLD_DSN"], autocommit=True)
PLANS = ["basic", "plus", "club"]
PARTS = ["news", "shop", "events", "archive", "people", "places", "music", "films"]


def row(number):
    return database.execute("SELECT id, randomnumber FROM world WHERE id = %s", (number,)).fetchone()  # mark: a


def allowed(number, part):
    plan = PLANS[row(number)[1] % 3]
    return len(part) % 3 <= PLANS.index(plan)


def greeting(number):
    text = "".join(chr(97 + (number * place) % 26) for place in range(900))
    return f"{text[:3]} {row(number)[0]}"


@app.get("/member")
def member():
    number = int(request.args.get("id", 417))
    return jsonify(parts=[part for part in PARTS if allowed(number, part)], greeting=greeting(number))
