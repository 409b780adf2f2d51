"""Tickets of a railway: each may pass a gate once a second."""

import hashlib
import sys
import time

from aiohttp import web

LINES = [f"line {number}" for number in range(60)]
used = {}
current = [0]


def token_of(ticket):
    return f"{hashlib.sha512(b'%d' % ticket).hexdigest()}.{hashlib.sha512(b'%d.' % ticket).hexdigest()}"


def passes(ticket):
    second = int(time.monotonic())
    if second != current[0]:
        used.clear()
        current[0] = second
    token = token_of(ticket)
    if used.get(token) == second:
        return False
    used[token] = second
    return True


def lines_of(ticket):
    return [line for line in LINES if (len(line) + ticket) % 3 == 0][:6]


async def gate(request):
    ticket = int(request.match_info["ticket"])
    return web.json_response({"open": passes(ticket), "lines": lines_of(ticket)})


app = web.Application()
app.router.add_get("/ticket/{ticket}", gate)

if __name__ == "__main__":
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None)
