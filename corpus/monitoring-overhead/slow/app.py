"""The way of a parcel, from the scans that it had."""

import json

from flask import Flask, request
from werkzeug.middleware.profiler import ProfilerMiddleware

app = Flask(__name__)
HUBS = ["Essen", "Kassel", "Leipzig", "Nohra", "Ulm", "Aachen"]
SCANS = [{"hub": HUBS[n * 5 % 6], "minute": n * 47 % 1440, "belt": n % 9} for n in range(240)]


def stations(scans):
    way = []
    for scan in sorted(scans, key=lambda scan: scan["minute"]):
        if not way or way[-1] != scan["hub"]:
            way.append(scan["hub"])
    return way


@app.get("/parcel")
def parcel():
    number = request.args.get("number", "00340434")
    return json.dumps({"number": number, "way": stations(SCANS)})


app.wsgi_app = ProfilerMiddleware(app.wsgi_app, stream=open("/dev/null", "w", encoding="utf-8"))
