"""Signs of the zodiac, by number."""

import sys

from flask import Flask, jsonify
from gunicorn.app.wsgiapp import run

app = Flask(__name__)
SIGNS = ["aries", "taurus", "gemini", "cancer", "leo", "virgo", "libra", "scorpio", "sagittarius", "capricorn", "aquarius", "pisces"]


def neighbours(number):
    return [SIGNS[(number + step) % 12] for step in (-1, 1)]


@app.get("/sign/<int:number>")
def sign(number):
    return jsonify(sign=SIGNS[number % 12], neighbours=neighbours(number))


if __name__ == "__main__":
    sys.argv = ["gunicorn", "--log-level", "warning", "-b", f"127.0.0.1:{sys.argv[1]}", "app:app"]
    run()
