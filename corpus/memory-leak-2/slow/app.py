"""Labels of parcels, as text for a printer; what a zone costs is in a small table."""

import functools

from fastapi import FastAPI, Response

app = FastAPI()


@functools.lru_cache(maxsize=16)
def rates(zone):
    return {weight: 290 + zone * 35 + weight * 12 for weight in range(1, 31)}


@functools.cache
def label(parcel, zone, cents):
    return "".join(f"{field:02d} {parcel:08d} {zone:02d} {cents * (field + 1) % 99991:06d} {field * parcel % 9973:05d}\n" for field in range(64))  # mark: a


def check_digit(text):
    total = 0
    for place, letter in enumerate(text[:400]):
        total = (total + ord(letter) * (place % 7 + 1)) % 97
    return total


@app.get("/label/{parcel}")
async def print_label(parcel: int):
    zone = parcel % 9
    text = label(parcel, zone, rates(zone)[parcel % 30 + 1])
    return Response(text + f"{check_digit(text):02d}\n", media_type="text/plain")
