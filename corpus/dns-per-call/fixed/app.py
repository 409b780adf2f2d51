"""A cart; how many of what were looked at goes to the meter, as datagrams."""

import socket
from time import perf_counter

from flask import Flask, jsonify

app = Flask(__name__)
METER = (socket.gethostbyname("localhost"), 18125)
wire = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
PRICES = {number: 100 + number * 37 % 911 for number in range(500)}


def note(name, value):
    wire.sendto(f"{name}:{value}|c".encode(), METER)


def total(cart):
    cents = 0
    for step in range(600):
        cents += PRICES[(cart * 13 + step) % 500]
    return cents


@app.get("/cart/<int:cart>")
def shown(cart):
    begun = perf_counter()
    note("cart.shown", 1)
    cents = total(cart)
    note("cart.cents", cents)
    note("cart.articles", 600)
    note("cart.time", int((perf_counter() - begun) * 1e6))
    return jsonify(cart=cart, cents=cents)
