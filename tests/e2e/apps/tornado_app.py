"""Tornado as its own server: a handler that awaits, one that answers with an error, one that fails."""

import asyncio
import sys

from tornado.web import Application, HTTPError, RequestHandler


class Item(RequestHandler):
    async def get(self, number):
        await asyncio.sleep(0.001)
        self.write("x" * 100)


class Refused(RequestHandler):
    def get(self):
        raise HTTPError(409)


class Failing(RequestHandler):
    def get(self):
        raise LookupError("nothing there")


async def main():
    Application([(r"/items/(\d+)", Item), ("/refused", Refused), ("/failing", Failing)]).listen(
        int(sys.argv[1]), "127.0.0.1")
    await asyncio.Event().wait()


asyncio.run(main())
