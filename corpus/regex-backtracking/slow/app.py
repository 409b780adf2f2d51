"""Takes apart the lines of a log that a client sends, or the sample of one."""

import re
from collections import Counter

from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

LINES = [f"{n:04d} host-{n % 7} key=value-{n} note the quick brown fox jumps" for n in range(60)]
LINES += ["0099 host-3 uninterrupted now!"]
FIELD = re.compile(r"(\w+)=([\w-]+)")
PHRASE = re.compile(r"\d+ host-\d (?:\w+[ =-]?)+$")


def fields(lines):
    return [FIELD.findall(line) for line in lines]


def phrases(lines):
    return sum(1 for line in lines if PHRASE.match(line))  # mark: a


def words(lines):
    count = Counter()
    for line in lines:
        count.update(line.split())
    return count.most_common(3)


async def parse(request):
    lines = LINES[int(request.query_params.get("start", 0)):]
    return JSONResponse({"fields": len(fields(lines)), "phrases": phrases(lines), "words": words(lines)})


app = Starlette(routes=[Route("/parse", parse)])
