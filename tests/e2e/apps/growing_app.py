"""One leak, and what looks like one: a bounded cache, a table made once, lists that live as long as a request."""

from collections import OrderedDict

from flask import Flask

app = Flask(__name__)
SEEN = []
RECENT = OrderedDict()
TABLE = []


@app.get("/leak/<int:number>")
def leak(number):
    SEEN.append(str(number) * 2000)  # CAUSE: memory-leak
    return "kept"


@app.get("/cache/<int:number>")
def cache(number):
    RECENT[number % 300] = bytearray(4000)
    while len(RECENT) > 300:
        RECENT.popitem(last=False)
    return "cached"


@app.get("/table")
def table():
    if not TABLE:
        TABLE.extend(bytearray(1000) for _ in range(5000))
    return str(len(TABLE))


@app.get("/work")
def work():
    return str(sum(len(part) for part in [str(number) * 20 for number in range(2000)]))
