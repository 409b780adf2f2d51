"""A Django project in one file: a page of orders that asks for each customer in turn."""

import os
import sys

import django
from django.conf import settings
from django.http import HttpResponse
from django.urls import path

settings.configure(
    DEBUG=True,
    SECRET_KEY="not-a-secret",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["SHOP_DB"]}},
)
django.setup()

from django.db import connection, models  # noqa: E402


class Customer(models.Model):
    name = models.CharField(max_length=40)

    class Meta:
        app_label = "shop"


class Order(models.Model):
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)

    class Meta:
        app_label = "shop"


def orders(request):
    names = []
    for order in Order.objects.order_by("id"):
        names.append(order.customer.name)  # CAUSE: n-plus-one-queries
    return HttpResponse(", ".join(names))


urlpatterns = [path("orders/", orders)]


def fill():
    with connection.schema_editor() as editor:
        editor.create_model(Customer)
        editor.create_model(Order)
    for number in range(40):
        Order.objects.create(customer=Customer.objects.create(name=f"customer {number}"))


if __name__ == "__main__":
    from django.core.management import execute_from_command_line

    if sys.argv[1:] == ["fill"]:
        fill()
    else:
        execute_from_command_line(sys.argv)
