"""Areas of a map: each request works out the outline of one from a catalogue that is in memory."""

import gc
import math

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import JsonResponse
from django.urls import path


class Corner:
    def __init__(self, number):
        self.place = [number % 977, number % 1009]
        self.tags = {"kind": [f"t{number % 7}"]}


CATALOGUE = {number: Corner(number) for number in range(50_000)}


def outline(area):
    corners = [CATALOGUE[(area * 131 + step * 17) % 50_000].place for step in range(4000)]
    return sum(math.hypot(a[0] - b[0], a[1] - b[1]) for a, b in zip(corners, corners[1:]))


def tidy(value):
    rounded = round(value, 3)
    gc.collect()  # mark: a
    return rounded


def areas(request, area):
    return JsonResponse({"area": area, "outline": tidy(outline(area))})


settings.configure(SECRET_KEY="k", ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"])
urlpatterns = [path("areas/<int:area>", areas)]
app = get_wsgi_application()
