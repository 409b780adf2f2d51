"""What a parcel costs to send, asked of the carrier."""

import os
import ssl

import urllib3
from flask import Flask, jsonify, request

app = Flask(__name__)
CARRIER = os.environ["UPSTREAM_TLS_URL"]
TRUST = ssl.create_default_context(cafile=os.environ["UPSTREAM_CA"])
http = urllib3.PoolManager(ssl_context=TRUST)


def zone(postcode):
    total = 0
    for _ in range(40):
        for letter in postcode:
            total = (total * 31 + ord(letter)) % 9973
    return total % 5 + 1


def quote(grams):
    return http.request("GET", f"{CARRIER}/1?grams={grams}").status


@app.get("/quote")
def index():
    grams = int(request.args.get("grams", 1200))
    return jsonify(grams=grams, zone=zone("SW1A 2AA"), status=quote(grams))
