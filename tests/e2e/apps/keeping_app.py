"""Memory that goes three ways: a cache without a bound, blocks that C code keeps, one large thing for a moment."""

import ctypes
import functools
import os

from flask import Flask

app = Flask(__name__)
KEEPER = ctypes.CDLL(os.environ["KEEPER"]) if "KEEPER" in os.environ else None


@functools.lru_cache(maxsize=None)
def render(name, number):
    words = [name, str(number)]
    return "-".join(words) * 40


@app.get("/page/<name>/<int:number>")
def page(name, number):
    return render(name, number)


@app.get("/native/<int:number>")
def native(number):
    KEEPER.keep(1000 + number % 2)  # CAUSE: native-memory-leak
    return "kept"


@app.get("/whole")
def whole():
    return str(len(b"row " * (20 << 20)))  # CAUSE: peak-allocation
