"""Stock of an item, from the warehouse's own reckoning."""

import os
from hashlib import blake2b

from fastapi import FastAPI
from sqlalchemy import create_engine, text

app = FastAPI()
engine = create_engine(os.environ["WORLD_URL"], pool_size=8, max_overflow=8)
RECKON = text("SELECT randomnumber, pg_sleep(0.012) FROM world WHERE id = :id")


def stamp(number):
    digest = blake2b(str(number).encode(), digest_size=8)
    for _ in range(60):
        digest.update(digest.digest())
    return digest.hexdigest()


@app.get("/stock/{item}")
def stock(item: int):
    with engine.connect() as connection:
        row = connection.execute(RECKON, {"id": item}).one()
    return {"item": item, "left": row.randomnumber, "stamp": stamp(row.randomnumber)}
