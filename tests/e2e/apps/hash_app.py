"""Flask: a password is hashed in each request, by a call in C of the handler itself."""

import hashlib

from flask import Flask

app = Flask(__name__)


@app.get("/account")
def account():
    key = hashlib.pbkdf2_hmac("sha256", b"password", b"salt", 20_000)  # CAUSE: crypto-on-hot-path
    return key.hex()
