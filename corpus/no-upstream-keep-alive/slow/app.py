"""A page of offers; what each part costs and whether it is there, the stock service knows."""

import os
import re

import requests
from flask import Flask, jsonify

app = Flask(__name__)
STOCK = os.environ["UPSTREAM_URL"]
WORDS = re.compile(r"[a-z]+")
TEXT = "bolt nut washer screw rivet pin clip ring bearing spring " * 12


def part(number):
    answer = requests.get(f"{STOCK}/0?part={number}", timeout=2)  # mark: a
    answer.raise_for_status()
    return answer.json()


def keywords(text):
    counts = {}
    for word in WORDS.findall(text):
        counts[word] = counts.get(word, 0) + 1
    return sorted(counts, key=counts.get)[:5]


@app.get("/offers/<int:offer>")
def offers(offer):
    stock = part(offer)
    return jsonify(offer=offer, price=stock["price"], left=stock["stock"], keywords=keywords(TEXT))
