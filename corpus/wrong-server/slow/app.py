"""Signs of the zodiac, by number."""

import sys

from flask import Flask, jsonify

app = Flask(__name__)
SIGNS = ["aries", "taurus", "gemini", "cancer", "leo", "virgo", "libra", "scorpio", "sagittarius", "capricorn", "aquarius", "pisces"]


def neighbours(number):
    return [SIGNS[(number + step) % 12] for step in (-1, 1)]


@app.get("/sign/<int:number>")
def sign(number):
    return jsonify(sign=SIGNS[number % 12], neighbours=neighbours(number))


if __name__ == "__main__":
    app.run(port=int(sys.argv[1]))
