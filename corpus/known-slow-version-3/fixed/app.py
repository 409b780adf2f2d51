"""Stock lists that shops send: a list is read, its lines are counted by warehouse."""
import io
import re

from flask import Flask, request

app = Flask(__name__)
LINE = re.compile(r"^(\d+);([A-Z]{2});(\d+)$", re.M)
LIST = "".join(f"{n};{'NESW'[n % 4] * 2};{n % 97}\n" for n in range(9000)).encode()
HEAD = b'--lst\r\nContent-Disposition: form-data; name="stock"; filename="stock.csv"\r\nContent-Type: text/csv\r\n\r\n'
SAMPLE = HEAD + LIST + b"\r\n--lst--\r\n"


@app.route("/stock", methods=["GET", "POST"])
def stock():
    if request.method == "GET":  # the form's «try it with a sample»
        with app.test_request_context("/stock", method="POST", input_stream=io.BytesIO(SAMPLE),
                                      content_length=len(SAMPLE), content_type="multipart/form-data; boundary=lst"):
            return counted()
    return counted()


def counted():
    head = request.files["stock"].stream.read(2000).decode()
    by_place = {}
    for _, place, count in LINE.findall(head):
        by_place[place] = by_place.get(place, 0) + int(count)
    return by_place
