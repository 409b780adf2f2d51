"""Tides: a table of the next days, computed for each harbour."""

from math import cos, pi

from fastapi import FastAPI

app = FastAPI()
TERMS = [(1.2 / (number + 1), 12.42 / (number + 1)) for number in range(12)]


def height(hour, harbour):
    return sum(size * cos(2 * pi * (hour + harbour) / period) for size, period in TERMS)


@app.get("/tides/{harbour}")
async def tides(harbour: int):
    return {"harbour": harbour, "heights": [round(height(hour, harbour), 2) for hour in range(72)]}
