"""Marks the terms of a glossary in an article."""

import re
from itertools import count

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import JsonResponse
from django.urls import path

settings.configure(ROOT_URLCONF=__name__, SECRET_KEY="k", ALLOWED_HOSTS=["*"])
TERMS = [f"{first} {second}" for first in ("gross", "net", "deferred", "fixed", "liquid", "hidden", "sundry", "own")
         for second in (f"{noun}{n}" for noun in ("asset", "charge", "debt", "yield") for n in range(25))]
ARTICLE = " ".join(f"The {term} of year {n} was booked." for n, term in enumerate(TERMS[::9]))
WORD = re.compile(r"\w+")
asked = count()


def found(term, text):
    return [match.start() for match in re.finditer(rf"(?<!\w){re.escape(term)}(?:s|es|-like)?(?!\w)", text, re.IGNORECASE)]  # mark: a


def length(text):
    return len({word.lower() for word in WORD.findall(text)})


def glossary(request):
    start = next(asked) * 100 % len(TERMS)
    terms = TERMS[start:start + 100]
    return JsonResponse({"words": length(ARTICLE), "terms": {term: found(term, ARTICLE[:160]) for term in terms}})


urlpatterns = [path("glossary", glossary)]
app = get_wsgi_application()
