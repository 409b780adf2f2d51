"""The whole catalogue for those who mirror it, a bounded part at a time."""

import os

from flask import Flask, jsonify, request
from sqlalchemy import create_engine, text

app = Flask(__name__)
engine = create_engine(os.environ["WORLD_URL"])
PART = text("SELECT id, randomnumber FROM world WHERE id > :after ORDER BY id LIMIT 1500")


@app.get("/catalogue")
def catalogue():
    with engine.connect() as connection:
        rows = connection.execute(PART, {"after": int(request.args.get("after", 100))}).all()
    return jsonify([{"id": number, "price": price} for number, price in rows])
