"""Documents of customers: a link under which one can be fetched from the archive."""

import requests
from flask import Flask, jsonify

app = Flask(__name__)
ARCHIVE = "https://archive.example/documents"
FOLDERS = [{"folder": number, "pages": number * 17 % 301} for number in range(250)]
sessions = {}


def session_of(customer):
    if customer not in sessions:
        sessions[customer] = requests.Session()  # mark: a
        sessions[customer].trust_env = False
    return sessions[customer]


def link(customer, document):
    asked = requests.Request("GET", f"{ARCHIVE}/{document}", params={"customer": customer, "pages": "all"})
    return session_of(customer).prepare_request(asked).url


def thickest(customer):
    folders = sorted(FOLDERS, key=lambda folder: (folder["pages"] * customer) % 307)
    return [folder["folder"] for folder in folders[:6]]


@app.get("/document/<int:customer>")
def document(customer):
    return jsonify(link=link(customer, customer % 97), folders=thickest(customer))
