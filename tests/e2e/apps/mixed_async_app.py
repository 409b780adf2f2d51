"""FastAPI: five pages that answer at once, and rare ones: one blocks the loop, one computes, one awaits as it should."""

import asyncio
import time

from fastapi import BackgroundTasks, FastAPI
from fastapi.responses import StreamingResponse

app = FastAPI()


def page(number):
    @app.get(f"/page{number}")
    async def show():
        return {"page": number}


for page_number in range(5):
    page(page_number)


@app.get("/rates")
async def rates():
    time.sleep(0.03)  # CAUSE: blocking-call-in-event-loop
    return {"rate": 1}


@app.get("/digest")
async def digest():
    total = 0
    for number in range(400_000):
        total += number * number % 7  # CAUSE: hot-python-loop
    return {"total": total}


@app.get("/good/rates")
async def good_rates():
    await asyncio.sleep(0.03)
    return {"rate": 1}


def later():
    time.sleep(0.02)  # of no request any more


async def computed_later():
    total = 0
    for number in range(400_000):
        total += number * number % 7
    return total


@app.get("/mailed")
async def mailed(tasks: BackgroundTasks):
    tasks.add_task(later)
    return {"sent": "soon"}


@app.get("/counted")
async def counted(tasks: BackgroundTasks):
    tasks.add_task(computed_later)
    return {"counted": "soon"}


async def parts():
    for _ in range(3):
        total = 0
        for number in range(60_000):
            total += number * number % 7
        yield f"{total}\n"


@app.get("/streamed")
async def streamed(tasks: BackgroundTasks):
    tasks.add_task(computed_later)
    return StreamingResponse(parts(), background=tasks)
