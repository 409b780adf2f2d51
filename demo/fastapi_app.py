"""The article's other contestant: FastAPI with asyncpg. PostgreSQL only (`make demo DB=postgres`).

Its pool is why it looked faster than Flask; the framework is not.
"""

import os
from contextlib import asynccontextmanager
from random import randint

import asyncpg
from fastapi import FastAPI, Request


@asynccontextmanager
async def lifespan(app):
    url = os.environ["WORLD_URL"].replace("+psycopg2", "")
    async with asyncpg.create_pool(url, min_size=1, max_size=4) as pool:
        app.state.pool = pool
        yield


app = FastAPI(lifespan=lifespan)


@app.get("/db")
async def single_query(request: Request):
    async with request.app.state.pool.acquire() as connection:
        row = await connection.fetchrow(
            "SELECT id, randomnumber FROM world WHERE id = $1", randint(1, 10000)
        )
    return {"id": row["id"], "randomNumber": row["randomnumber"]}
