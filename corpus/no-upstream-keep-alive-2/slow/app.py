"""Quotes of a currency: the stock service has the price, the page its history."""

import os
import statistics
import sys

import aiohttp
from aiohttp import web

SOURCE = os.environ["UPSTREAM_URL"]
HISTORY = [(day * 37 % 101) / 7 for day in range(400)]


async def price(currency):
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{SOURCE}/1?part={currency}") as answer:  # mark: a
            return (await answer.json(content_type=None))["price"]


def spread():
    quarters = statistics.quantiles(HISTORY, n=4)
    return quarters[2] - quarters[0]


async def quote(request):
    now = await price(request.match_info["currency"])
    return web.json_response({"price": now, "spread": spread()})


app = web.Application()
app.router.add_get("/quotes/{currency}", quote)

if __name__ == "__main__":
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None)
