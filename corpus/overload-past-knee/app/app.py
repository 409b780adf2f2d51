"""The bill of a table: its rows, taxes and the sum."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.shortcuts import render
from django.urls import path

PAGE = """{% load l10n %}<!doctype html><title>{{ table }}</title><table>
{% for row in rows %}<tr><td>{{ row.name|title }}</td><td>{{ row.price|floatformat:2 }}</td><td>{{ row.tax|floatformat:2 }}</td></tr>
{% endfor %}</table><p>{{ total|floatformat:2 }}</p>"""
settings.configure(ROOT_URLCONF=__name__, SECRET_KEY="k", ALLOWED_HOSTS=["*"], TEMPLATES=[{
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "OPTIONS": {"loaders": [("django.template.loaders.cached.Loader",
                             [("django.template.loaders.locmem.Loader", {"bill.html": PAGE})])]}}])
ROWS = [{"name": f"dish {n}", "price": 3 + n * 37 % 29 / 3, "tax": n * 37 % 29 / 30} for n in range(150)]


def total(rows):
    return sum(row["price"] + row["tax"] for row in rows)


def bill(request, table):
    return render(request, "bill.html", {"table": table, "rows": ROWS, "total": total(ROWS)})


urlpatterns = [path("bill/<int:table>", bill)]
app = get_wsgi_application()
