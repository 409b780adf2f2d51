"""A Django project in one file, for WSGI (`application`) and ASGI (`asynchronous`), on SQLite."""

import os

from django.conf import settings

settings.configure(
    SECRET_KEY="not-a-secret",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    DATABASES={"default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ["WORLD_URL"][len("sqlite:///"):],
    }},
)

from django.core.asgi import get_asgi_application  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402


def world(request, number):
    """Django closes its connection after each request, CONN_MAX_AGE being 0."""
    cursor = connection.cursor()  # CAUSE: db-connection-per-request
    cursor.execute("SELECT randomnumber FROM world WHERE id = %s", [number])
    return HttpResponse(str(cursor.fetchone()[0]))


urlpatterns = [path("worlds/<int:number>/", world)]
application = get_wsgi_application()
asynchronous = get_asgi_application()
