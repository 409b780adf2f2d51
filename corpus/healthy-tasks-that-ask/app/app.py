"""Stock of twelve depots; all are asked at once, four at a time."""

import asyncio
import os
import sys

from aiohttp import ClientSession, web

STORES = os.environ["UPSTREAM_URL"]


async def connect(app):
    async with ClientSession(STORES) as app["session"]:
        yield


async def stock(session, gate, depot):
    async with gate, session.get(f"/4?depot={depot}") as answer:
        return (await answer.json())["stock"]


async def board(request):
    gate = asyncio.Semaphore(4)
    left = await asyncio.gather(*(stock(request.app["session"], gate, depot) for depot in range(12)))
    return web.json_response({"left": left})


app = web.Application()
app.cleanup_ctx.append(connect)
app.add_routes([web.get("/board", board)])
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None)
