"""A player's score and rank, and how the score is spelt."""

import os

from flask import Flask, jsonify
from sqlalchemy import create_engine, text

app = Flask(__name__)
SCORE = text("SELECT randomnumber FROM world WHERE id = :id")
RANK = text("SELECT count(*) FROM world WHERE id < 400 AND randomnumber > :score")
PRIMES = [2, 3, 5, 7, 11, 13]


engine = create_engine(os.environ["WORLD_URL"])


def standing(player):
    with engine.connect() as connection:
        score = connection.execute(SCORE, {"id": player}).scalar_one()
        rank = connection.execute(RANK, {"score": score}).scalar_one()
    return score, rank


def factors(number):
    return [prime for prime in PRIMES if number % prime == 0]


def divisors(number):
    number, found, candidate = 400 * number, 1, 2
    while candidate * candidate <= number:
        power = 1
        while number % candidate == 0:
            number //= candidate
            power += 1
        found *= power
        candidate += 1
    return found * (1 + (number > 1))


@app.get("/score/<int:player>")
def shown(player):
    score, rank = standing(player)
    return jsonify(player=player, score=score, rank=rank, factors=factors(score), divisors=divisors(score % 1500 + 600))
