"""Forms that partners keep with us: each is checked before it is handed on."""
import random

import jsonschema
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import JsonResponse
from django.urls import path

settings.configure(SECRET_KEY="forms", ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"])
SCHEMA = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "definitions": {
        "name": {"type": "string", "maxLength": 40},
        "money": {"type": "object", "properties": {"amount": {"type": "number"}, "currency": {"enum": ["EUR", "USD"]}}},
        "address": {"type": "object", "properties": {"street": {"$ref": "#/definitions/name"},
                                                     "city": {"$ref": "#/definitions/name"}}},
        "line": {"type": "object", "required": ["what", "price"],
                 "properties": {"what": {"$ref": "#/definitions/name"}, "price": {"$ref": "#/definitions/money"}}},
        **{f"field{n}": {"type": "object", "properties": {"label": {"type": "string"}, "width": {"type": "integer"},
                                                          "choices": {"type": "array", "items": {"type": "string"}}}}
           for n in range(20)},
    },
    "type": "object",
    "properties": {"who": {"$ref": "#/definitions/name"}, "where": {"$ref": "#/definitions/address"},
                   "lines": {"type": "array", "items": {"$ref": "#/definitions/line"}}},
}
CHECK = jsonschema.Draft7Validator(SCHEMA)
FORMS = [{"who": f"partner {n}", "where": {"street": "s", "city": "c"},
          "lines": [{"what": f"w{k}", "price": {"amount": k, "currency": "EUR"}} for k in range(4)]} for n in range(50)]


def median(form):
    prices = sorted(line["price"]["amount"] for line in form["lines"])
    return prices[len(prices) // 2]


def check(request):
    form = random.choice(FORMS)
    CHECK.validate(form)
    return JsonResponse({"who": form["who"], "median": median(form)})


urlpatterns = [path("check", check)]
app = get_wsgi_application()
