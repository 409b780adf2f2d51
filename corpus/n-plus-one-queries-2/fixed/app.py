"""What stands on a shelf, with the weight of each thing; aiohttp and a pool of asyncpg."""

import os
import re
import sys

import asyncpg
from aiohttp import web

SPACES = re.compile(r"\s+")
LABEL = "   shelf  of  things   that   are   heavy   and   of   others   that   are   not   " * 6


async def pool(app):
    async with asyncpg.create_pool(os.environ["WORLD_DSN"], min_size=2, max_size=4) as made:
        app["pool"] = made
        yield


async def things_of(connection, shelf):
    rows = await connection.fetch("SELECT id, randomnumber FROM world WHERE id > $1 ORDER BY id LIMIT 25", shelf * 25)
    return [{"thing": row["id"], "weight": row["randomnumber"]} for row in rows]


def tidy(label):
    for _ in range(3):
        label = SPACES.sub(" ", label).strip()
    return label.upper()


async def shelf(request):
    async with request.app["pool"].acquire() as connection:
        things = await things_of(connection, int(request.match_info["number"]))
    return web.json_response({"things": things, "label": tidy(LABEL)})


app = web.Application()
app.router.add_get("/shelves/{number}", shelf)
app.cleanup_ctx.append(pool)

if __name__ == "__main__":
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None)
