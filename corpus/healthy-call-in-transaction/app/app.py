"""A parcel's state: kept here, asked of the carrier while its row may not change."""

import os
import threading

import psycopg2
import requests
from flask import Flask, jsonify

app = Flask(__name__)
kept = threading.local()


def mine():
    if not hasattr(kept, "database"):
        kept.database = psycopg2.connect(os.environ["WORLD_DSN"])
        kept.carrier = requests.Session()
    return kept


@app.get("/parcel/<int:parcel>")
def state(parcel):
    with mine().database as database, database.cursor() as cursor:
        cursor.execute("SELECT randomnumber FROM world WHERE id = %s", (parcel,))
        known, = cursor.fetchone()
        answer = kept.carrier.get(os.environ["UPSTREAM_URL"] + "/1")
        cursor.execute("SELECT count(*) FROM world WHERE id < %s", (parcel,))
        before, = cursor.fetchone()
    return jsonify(parcel=parcel, known=known, carrier=answer.status_code, before=before)
