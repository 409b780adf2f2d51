"""A library: who reads what is counted beside the requests, by one clerk."""

import os
import queue
import threading

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import JsonResponse
from django.urls import path

SHELVES = [[number * 7 % 101 for number in range(shelf, shelf + 50)] for shelf in range(40)]
waiting = queue.Queue(maxsize=1000)
popular = {}


def count(article):
    with connection.cursor() as cursor:
        for near in range(article, article + 4):
            cursor.execute("SELECT randomnumber FROM world WHERE id = %s AND randomnumber BETWEEN %s AND %s", [near % 10000 + 1, 0, 10000])
            popular[near % 100] = cursor.fetchone()


def clerk():
    while True:
        count(waiting.get())


def shelf_of(article):
    return min(range(len(SHELVES)), key=lambda shelf: abs(sum(SHELVES[shelf]) - article % 5000))


def read(request, article):
    waiting.put(article)
    return JsonResponse({"article": article, "shelf": shelf_of(article), "known": len(popular) <= 100})


settings.configure(SECRET_KEY="k", ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"],
                   DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["WORLD_PATH"]}})
urlpatterns = [path("read/<int:article>", read)]
app = get_wsgi_application()
threading.Thread(target=clerk, daemon=True).start()
