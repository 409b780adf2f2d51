"""The price of an article, asked of the service that knows it."""

import hashlib
import os

import httpx
from flask import Flask, jsonify, request

app = Flask(__name__)
PRICES = os.environ["UPSTREAM_URL"]


def seal(article, answer):
    digest = hashlib.sha256(f"{article}:{answer}".encode())
    for _ in range(50):
        digest.update(digest.digest())
    return digest.hexdigest()


def answer(article):
    found = httpx.get(f"{PRICES}/1", headers={"x-article": article})  # mark: a
    return found.status_code


@app.get("/price")
def price():
    article = request.args.get("article", "a-17")
    status = answer(article)
    return jsonify(article=article, cents=1999, status=status, seal=seal(article, status))
