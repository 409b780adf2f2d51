"""A player's score and rank."""

import os
from functools import reduce

from flask import Flask, jsonify
from sqlalchemy import create_engine, text

app = Flask(__name__)
SCORE = text("SELECT randomnumber FROM world WHERE id = :id")
RANK = text("SELECT count(*) FROM world WHERE id < 400 AND randomnumber > :score")


def checksum(name):
    return reduce(lambda value, letter: (value * 31 + ord(letter)) % 65521, name * 40, 7)


def standing(player):
    engine = create_engine(os.environ["WORLD_URL"])  # mark: a
    with engine.connect() as connection:
        score = connection.execute(SCORE, {"id": player}).scalar_one()
        rank = connection.execute(RANK, {"score": score}).scalar_one()
    engine.dispose()
    return score, rank


@app.get("/score/<int:player>")
def show(player):
    score, rank = standing(player)
    return jsonify(player=player, score=score, rank=rank, check=checksum(f"{player}:{score}"))
