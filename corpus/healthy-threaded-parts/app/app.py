"""Parts of a print job, each packed in a thread, as it takes some milliseconds."""

import asyncio
import random
import zlib

from fastapi import FastAPI

app = FastAPI()
SHEET = random.Random(3).randbytes(90_000)


def pack(page):
    return len(zlib.compress(SHEET[page:], 6))


@app.get("/print/{pages}")
async def print_job(pages: int):
    sizes = [await asyncio.to_thread(pack, page) for page in range(pages % 4 + 3)]
    return {"pages": len(sizes), "bytes": sum(sizes)}
