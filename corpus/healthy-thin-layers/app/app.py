"""Finds the numbers in a letter; each answer has the headers of the house."""

import re

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import JSONResponse
from starlette.routing import Route

AMOUNT = re.compile(r"\b(\d{1,3}(?:[.,]\d{3})*|\d+)(?:[.,](\d{2}))?\s?(EUR|CHF|USD)\b")
LETTER = " ".join(f"We owe you {n * 37 % 900} EUR and {n},50 CHF, since day {n} of last year." for n in range(40))


class Header:
    def __init__(self, app, name, value):
        self.app, self.pair = app, (name.encode(), value.encode())

    async def __call__(self, scope, receive, send):
        async def sending(message):
            if message["type"] == "http.response.start":
                message["headers"].append(self.pair)
            await send(message)
        await self.app(scope, receive, sending)


async def amounts(request):
    found = AMOUNT.findall(LETTER)
    return JSONResponse({"amounts": len(found), "francs": sum(1 for row in found if row[2] == "CHF")})


app = Starlette(routes=[Route("/amounts", amounts)], middleware=[
    Middleware(Header, name, value) for name, value in
    (("x-frame-options", "DENY"), ("x-house", "b-7"), ("referrer-policy", "same-origin"), ("x-version", "41"))])
