"""Stock of an article; the store's own service is asked, which takes its time."""

import os
from contextlib import asynccontextmanager

import anyio.to_thread
import requests
from fastapi import FastAPI

STORE = os.environ["UPSTREAM_URL"]
session = requests.Session()
session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=64))


@asynccontextmanager
async def lifespan(running):
    anyio.to_thread.current_default_thread_limiter().total_tokens = 64
    yield


app = FastAPI(lifespan=lifespan)


def words(text):
    return sorted({word.strip(".,").lower() for word in text.split()})


@app.get("/stock/{article}")
def stock(article: int):
    left = session.get(f"{STORE}/60?article={article}", timeout=9).json()["stock"]
    return {"article": article, "left": left, "words": words("Bolts, nuts and washers of all sizes. " * 20)}
