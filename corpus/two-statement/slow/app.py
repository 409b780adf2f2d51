"""A month's statement, as a page and as data."""

from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader

app = FastAPI()
PAGES = Path(__file__).parent / "pages"
ENTRIES = [{"day": 1 + entry % 28, "text": f"booking {entry * 7919 % 1000}", "cents": entry * 317 % 9001 - 4000,
            "tags": ["card", "abroad"] if entry % 3 else ["card"]} for entry in range(400)]


def page(name):
    environment = Environment(loader=FileSystemLoader(PAGES), autoescape=True)
    return environment.get_template(name)  # mark: a


def balances(entries):
    rows, cents = [], 0
    for entry in entries:
        cents += entry["cents"]
        rows.append({**entry, "balance": f"{cents / 100:.2f}", "amount": f"{entry['cents'] / 100:.2f}"})
    return rows


@app.get("/statement")
def statement(month: int = 5):
    return HTMLResponse(page("statement.html").render(month=month, rows=balances(ENTRIES)[:20], owner="shop-7"))


@app.get("/entries")  # mark: b
async def entries(month: int = 5):
    return {"month": month, "entries": balances(ENTRIES)}
