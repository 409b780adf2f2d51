"""Weather of a place, from another service, over connections that are kept; a client is made at start-up."""

import hashlib
import os
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI


@asynccontextmanager
async def lifespan(running):
    async with httpx.AsyncClient(base_url=os.environ["UPSTREAM_URL"]) as client:
        running.state.client = client
        yield


app = FastAPI(lifespan=lifespan)


@app.get("/weather/{place}")
async def weather(place: int):
    digest = hashlib.sha256()
    for step in range(400):
        digest.update(b"%d" % step)
    answer = await app.state.client.get(f"/0?place={place}")
    return {"place": place, "degrees": answer.json()["stock"], "seal": digest.hexdigest()}
