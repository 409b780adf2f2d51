"""Cleans a text by a house's rules, each a pattern of its own, and asks the spelling service about it."""

import os
import re

import httpx
from flask import Flask, jsonify, request

app = Flask(__name__)
client = httpx.Client()
SPELLING = os.environ["UPSTREAM_URL"]
RULES = [(re.compile(rf"\b{word}(ing|ed|s)?\b", re.IGNORECASE), word.upper())
         for word in ("stock", "trade", "yield", "book", "charge", "report", "note", "bill", "lend", "fund")]
TEXT = " ".join(f"They were trading the {n}th bill and noted yields, as reported in books." for n in range(60))


def cleaned(text):
    for rule, word in RULES:
        text = rule.sub(word, text)
    return re.sub(r"\s+", " ", text).strip()


@app.get("/clean")
def clean():
    text = cleaned(TEXT[:int(request.args.get("length", 3000))])
    return jsonify(length=len(text), sentences=len(re.findall(r"\.(?:\s|$)", text)),
                   spelled=client.get(f"{SPELLING}/1").status_code == 200)
