"""Moves: each writes rows of its own, in a short transaction."""

import os
from contextlib import asynccontextmanager
from itertools import count

import asyncpg
from fastapi import FastAPI

numbers = count(1)


@asynccontextmanager
async def life(_):
    app.pool = await asyncpg.create_pool(os.environ["WORLD_DSN"], min_size=4, max_size=4)
    yield
    await app.pool.close()


app = FastAPI(lifespan=life)


@app.get("/move")
async def move():
    number = next(numbers) % 5000 + 1
    async with app.pool.acquire() as connection, connection.transaction():
        await connection.execute("UPDATE world SET randomnumber = randomnumber - 1 WHERE id = $1", number)
        await connection.execute("UPDATE world SET randomnumber = randomnumber + 1 WHERE id = $1", number + 5000)
        left = await connection.fetchval("SELECT randomnumber FROM world WHERE id = $1", number)
    return {"number": number, "left": left}
