"""What a basket costs: each article's price comes from the service that keeps them."""

import os
import re
from concurrent.futures import ThreadPoolExecutor

import requests
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import JsonResponse
from django.urls import path

PRICES = os.environ["UPSTREAM_URL"]
ARTICLES = [11, 23, 42, 57]
SHADES = ["", "light ", "dark ", "pale ", "deep "]
COLOURS = [shade + name for shade in SHADES for name in ("red", "green", "blue", "black", "white", "grey", "brown", "pink")]
TEXT = "a blue ring, two black pins, one white clip and a grey spring of 12 mm " * 4
session = requests.Session()
session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=8))
helpers = ThreadPoolExecutor(8)


def price(article):
    answer = session.get(f"{PRICES}/6?article={article}", timeout=5)
    return answer.json()["price"] + article


WANTED = [re.compile(rf"\b(?:a|one|two|three) (?P<colour>{colour}) (?P<what>[a-z]+?)s?\b(?: of (\d+) mm)?")
          for colour in COLOURS]


def words(text):
    return sum(len(wanted.findall(text)) for wanted in WANTED)


def discount(total):
    rest = total
    for step in range(1, 300):
        rest = (rest * 31 + step) % 9973
    return rest % 7


def prices(request):
    found = list(helpers.map(price, ARTICLES))
    return JsonResponse({"prices": found, "discount": discount(sum(found)), "colours": words(TEXT)})


settings.configure(SECRET_KEY="k", ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"])
urlpatterns = [path("prices", prices)]
app = get_wsgi_application()
