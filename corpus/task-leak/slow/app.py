"""A help desk: who looks at a desk is told what is new there, as long as the page is open."""

import asyncio
from collections import defaultdict

from fastapi import FastAPI

app = FastAPI()
desks = defaultdict(list)
counts = defaultdict(int)


async def follow(number, queue):
    while True:
        counts[number] += await queue.get()


def told(number):
    for queue in desks[number][-20:]:
        queue.put_nowait(1)


def code(number):
    value = number
    for step in range(400):
        value = (value * 75 + 74 + step) % 65537
    return value


@app.get("/desk/{number}")
async def desk(number: int):
    queue = asyncio.Queue()
    desks[number].append(queue)
    follower = asyncio.create_task(follow(number, queue))  # mark: a
    told(number)
    await asyncio.sleep(0)
    return {"desk": number, "seen": counts[number] > 0, "code": code(number), "named": bool(follower.get_name())}
