# Lines that src/rules/cpu/hot-python-loop.test.sql and quadratic-work.test.sql look at, by their numbers.
from datetime import datetime


def parse(row):
    return datetime.strptime(row, "%d.%m.%Y")


def read(rows):
    return [parse(row) for row in rows]


def once(row):
    return parse(row)


async def stream(rows):
    for row in rows:
        await row.drain()


class Writer:
    def __init__(self):
        self.out = b""

    def add(self, piece):
        self.out = self.out + piece


def local(pieces):
    out = ""
    for piece in pieces:
        out += piece
    return out
