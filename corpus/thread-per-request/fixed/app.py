"""A mosaic of sixteen small parts, each worked out beside the others."""

import zlib
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import JsonResponse
from django.urls import path

PARTS = [bytes((number * 7 + step) % 251 for step in range(3000)) for number in range(16)]
helpers = ThreadPoolExecutor(16)


def part(data):
    return zlib.crc32(zlib.compress(data, 1))


def mosaic(request):
    sums = list(helpers.map(part, PARTS))
    return JsonResponse({"sums": sorted(sums)})


settings.configure(SECRET_KEY="k", ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"])
urlpatterns = [path("mosaic", mosaic)]
app = get_wsgi_application()
