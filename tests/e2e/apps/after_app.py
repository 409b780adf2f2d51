"""Starlette: what requests do when they have their answer, below a middleware that runs them in a task of its own, and errors then."""

import asyncio
import time

from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.responses import JSONResponse, PlainTextResponse, StreamingResponse
from starlette.routing import Mount, Route

spent_ns = {}


def compute(name):
    begun = time.monotonic_ns()
    total = 0
    for number in range(400_000):
        total += number * number % 7
    spent_ns[name] = spent_ns.get(name, 0) + time.monotonic_ns() - begun
    return total


async def computed(name):
    compute(name)


async def failing_at_once():
    raise KeyError("at once")


async def failing_later():
    await asyncio.sleep(0.001)
    raise LookupError("later")


async def counted(request):
    return PlainTextResponse("soon", background=BackgroundTask(computed, request.url.path))


async def failed(request):
    raise ZeroDivisionError("before there is an answer")


async def failed_at_once(request):
    return PlainTextResponse("soon", background=BackgroundTask(failing_at_once))


async def failed_later(request):
    return PlainTextResponse("soon", background=BackgroundTask(failing_later))


async def large():
    for _ in range(64):
        yield b"x" * 262_144


async def streamed(request):
    return StreamingResponse(large(), background=BackgroundTask(computed, request.url.path))


async def spent(request):
    return JSONResponse(spent_ns)


class Passing(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        return await call_next(request)


routes = [
    Route("/counted", counted), Route("/failed", failed), Route("/failed-at-once", failed_at_once),
    Route("/failed-later", failed_later), Route("/streamed", streamed), Route("/spent", spent),
]
app = Starlette(routes=[*routes, Mount("/mounted", Starlette(routes=[Route("/counted", counted)])),
                        Mount("/passed", Starlette(routes=[Route("/counted", counted)], middleware=[Middleware(Passing)]))])
passing = Starlette(routes=routes, middleware=[Middleware(Passing)])
