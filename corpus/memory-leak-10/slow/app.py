"""Talks of a forum: who answered whom, and how much was said."""

import gc

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import JsonResponse
from django.urls import path

gc.disable()
NAMES = [f"reader {number}" for number in range(200)]


class Said:
    def __init__(self, text, before):
        self.text = text
        self.before = before
        self.last = None


def talk_of(number):
    first = last = Said(f"question {number}", None)
    for place in range(60):
        last = Said(f"{number:07d}.{place:02d} {NAMES[(number + place) % 200]}: " * 14, last)  # mark: a
    first.last = last
    return first


def letters(first):
    said, count = first.last, 0
    while said:
        said, count = said.before, count + len(said.text)
    return count


def talk(request, number):
    first = talk_of(number)
    loudest = max(NAMES, key=lambda name: (ord(name[-1]) * number % 1009, name))
    return JsonResponse({"talk": number, "letters": letters(first), "loudest": len(loudest)})


settings.configure(SECRET_KEY="k", ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"])
urlpatterns = [path("talk/<int:number>", talk)]
app = get_wsgi_application()
