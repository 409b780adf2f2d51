"""Signs for doors: the text of one in the form that the machine wants, which the C library makes."""

import ctypes

from flask import Flask, jsonify

app = Flask(__name__)
libc = ctypes.CDLL(None)
libc.strdup.restype = ctypes.c_void_p
libc.strdup.argtypes = [ctypes.c_char_p]
libc.free.argtypes = [ctypes.c_void_p]
libc.strnlen.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
FONTS = [f"font {number}" for number in range(200)]


def engraved(text):
    plate = libc.strdup(text)
    length = libc.strnlen(plate, 100_000)
    first = ctypes.string_at(plate, 40)
    libc.free(plate)
    return length, first.decode()


def font(door):
    return min(FONTS, key=lambda name: ord(name[-1]) * door % 1009)


@app.get("/sign/<int:door>")
def sign(door):
    text = b"".join(b"%07d %03d " % (door, line) for line in range(680))
    length, first = engraved(text)
    return jsonify(door=door, length=length, first=first, font=len(font(door)))
