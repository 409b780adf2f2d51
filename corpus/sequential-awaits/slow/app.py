"""A board of departures: each line's next one, from the service of its operator."""

import asyncio
import os
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI

LINES = ["u1", "u5", "s7", "m13", "x9"]


@asynccontextmanager
async def lifespan(running):
    async with httpx.AsyncClient(base_url=os.environ["UPSTREAM_URL"]) as client:
        running.state.client = client
        yield


app = FastAPI(lifespan=lifespan)


async def departure(line):
    answer = await app.state.client.get(f"/7?line={line}")  # mark: a
    return {"line": line, "minutes": answer.json()["stock"]}


def tidy(rows):
    return sorted(rows, key=lambda row: (row["minutes"], row["line"]))


@app.get("/board")
async def board():
    rows = [await departure(line) for line in LINES]
    return {"rows": tidy(rows)}
