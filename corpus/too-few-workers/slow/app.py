"""Flights from a place: two services know of them, one after the other."""

import os

import requests
from flask import Flask, jsonify

app = Flask(__name__)
FLIGHTS = os.environ["UPSTREAM_URL"]
session = requests.Session()
session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=16))


def gates(place):
    return session.get(f"{FLIGHTS}/11?place={place}", timeout=5).json()["stock"]


def price(gate):
    return session.get(f"{FLIGHTS}/13?gate={gate}", timeout=5).json()["price"]


def legs(count):
    rows = [(number * 7919) % 1013 for number in range(count)]
    return sorted(set(rows))[:7]


@app.get("/flights/<int:place>")
def flights(place):
    gate = gates(place)
    return jsonify(place=place, gate=gate, price=price(gate), legs=legs(900))
