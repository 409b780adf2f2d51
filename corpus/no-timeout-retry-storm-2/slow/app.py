"""Routes: how full the roads are, if the traffic office says it in time."""

import os
from contextlib import asynccontextmanager

import aiohttp
from fastapi import FastAPI, Request

OFFICE = os.environ["UPSTREAM_URL"]
USUAL = {"price": 42, "stock": 7}
GRADES = [round(3 + number * 0.17, 2) for number in range(400)]


@asynccontextmanager
async def lifespan(running):
    limit = aiohttp.ClientTimeout(total=0.05)
    async with aiohttp.ClientSession(OFFICE, timeout=limit) as running.state.client:
        yield


app = FastAPI(lifespan=lifespan)


async def traffic(client, route):
    for _ in range(4):
        try:
            async with client.get(f"/900?route={route}") as answer:  # mark: a
                return await answer.json()
        except TimeoutError:
            continue
    return USUAL


def steepness(values):
    middle = sum(values) / len(values)
    return sum((value - middle) ** 2 for value in values) / len(values)


@app.get("/route/{route}")
async def route(route: int, request: Request):
    return {"route": route, "traffic": await traffic(request.app.state.client, route), "steepness": steepness(GRADES)}
