"""A member's card: points, rank, and who stands before and behind."""

import os
from contextlib import asynccontextmanager

import aiosqlite
from fastapi import FastAPI

POINTS = "SELECT id, randomnumber FROM world WHERE id = ?"
BEFORE = "SELECT max(id) FROM world WHERE id < ?"
BEHIND = "SELECT min(id) FROM world WHERE id > ?"
BONUS = "SELECT randomnumber + 25 FROM world WHERE id = ? + 1"
FIRST = "SELECT randomnumber FROM world WHERE id = ? % 100 + 1"


@asynccontextmanager
async def lifespan(running):
    async with aiosqlite.connect(os.environ["WORLD_PATH"]) as db:
        running.state.db = db
        yield


app = FastAPI(lifespan=lifespan)


def check(number):
    total = 0
    for place, digit in enumerate(f"{number:016d}"):
        double = int(digit) * (2 - place % 2)
        total += double - 9 * (double > 9)
    return total % 10


@app.get("/card/{number}")
async def card(number: int):
    found = []
    for text in (POINTS, BEFORE, BEHIND, BONUS, FIRST):
        async with app.state.db.execute(text, (number,)) as rows:  # mark: a
            found.append(await rows.fetchone())
    (member, points), (before,), (behind,), (bonus,), (first,) = found
    return {"member": member, "points": points, "before": before, "behind": behind, "bonus": bonus, "first": first,
            "check": check(number)}
