"""The cheapest Flask route: what the agent adds here is its cost for a request alone."""

from flask import Flask

app = Flask(__name__)


@app.get("/hello")
def hello():
    return "hello"
