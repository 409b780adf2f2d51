"""A basket with its discounts; the rate they are reckoned by is kept with the shops."""

import logging
import os
from urllib.parse import urlsplit

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import models
from django.http import JsonResponse
from django.urls import path

url = urlsplit(os.environ["WORLD_DSN"])
settings.configure(
    ROOT_URLCONF=__name__, SECRET_KEY="k", ALLOWED_HOSTS=["*"], USE_TZ=False,
    DATABASES={"default": {
        "ENGINE": "django.db.backends.postgresql", "NAME": url.path[1:], "USER": url.username,
        "PASSWORD": url.password, "HOST": url.hostname, "PORT": url.port, "CONN_MAX_AGE": 600}})
django.setup()
log = logging.getLogger("basket")
RULES = [{"of": n % 5, "percent": 3 + n % 20, "tags": [f"t-{k}" for k in range(n % 6)]} for n in range(60)]
BASKET = [{"article": f"a-{n}", "kind": n % 5, "cents": 250 + n * 73 % 4000} for n in range(8)]


class World(models.Model):
    id = models.IntegerField(primary_key=True)
    randomnumber = models.IntegerField()

    class Meta:
        app_label = "shop"
        db_table = "world"


def rate():
    return World.objects.earliest("id").randomnumber / 10000


def best(article):
    found = 0
    for rule in RULES:
        log.debug("%r by %r: %8d so far", article, rule, found)
        if rule["of"] == article["kind"]:
            found = max(found, article["cents"] * rule["percent"] // 100)
    return found


def slip(article):
    letters = 0
    for letter in article["article"] * 30:
        letters = (letters * 31 + ord(letter)) % 65521
    return letters


def basket(request):
    factor = rate()
    return JsonResponse({article["article"]: [round(best(article) * factor, 2), slip(article)] for article in BASKET})


urlpatterns = [path("basket", basket)]
app = get_wsgi_application()
