"""The stock of an article, behind what each answer of the shop has to carry."""

import time
import uuid
from itertools import count

from fastapi import FastAPI
from fastapi.responses import JSONResponse

app = FastAPI()
STOCK = {f"a-{n}": n * 37 % 211 for n in range(500)}
asked = count()


class Layer:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()

        async def sending(message):
            if message["type"] == "http.response.start":
                name, value = self.header(started)
                message["headers"].append((name.encode(), value.encode()))
            await send(message)

        await self.app(scope, receive, sending)


class Numbered(Layer):
    def header(self, started):
        return "x-request-id", uuid.uuid4().hex


class Timed(Layer):
    def header(self, started):
        return "x-took", f"{time.perf_counter() - started:.3f}"


class Guarded(Layer):
    def header(self, started):
        return "x-frame-options", "DENY"


class Counted(Layer):
    def header(self, started):
        return "x-asked", str(next(asked))


for layer in (Numbered, Timed, Guarded, Counted):
    app.add_middleware(layer)


@app.get("/stock")
async def stock(article: str = "a-17"):
    near = sorted(STOCK, key=lambda name: abs(STOCK[name] - STOCK.get(article, 0)))[:5]
    return JSONResponse({"article": article, "left": STOCK.get(article, 0), "near": near})
