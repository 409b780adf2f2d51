"""A house: each device has its page, its state and its history."""
import hashlib
import sys

from aiohttp import web

DEVICES = [f"{kind}-{n}" for kind in ("lamp", "meter", "valve", "door") for n in range(60)]


async def page(request):
    return web.Response(text=f"<h1>{request.path}</h1>", content_type="text/html")


async def state(request):
    seal = hashlib.pbkdf2_hmac("sha256", request.path.encode(), b"house", 20).hex()
    return web.json_response({"device": request.path, "on": int(seal[:2], 16) % 2 == 0, "seal": seal})


async def history(request):
    return web.json_response({"day": request.match_info["day"], "values": [n * n % 17 for n in range(24)]})


app = web.Application()
for device in DEVICES:
    app.router.add_get(f"/devices/{device}", page)
    app.router.add_get(f"/devices/{device}/state", state)
    app.router.add_get(f"/devices/{device}/history/{{day}}", history)

if __name__ == "__main__":
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None)
