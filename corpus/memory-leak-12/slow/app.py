"""A mail gateway: the headers of a letter, as the next one gets them."""

import sys

from aiohttp import web
from multidict import CIMultiDict

FIELDS = [f"X-Department-{number}-Of-The-Post" for number in range(12)]
KNOWN = [f"gateway{number}.example" for number in range(90)]


def headers_of(letter):
    came = CIMultiDict({f"{field}-{letter % 1000}": "seen" for field in FIELDS})  # mark: a
    return CIMultiDict([(name, value) for name, value in came.items()])


def way(letter):
    return sorted(KNOWN, key=lambda gateway: ord(gateway[7]) * letter % 1009)[:4]


async def mail(request):
    letter = int(request.match_info["letter"])
    headers = headers_of(letter)
    return web.json_response({"letter": letter, "headers": len(headers), "way": len(way(letter)),
                              "seen": headers.get(f"x-department-3-of-the-post-{letter % 1000}")})


app = web.Application()
app.router.add_get("/mail/{letter}", mail)

if __name__ == "__main__":
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None)
