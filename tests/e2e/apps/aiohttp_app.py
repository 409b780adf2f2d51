"""aiohttp.web as its own server: answers of every kind, one that blocks the loop, one that asks asyncpg's pool."""

import asyncio
import os
import sys
import time

from aiohttp import web


async def hello(request):
    return web.json_response("hello")


async def item(request):
    return web.Response(text="x" * 100)


async def wait(request):
    await asyncio.sleep(0.005)
    return web.Response(text="waited")


async def blocking(request):
    time.sleep(0.02)  # CAUSE: blocking-call-in-event-loop
    return web.Response(text="blocked")


async def refused(request):
    raise web.HTTPConflict


async def failing(request):
    raise LookupError("nothing there")


class View(web.View):
    async def get(self):
        return web.Response(text="view")


async def events(request):
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    for _ in range(3):
        await response.write(b"data: tick\n\n")
        await asyncio.sleep(0.001)
    return response


async def socket(request):
    response = web.WebSocketResponse()
    await response.prepare(request)
    await response.send_str("welcome")
    await response.close()
    return response


async def query(request):
    return web.Response(text=str(await request.app["pool"].fetchval("SELECT randomnumber FROM world WHERE id = $1", 7)))


@web.middleware
async def in_turns(request, handler):
    await asyncio.sleep(0)
    return await handler(request)


async def pool(app):
    import asyncpg

    url = os.environ["WORLD_URL"].replace("+psycopg2", "")
    async with asyncpg.create_pool(url, min_size=1, max_size=2) as made:
        app["pool"] = made
        yield


part = web.Application()
part.router.add_get("/inner/{number}", item)
app = web.Application(middlewares=[in_turns])
app.add_routes([
    web.get("/hello", hello), web.get("/items/{number}", item), web.get("/wait", wait), web.get("/blocking", blocking),
    web.get("/refused", refused), web.get("/failing", failing), web.view("/view", View), web.get("/events", events),
    web.get("/socket", socket), web.get("/query", query),
])
app.add_subapp("/part", part)
if "WORLD_URL" in os.environ:
    app.cleanup_ctx.append(pool)

if __name__ == "__main__":
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None)
