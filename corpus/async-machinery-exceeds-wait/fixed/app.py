"""An offer with all its positions, each priced by what the customer pays elsewhere."""

from fastapi import FastAPI
from starlette.responses import JSONResponse

app = FastAPI()
LIST = {number: 100 + number * 37 % 900 for number in range(2000)}
GROUPS = ("retail", "trade", "staff")
REBATE = {"retail": 0, "trade": 12, "staff": 20}


def rebate(customer):
    return REBATE[GROUPS[customer % 3]]


def position(number, customer):
    cents = LIST[number] * (100 - rebate(customer)) // 100
    return {"number": number, "cents": cents}


def digits(text):
    total = 0
    for letter in text * 40:
        total = (total * 31 + ord(letter)) % 1000003
    return total


@app.get("/offer/{customer}")
async def offer(customer: int):
    rows = [position(number, customer) for number in range(customer, customer + 200)]
    return JSONResponse({"sum": sum(row["cents"] for row in rows), "first": rows[:5], "check": digits(f"offer {customer}")})
