"""Ferries: places left on a crossing, as the port's office knows them."""

import os

import requests
from flask import Flask, jsonify

app = Flask(__name__)
OFFICE = os.environ["UPSTREAM_URL"]
session = requests.Session()
FARES = [round(9 + number * 0.41, 2) for number in range(300)]


def places(crossing):
    answer = session.get(f"{OFFICE}/20?crossing={crossing}", timeout=5)
    answer.raise_for_status()
    return answer.json()["stock"]


def middle(values):
    return sum(values) / len(values)


@app.get("/ferries/<int:crossing>")
def ferries(crossing):
    return jsonify(crossing=crossing, places=places(crossing), fare=middle(FARES))
