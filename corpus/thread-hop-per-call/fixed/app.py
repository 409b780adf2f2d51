"""A member's card: points, rank, and who stands before and behind."""

import asyncio
import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

from fastapi import FastAPI

POINTS = "SELECT id, randomnumber FROM world WHERE id = ?"
BEFORE = "SELECT max(id) FROM world WHERE id < ?"
BEHIND = "SELECT min(id) FROM world WHERE id > ?"
BONUS = "SELECT randomnumber + 25 FROM world WHERE id = ? + 1"
FIRST = "SELECT randomnumber FROM world WHERE id = ? % 100 + 1"


@asynccontextmanager
async def lifespan(running):
    with ThreadPoolExecutor(1) as running.state.thread:
        running.state.db = sqlite3.connect(os.environ["WORLD_PATH"], check_same_thread=False)
        yield


app = FastAPI(lifespan=lifespan)


def check(number):
    total = 0
    for place, digit in enumerate(f"{number:016d}"):
        double = int(digit) * (2 - place % 2)
        total += double - 9 * (double > 9)
    return total % 10


def read(number):
    return [app.state.db.execute(text, (number,)).fetchone() for text in (POINTS, BEFORE, BEHIND, BONUS, FIRST)]


@app.get("/card/{number}")
async def card(number: int):
    found = await asyncio.get_running_loop().run_in_executor(app.state.thread, read, number)
    (member, points), (before,), (behind,), (bonus,), (first,) = found
    return {"member": member, "points": points, "before": before, "behind": behind, "bonus": bonus, "first": first,
            "check": check(number)}
