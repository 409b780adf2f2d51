"""FastAPI: a coroutine that computes for some tens of milliseconds, and one that others ask for."""

from fastapi import FastAPI

app = FastAPI()


def compute():
    total = 0
    for number in range(400_000):
        total += number * number % 7  # CAUSE: cpu-hog-in-event-loop
    return total


@app.get("/hog")
async def hog():
    return compute()


@app.get("/quick")
async def quick():
    return "ok"
