"""A member's page: what may be seen depends on the plan."""

import os

import psycopg
from flask import Flask, jsonify, request

app = Flask(__name__)
database = psycopg.connect(os.environ["WORLD_DSN"], autocommit=True)
PLANS = ["basic", "plus", "club"]
PARTS = ["news", "shop", "events", "archive", "people", "places", "music", "films"]


def row(number):
    return database.execute("SELECT id, randomnumber FROM world WHERE id = %s", (number,)).fetchone()


def allowed(found, part):
    plan = PLANS[found[1] % 3]
    return len(part) % 3 <= PLANS.index(plan)


def greeting(found, number):
    text = "".join(chr(97 + (number * place) % 26) for place in range(900))
    return f"{text[:3]} {found[0]}"


@app.get("/member")
def member():
    number = int(request.args.get("id", 417))
    found = row(number)
    return jsonify(parts=[part for part in PARTS if allowed(found, part)], greeting=greeting(found, number))
