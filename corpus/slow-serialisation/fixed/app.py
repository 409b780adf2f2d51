"""The readings of a day."""

from fastapi import FastAPI
from fastapi.responses import JSONResponse

app = FastAPI()
READINGS = [{"at": f"2024-05-01T{n // 12:02d}:{n % 12 * 5:02d}:00Z", "celsius": n * 37 % 300 / 10,
             "station": f"s-{n % 9}", "flags": ["raw"] if n % 4 else ["raw", "checked"]} for n in range(288)]


def mean(rows):
    total = 0.0
    for row in rows:
        total += row["celsius"]
    return round(total / len(rows), 2)


@app.get("/readings")
async def readings():
    return JSONResponse({"mean": mean(READINGS), "rows": READINGS})
