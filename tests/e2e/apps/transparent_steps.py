"""Requests whose coroutine returns in a step by throw(), is cancelled, or fails."""

# first: what it hooks is put in place at the next import
from starlette.middleware.errors import ServerErrorMiddleware  # isort: skip

import asyncio

import seen


class Gone(asyncio.CancelledError):
    pass


class OwnError(Exception):
    pass


async def answer(send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"ok"})


async def fallback(scope, receive, send):
    try:
        await asyncio.wait_for(asyncio.sleep(30), 0.005)
    except asyncio.TimeoutError:
        pass


async def refused(scope, receive, send):
    future = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_soon(future.set_exception, ConnectionError("down"))
    try:
        await future
    except ConnectionError:
        pass


async def gone(scope, receive, send):
    raise Gone


async def failing(scope, receive, send):
    raise OwnError("x")


async def late(scope, receive, send):
    await answer(send)
    await refused(scope, receive, send)


class CancelledError(Exception):
    """Only its name is that of a cancellation."""


async def named(scope, receive, send):
    raise CancelledError


async def request(app, path):
    sent = []

    async def send(message):
        sent.append(message["type"])

    async def receive():
        return {"type": "http.request"}

    scope = {"type": "http", "method": "GET", "path": path, "headers": []}
    try:
        await ServerErrorMiddleware(app)(scope, receive, send)
    except BaseException as error:
        sent.append(type(error).__name__)
    return sent


for app in (fallback, refused, gone, failing, late, named):
    for times in range(2):
        seen.show(app.__name__, lambda: asyncio.run(request(app, "/")))
