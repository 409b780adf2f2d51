"""Labels for parcels: one thread has the printer, a request waits until its label is out."""

import itertools
import queue
import threading

from flask import Flask, jsonify

app = Flask(__name__)
JOBS = queue.SimpleQueue()
DONE = {}
OUT = threading.Condition()
NUMBERS = itertools.count(1)


def printer():
    pause = threading.Event()
    while True:
        number, text = JOBS.get()
        pause.wait(0.004)  # the device
        with OUT:
            DONE[number] = text.upper()
            OUT.notify_all()


threading.Thread(target=printer, daemon=True).start()


def printed(number):
    with OUT:
        OUT.wait_for(lambda: number in DONE)
        return DONE.pop(number)


def checksum(text):
    total = 0
    for place, character in enumerate(text * 20):
        total = (total + place * ord(character)) % 9973
    return total


@app.get("/labels/<int:parcel>")
def label(parcel):
    number = next(NUMBERS)
    text = f"parcel {parcel} to dock {parcel % 12}"
    JOBS.put((number, text))
    return jsonify(label=printed(number), check=checksum(text))
