"""Orders of a kitchen: who orders is told when a dish is done."""

import asyncio
import sys
from collections import deque

from aiohttp import web

DISHES = [f"dish {number}" for number in range(120)]
followers = set()
told = deque(maxlen=50)


def dishes_of(number):
    return [f"{number:07d} {place:03d} {DISHES[(number * 7 + place) % 120]} without {DISHES[(number + place) % 120]}" for place in range(130)]  # mark: a


async def follow(number, dishes, done):
    await done.wait()
    told.append((number, len(dishes)))


def cook(number):
    return sum((number * place) % 31 for place in range(600))


async def order(request):
    number = int(request.match_info["number"])
    dishes = dishes_of(number)
    done = asyncio.Event()
    follower = asyncio.create_task(follow(number, dishes, done))  # mark: b
    followers.add(follower)
    follower.add_done_callback(followers.discard)
    await asyncio.sleep(0)
    return web.json_response({"order": number, "dishes": len(dishes), "minutes": cook(number) % 60})


app = web.Application()
app.router.add_get("/order/{number}", order)

if __name__ == "__main__":
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None)
