"""Quotes; the rate of the day comes from the bank's service."""

import os
from contextlib import asynccontextmanager

import httpx
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

BASE = [round(7 + number * 1.31, 2) for number in range(300)]


@asynccontextmanager
async def lifespan(running):
    async with httpx.AsyncClient(base_url=os.environ["UPSTREAM_URL"]) as client:
        running.state.client = client
        yield


async def rate(state):
    answer = await state.client.get("/30")  # mark: a
    return answer.json()["price"]


def spread(values):
    middle = sum(values) / len(values)
    return sum((value - middle) ** 2 for value in values) / len(values)


async def quote(request):
    item = request.path_params["item"]
    price = BASE[item] * await rate(request.app.state)
    return JSONResponse({"item": item, "price": price, "spread": spread(BASE)})


app = Starlette(routes=[Route("/quote/{item:int}", quote)], lifespan=lifespan)
