"""Quotes of a currency: the stock service has the price, the page its history."""

import os
import statistics
import sys

import aiohttp
from aiohttp import web

SOURCE = os.environ["UPSTREAM_URL"]
HISTORY = [(day * 37 % 101) / 7 for day in range(400)]


async def client(app):
    async with aiohttp.ClientSession() as app["client"]:
        yield


async def price(session, currency):
    async with session.get(f"{SOURCE}/1?part={currency}") as answer:
        return (await answer.json(content_type=None))["price"]


def spread():
    quarters = statistics.quantiles(HISTORY, n=4)
    return quarters[2] - quarters[0]


async def quote(request):
    now = await price(request.app["client"], request.match_info["currency"])
    return web.json_response({"price": now, "spread": spread()})


app = web.Application()
app.router.add_get("/quotes/{currency}", quote)
app.cleanup_ctx.append(client)

if __name__ == "__main__":
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None)
