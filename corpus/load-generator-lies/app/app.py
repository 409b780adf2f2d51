"""Prices of a shop in other currencies; the rates come from a bank."""

import os

import requests
from flask import Flask, jsonify

app = Flask(__name__)
BANK = os.environ["UPSTREAM_URL"]
session = requests.Session()
session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=16))
PRICES = {f"item {n}": n * 3.7 for n in range(40)}


def rate(currency):
    return session.get(f"{BANK}/25?currency={currency}", timeout=5).json()["price"]


@app.get("/prices/<currency>")
def prices(currency):
    factor = rate(currency)
    return jsonify({name: round(price * factor, 2) for name, price in PRICES.items()})
