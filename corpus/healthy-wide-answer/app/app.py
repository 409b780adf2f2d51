"""All positions of a depot in one answer, as the client wants them."""

import copy

from fastapi import FastAPI
from fastapi.responses import JSONResponse

app = FastAPI()
BLANK = {"depot": "", "currency": "EUR", "notes": []}
POSITIONS = [{"isin": f"DE{n * 7919 % 10**9:09d}", "pieces": n * 37 % 211, "price": n * 317 % 9001 / 100,
              "lots": [{"day": k, "pieces": n % (k + 2)} for k in range(4)]} for n in range(250)]


@app.get("/depot")
async def depot(number: str = "d-1"):
    answer = copy.deepcopy(BLANK)
    answer["depot"] = number
    answer["positions"] = [dict(position, value=position["pieces"] * position["price"]) for position in POSITIONS]
    return JSONResponse(answer)
