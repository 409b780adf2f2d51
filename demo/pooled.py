"""slow.py with its first cause cured and its second left: what each cure is worth by itself."""

import os
from random import randint

from flask import Flask, jsonify
from sqlalchemy import create_engine, text

app = Flask(__name__)
engine = create_engine(os.environ["WORLD_URL"])


@app.get("/db")
def single_query():
    with engine.connect() as connection:
        statement = text(f"SELECT id, randomnumber FROM world WHERE id = {randint(1, 10000)}")
        row = connection.execute(statement).one()
    return jsonify(id=row.id, randomNumber=row.randomnumber)
