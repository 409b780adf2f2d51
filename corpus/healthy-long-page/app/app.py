"""A list of all stations as a page."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.shortcuts import render
from django.urls import path

PAGE = """{% load l10n %}<!doctype html><title>{{ title }}</title><table>
{% for row in rows %}<tr class="{% cycle 'odd' 'even' %}"><td>{{ row.name|title }}</td>
<td>{{ row.height|floatformat:1 }} m</td><td>{% if row.open %}open{% else %}closed{% endif %}</td></tr>
{% endfor %}</table>"""
settings.configure(ROOT_URLCONF=__name__, SECRET_KEY="k", ALLOWED_HOSTS=["*"], TEMPLATES=[{
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "OPTIONS": {"loaders": [("django.template.loaders.cached.Loader",
                             [("django.template.loaders.locmem.Loader", {"stations.html": PAGE})])]}}])
ROWS = [{"name": f"station {n}", "height": n * 37 % 2900 / 3, "open": n % 4 > 0} for n in range(70)]


def stations(request):
    return render(request, "stations.html", {"title": "Stations", "rows": ROWS})


urlpatterns = [path("stations", stations)]
app = get_wsgi_application()
