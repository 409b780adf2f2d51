"""A delivery's way: where the parcel is, then who is near there; the second needs the first."""

import os

import requests
from flask import Flask, jsonify

app = Flask(__name__)
WAYS = os.environ["UPSTREAM_URL"]
session = requests.Session()


def parcel(number):
    return session.get(f"{WAYS}/6?parcel={number}", timeout=5).json()["stock"]


def courier(depot):
    return session.get(f"{WAYS}/6?depot={depot}", timeout=5).json()["price"]


@app.get("/route/<int:number>")
def route(number):
    depot = parcel(number)
    return jsonify(depot=depot, courier=courier(depot))
