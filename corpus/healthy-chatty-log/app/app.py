"""Routes a parcel and keeps a journal of it, as the customs office asks for."""

import logging
import tempfile

from flask import Flask, jsonify, request

app = Flask(__name__)
log = logging.getLogger("journal")
log.setLevel(logging.INFO)
log.addHandler(logging.StreamHandler(tempfile.TemporaryFile("w")))
WAYS = {n: [(n * 5 + k * 7) % 40 for k in range(6)] for n in range(40)}


def routed(start):
    way, at = [], start
    for step in range(30):
        log.debug("step %d from %d", step, at)
        at = min(WAYS[at], key=lambda hub: (hub * 31 + step) % 41)
        log.info("parcel at hub %d, step %d, %d ways on", at, step, len(WAYS[at]))
        way.append(at)
    return way


@app.get("/way")
def way():
    return jsonify(way=routed(int(request.args.get("start", 7)) % 40))
