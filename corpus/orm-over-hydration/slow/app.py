"""What the articles of a shelf are worth together."""

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


class Article(models.Model):
    id = models.IntegerField(primary_key=True)
    price = models.IntegerField(db_column="randomnumber")

    class Meta:
        app_label = "shelf"
        db_table = "world"


def worth(shelf):
    articles = Article.objects.filter(id__gt=shelf * 800, id__lte=shelf * 800 + 800)
    return sum(article.price for article in articles)  # mark: a


def spoken(number):
    words = []
    while number:
        number, digit = divmod(number, 10)
        words.append(("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")[digit])
    return " ".join(reversed(words))


def total(request):
    value = worth(int(request.GET.get("page", 2)))
    return JsonResponse({"worth": value, "spoken": spoken(value)})


urlpatterns = [path("total", total)]
app = get_wsgi_application()
