"""How old an entry is, from a table in memory."""

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

BORN = {number: 1_700_000_000 + number * 8641 for number in range(1000)}
NOW = 1_760_000_000


def words(seconds):
    days, rest = divmod(seconds, 86400)
    return " ".join(f"{count} {name}" for count, name in ((days, "days"), (rest // 3600, "hours")) if count)


async def age(request):
    return Response(words(NOW - BORN[request.path_params["number"] % 1000]), media_type="text/plain")


app = Starlette(routes=[Route("/age/{number:int}", age)])
