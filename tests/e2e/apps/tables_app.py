"""A table of 64 MiB that is read when the module is imported: in each worker, or before they are forked."""

from flask import Flask

app = Flask(__name__)
TABLE = [bytes([number]) * (1 << 20) for number in range(64)]


@app.get("/row/<int:number>")
def row(number):
    return str(TABLE[number % 64][number])
