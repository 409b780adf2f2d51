"""Mail that a provider posts to us: its raw posts are kept, and read again when a mailbox is rebuilt."""
import io
import random
import zlib

from flask import Flask, jsonify
from werkzeug.formparser import parse_form_data

app = Flask(__name__)
BOUNDARY = "----mail7f21"
WORDS = [bytes(random.Random(n).choices(range(97, 123), k=9)) for n in range(500)]


def kept(number):
    """A post with one attachment, as it came."""
    part = b"%PDF-1.4\r" + b" ".join(random.Random(number).choices(WORDS, k=60_000))
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="attachment"; filename="{number}.pdf"\r\n' \
           "Content-Type: application/pdf\r\n\r\n"
    return head.encode() + part + f"\r\n--{BOUNDARY}--\r\n".encode()


POSTS = [kept(number) for number in range(4)]


def checksum(text):
    total = 1
    for start in range(0, len(text), 65536):
        total = zlib.adler32(text[start:start + 65536], total)
    return total


@app.get("/rebuild")
def rebuild():
    post = POSTS[zlib.crc32(random.randbytes(4)) % len(POSTS)]
    environ = {"REQUEST_METHOD": "POST", "wsgi.input": io.BytesIO(post), "CONTENT_LENGTH": str(len(post)),
               "CONTENT_TYPE": f"multipart/form-data; boundary={BOUNDARY}"}
    _, _, files = parse_form_data(environ)  # mark: a
    text = files["attachment"].read()
    return jsonify(bytes=len(text), checksum=checksum(text))
