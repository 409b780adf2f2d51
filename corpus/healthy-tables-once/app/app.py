"""Prices of goods in four markets: a market's table is worked out once, when someone asks for it."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import JsonResponse
from django.urls import path

tables = {}


def table_of(market):
    if market not in tables:
        tables[market] = {article: (article * market % 9973, f"article {article} of market {market}") for article in range(30_000)}
    return tables[market]


def price(request, market, article):
    table = table_of(market)
    near = [table[other] for other in range(article, article + 40)]
    return JsonResponse({"market": market, "price": table[article], "cheapest": min(near)})


settings.configure(SECRET_KEY="k", ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"])
urlpatterns = [path("price/<int:market>/<int:article>", price)]
app = get_wsgi_application()
