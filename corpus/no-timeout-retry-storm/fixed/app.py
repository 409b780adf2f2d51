"""Parcels: where each is, as its carrier says; the plan where the carrier does not."""

import os
from itertools import count

import requests
from flask import Flask, jsonify
from urllib3.util.retry import Retry

app = Flask(__name__)
CARRIER = os.environ["UPSTREAM_URL"]
HUBS = ("8", "8/503", "8/503", "8")
PLAN = {"price": 42, "stock": 7}
turn = count()
session = requests.Session()
session.mount("http://", requests.adapters.HTTPAdapter(max_retries=Retry(
    total=0, status_forcelist=(502, 503), raise_on_status=False)))


def place(parcel):
    answer = session.get(f"{CARRIER}/{HUBS[next(turn) % 4]}?parcel={parcel}", timeout=5)
    return answer.json() if answer.ok else PLAN


def distance(parcel):
    total = 0
    for leg in range(1, 500):
        total = (total * 31 + leg * parcel) % 9973
    return total


@app.get("/parcels/<int:parcel>")
def parcels(parcel):
    return jsonify(parcel=parcel, place=place(parcel), distance=distance(parcel))
