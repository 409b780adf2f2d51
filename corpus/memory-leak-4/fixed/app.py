"""A form of an authority: what is wrong with it, field by field."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import JsonResponse
from django.urls import path

FIELDS = ["name", "street", "town", "born", "trade", "income", "children", "bank"]
EXAMPLES = {field: [f"{field} {number}" for number in range(60)] for field in FIELDS}


def remarks(number, found=None):
    found = [] if found is None else found
    for place, field in enumerate(FIELDS):
        found.append(f"{field} of form {number:07d}: {number * (place + 3) % 9973:05d} is not among the {60 + place} values that were expected here, which are " + ", ".join(EXAMPLES[field][:18]))
    return found[-8:]


def hints(number):
    return [max(EXAMPLES[field], key=lambda text: (len(text), ord(text[-1]) * number % 97)) for field in FIELDS]


def form(request, number):
    return JsonResponse({"form": number, "remarks": remarks(number), "hints": len(hints(number))})


settings.configure(SECRET_KEY="k", ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"])
urlpatterns = [path("form/<int:number>", form)]
app = get_wsgi_application()
