"""What is said in a room, as it is said: events that come when there are some."""

import asyncio
import json

from fastapi import FastAPI
from fastapi.responses import StreamingResponse

app = FastAPI()
WORDS = "the quick brown fox jumps over the lazy dog while nobody looks".split()


def line(room, number):
    return {"room": room, "number": number, "text": " ".join(WORDS[number % 5:number % 5 + 6])}


async def events(room):
    for number in range(12):
        await asyncio.sleep(0.008)
        yield f"event: line\nid: {number}\ndata: {json.dumps(line(room, number))}\n\n"


@app.get("/ticks")
async def ticks(room: int = 1):
    return StreamingResponse(events(room), media_type="text/event-stream")


@app.get("/rooms/{room}")
async def shown(room: int):
    return {"room": room, "lines": [line(room, number) for number in range(12)]}
