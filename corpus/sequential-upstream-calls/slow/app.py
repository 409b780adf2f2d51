"""A basket: each article's price comes from the service that keeps them."""

import os
from concurrent.futures import ThreadPoolExecutor

import requests
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import JsonResponse
from django.urls import path

PRICES = os.environ["UPSTREAM_URL"]
ARTICLES = [11, 23, 42, 57]
session = requests.Session()
session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=8))
helpers = ThreadPoolExecutor(8)


def price(article):
    answer = session.get(f"{PRICES}/8?article={article}", timeout=5)  # mark: a
    return answer.json()["price"] + article


def discount(total):
    rest = total
    for step in range(1, 400):
        rest = (rest * 31 + step) % 9973
    return rest % 7


def basket(request):
    prices = [price(article) for article in ARTICLES]
    return JsonResponse({"prices": prices, "discount": discount(sum(prices))})


settings.configure(SECRET_KEY="k", ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"])
urlpatterns = [path("basket", basket)]
app = get_wsgi_application()
