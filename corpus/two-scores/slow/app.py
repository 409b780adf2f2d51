"""A player's score and rank, and how the score is spelt."""

import os

from flask import Flask, jsonify
from sqlalchemy import create_engine, text

app = Flask(__name__)
SCORE = text("SELECT randomnumber FROM world WHERE id = :id")
RANK = text("SELECT count(*) FROM world WHERE id < 400 AND randomnumber > :score")
PRIMES = [2, 3, 5, 7, 11, 13]


def standing(player):
    engine = create_engine(os.environ["WORLD_URL"])  # mark: b
    with engine.connect() as connection:
        score = connection.execute(SCORE, {"id": player}).scalar_one()
        rank = connection.execute(RANK, {"score": score}).scalar_one()
    engine.dispose()
    return score, rank


def factors(number):
    return [prime for prime in PRIMES if number % prime == 0]


def divisors(number):
    found, candidate = 0, 1
    while candidate <= 400 * number:
        found += 400 * number % candidate == 0  # mark: a
        candidate += 1
    return found


@app.get("/score/<int:player>")
def shown(player):
    score, rank = standing(player)
    return jsonify(player=player, score=score, rank=rank, factors=factors(score), divisors=divisors(score % 1500 + 600))
