"""A forecast: two stations are asked, their values are smoothed."""

import asyncio
import json
import os
import sys
import urllib.request

import aiohttp
from aiohttp import web

STATIONS = os.environ["UPSTREAM_URL"]
WEIGHTS = [1 / (1 + distance) for distance in range(60)]


def old_station(region):
    with urllib.request.urlopen(f"{STATIONS}/8?part={region}", timeout=2) as answer:  # mark: a
        return json.load(answer)["stock"]


async def new_station(session, region):
    async with session.get(f"{STATIONS}/8?part={region}") as answer:
        return (await answer.json(content_type=None))["stock"]


def smooth(values):
    return [sum(value * weight for weight in WEIGHTS) / len(WEIGHTS) for value in values]


async def forecast(request):
    region = request.match_info["region"]
    new = await new_station(request.app["client"], region)
    old = old_station(region)
    await asyncio.sleep(0)
    return web.json_response(smooth([new, old]))


async def client(app):
    async with aiohttp.ClientSession() as app["client"]:
        yield


app = web.Application()
app.router.add_get("/forecast/{region}", forecast)
app.cleanup_ctx.append(client)

if __name__ == "__main__":
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None)
