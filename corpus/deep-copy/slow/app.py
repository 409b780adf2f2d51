"""The settings of a shop: those of all shops, and its own on top."""

import copy

from flask import Flask, jsonify, request

app = Flask(__name__)
DEFAULTS = {
    "limits": {f"limit-{n}": {"soft": n * 10, "hard": n * 20, "unit": "a day"} for n in range(240)},
    "texts": {language: [f"{language}: text {n}" for n in range(120)] for language in ("de", "en", "fr", "it")},
    "flags": [{"name": f"flag-{n}", "on": n % 3 == 0, "for": ["staff", "testers"]} for n in range(240)],
}
OWN = {"shop-7": {"currency": "EUR", "vat": 19}, "shop-8": {"currency": "CHF", "vat": 8}}


def settings(shop):
    found = copy.deepcopy(DEFAULTS)  # mark: a
    found["shop"] = {"name": shop, **OWN.get(shop, {})}
    return found


def checksum(found):
    value = 0
    for name, limit in found["limits"].items():
        value = (value * 31 + len(name) + limit["hard"]) % 1_000_003
    return value


@app.get("/settings")
def show():
    found = settings(request.args.get("shop", "shop-7"))
    return jsonify(settings=found, checksum=checksum(found))
