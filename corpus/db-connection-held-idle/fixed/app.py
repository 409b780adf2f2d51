"""A quote: the article's price in the currency of the day."""

import os

import requests
from fastapi import FastAPI
from sqlalchemy import create_engine, text

app = FastAPI()
engine = create_engine(os.environ["WORLD_URL"], pool_size=2, max_overflow=0)
session = requests.Session()
PRICE = text("SELECT randomnumber FROM world WHERE id = :id")
STOCK = text("SELECT count(*) FROM world WHERE id BETWEEN :id AND :id + 50")


def course():
    return len(session.get(os.environ["UPSTREAM_URL"] + "/25").content) + 1


def rounded(cents):
    for _ in range(300):
        cents = (cents * 7 + 3) % 100003
    return cents / 100


@app.get("/quote/{article}")
def quote(article: int):
    factor = course()
    with engine.connect() as connection:
        price = connection.execute(PRICE, {"id": article}).scalar_one()
        stock = connection.execute(STOCK, {"id": article}).scalar_one()
    return {"article": article, "price": rounded(price * factor), "stock": stock}
