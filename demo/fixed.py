"""slow.py cured: connections come from the engine's pool, the id is a bound parameter."""

import os
from random import randint

from flask import Flask, jsonify
from sqlalchemy import create_engine, text

app = Flask(__name__)
engine = create_engine(os.environ["WORLD_URL"])
WORLD = text("SELECT id, randomnumber FROM world WHERE id = :id")


@app.get("/db")
def single_query():
    with engine.connect() as connection:
        row = connection.execute(WORLD, {"id": randint(1, 10000)}).one()
    return jsonify(id=row.id, randomNumber=row.randomnumber)
