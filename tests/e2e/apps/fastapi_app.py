"""FastAPI: healthy routes, one that blocks the event loop, one that uses asyncpg's pool."""

import asyncio
import os
import time
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request


@asynccontextmanager
async def lifespan(app):
    url = os.environ.get("WORLD_URL")
    if url is None:
        yield
        return
    import asyncpg

    async with asyncpg.create_pool(url.replace("+psycopg2", ""), min_size=1, max_size=2) as pool:
        app.state.pool = pool
        yield


app = FastAPI(lifespan=lifespan)


@app.get("/hello")
async def hello():
    return "hello"


@app.get("/wait")
async def wait():
    await asyncio.sleep(0.005)
    return "waited"


@app.get("/blocking")
async def blocking():
    time.sleep(0.02)  # CAUSE: blocking-call-in-event-loop
    return "blocked"


@app.get("/query")
async def query(request: Request):
    async with request.app.state.pool.acquire() as connection:
        return await connection.fetchval("SELECT randomnumber FROM world WHERE id = $1", 7)
