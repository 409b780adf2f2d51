"""A basket with prices in the shop's currency."""

import os
from urllib.parse import urlsplit
from zlib import crc32

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection, models
from django.http import JsonResponse
from django.urls import path

url = urlsplit(os.environ["WORLD_DSN"])
settings.configure(
    ROOT_URLCONF=__name__, SECRET_KEY="k", ALLOWED_HOSTS=["*"], USE_TZ=False,
    DATABASES={"default": {
        "ENGINE": "django.db.backends.postgresql", "NAME": url.path[1:], "USER": url.username,
        "PASSWORD": url.password, "HOST": url.hostname, "PORT": url.port, "CONN_MAX_AGE": 600}})
django.setup()


class World(models.Model):
    id = models.IntegerField(primary_key=True)
    randomnumber = models.IntegerField()

    class Meta:
        app_label = "shop"
        db_table = "world"


class Term(models.Model):
    name = models.CharField(max_length=20, primary_key=True)
    number = models.IntegerField()

    class Meta:
        app_label = "shop"
        db_table = "term"


with connection.cursor() as cursor:
    cursor.execute("CREATE TABLE IF NOT EXISTS term (name varchar(20) PRIMARY KEY, number integer)")
    cursor.execute("INSERT INTO term VALUES ('rate', 1077), ('tax', 19), ('rounding', 5) ON CONFLICT DO NOTHING")


def rate():
    terms = {term.name: term.number for term in Term.objects.all()}
    return terms["rate"] / 1000 * (100 + terms["tax"]) / 100


def price(cents, factor):
    return round(cents * factor / 100, 2)


def label(row):
    code = 0
    for letter in f"{row.id:05d}-{row.randomnumber:05d}":
        code = crc32(letter.encode(), code)
    return f"{code:08x}"


def basket(request):
    rows = World.objects.filter(id__gt=int(request.GET.get("from", 400))).order_by("id")[:12]
    factor = rate()
    lines = [{"item": label(row), "price": price(row.randomnumber, factor)} for row in rows]
    return JsonResponse({"lines": lines, "count": len(lines)})


urlpatterns = [path("basket", basket)]
app = get_wsgi_application()
