"""A shop's front page: who comes without a cookie is given one."""

import secrets
import sys
from collections import OrderedDict

from aiohttp import web

GOODS = [f"article {number}" for number in range(300)]


class Sessions:
    def __init__(self):
        self.open = OrderedDict()

    def begin(self):
        key = secrets.token_hex(16)
        self.open[key] = {"csrf": secrets.token_hex(32), "seen": [f"{GOODS[place]} {key[:8]}" for place in range(12)], "basket": []}
        while len(self.open) > 150:
            self.open.popitem(last=False)
        return key

    def get(self, key):
        return self.open.get(key)


sessions = Sessions()


def popular(letter):
    return [name for name in sorted(GOODS, reverse=True) if letter in name][:5]


async def shop(request):
    session = sessions.get(request.cookies.get("session"))
    key = sessions.begin() if session is None else None
    answer = web.json_response({"goods": popular("7"), "new": session is None})
    if key:
        answer.set_cookie("session", key)
    return answer


app = web.Application()
app.router.add_get("/shop", shop)

if __name__ == "__main__":
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None)
