"""What a visitor sees above a hall: how many seats are left, and a sentence about it."""

import os

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import models
from django.http import JsonResponse
from django.urls import path

settings.configure(
    ROOT_URLCONF=__name__, SECRET_KEY="k", ALLOWED_HOSTS=["*"], USE_TZ=False,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["WORLD_PATH"], "CONN_MAX_AGE": 600}})
django.setup()


class Seat(models.Model):
    id = models.IntegerField(primary_key=True)
    price = models.IntegerField(db_column="randomnumber")

    class Meta:
        app_label = "hall"
        db_table = "world"


def left(hall):
    seats = Seat.objects.filter(id__gt=hall * 900, id__lte=hall * 900 + 900, price__gt=2000)
    return seats.count()


def spoken(number):
    words = []
    while number:
        number, digit = divmod(number, 10)
        words.append(("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")[digit])
    return " ".join(reversed(words))


def counter(request):
    seats = left(int(request.GET.get("hall", 2)))
    return JsonResponse({"left": seats, "spoken": spoken(seats)})


urlpatterns = [path("counter", counter)]
app = get_wsgi_application()
