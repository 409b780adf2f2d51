"""Accounts of a club: what a member owes, and how long it took to find out."""

import time

from fastapi import FastAPI, Request
from prometheus_client import Counter, Summary

app = FastAPI()
served = Summary("served_seconds", "how long answers took", ["path"])
asked = Counter("asked", "who asked", ["kind"])
FEES = [(number * 131 % 997, number % 12) for number in range(300)]


def owes(member):
    return sum(fee for fee, month in sorted(FEES) if month == member % 12)


@app.get("/account/{member}")
async def account(member: int, request: Request):
    began = time.perf_counter()
    cents = owes(member)
    asked.labels("even" if member % 2 == 0 else "odd").inc()
    served.labels(request.scope["route"].path).observe(time.perf_counter() - began)
    return {"member": member, "owes": cents}
