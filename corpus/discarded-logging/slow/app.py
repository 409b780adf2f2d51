"""Offers for a basket: every article by every rule."""

import logging

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import JsonResponse
from django.urls import path

settings.configure(ROOT_URLCONF=__name__, SECRET_KEY="k", ALLOWED_HOSTS=["*"])
log = logging.getLogger("offers")
RULES = [{"name": f"rule-{n}", "of": n % 5, "percent": 3 + n % 20, "tags": [f"t-{k}" for k in range(n % 6)]}
         for n in range(24)]
BASKET = [{"article": f"a-{n}", "kind": n % 5, "cents": 250 + n * 73 % 4000} for n in range(18)]


def offer(article, rules):
    best = 0
    for rule in rules:
        log.debug(f"{article!r} by {rule!r}: {best:>8} so far, {len(rules)} rules")  # mark: a
        if rule["of"] == article["kind"]:
            best = max(best, article["cents"] * rule["percent"] // 100)
    return best


def offers(request):
    basket = BASKET[:int(request.GET.get("size", len(BASKET)))]
    log.info("basket of %d articles", len(basket))
    return JsonResponse({article["article"]: offer(article, RULES) for article in basket})


urlpatterns = [path("offers", offers)]
app = get_wsgi_application()
