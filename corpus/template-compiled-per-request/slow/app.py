"""A month's statement as a page."""

from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader

app = FastAPI()
PAGES = Path(__file__).parent / "pages"
ENTRIES = [{"day": day, "text": f"booking {day * 7919 % 1000}", "cents": day * 317 % 9001 - 4000}
           for day in range(1, 29)]


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
    return HTMLResponse(page("statement.html").render(month=month, rows=balances(ENTRIES), owner="shop-7"))
