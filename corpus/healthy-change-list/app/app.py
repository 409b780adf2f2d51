"""The list of orders as those see it who work with it: counted, filtered, with lines and customers."""

import os
from urllib.parse import urlsplit

import django
from django.conf import settings
from django.core.paginator import Paginator
from django.core.wsgi import get_wsgi_application
from django.db import connection, models
from django.http import HttpResponse
from django.template import engines
from django.urls import path

url = urlsplit(os.environ["WORLD_DSN"])
settings.configure(
    ROOT_URLCONF=__name__, SECRET_KEY="k", ALLOWED_HOSTS=["*"], USE_TZ=False,
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    DATABASES={"default": {
        "ENGINE": "django.db.backends.postgresql", "NAME": url.path[1:], "USER": url.username,
        "PASSWORD": url.password, "HOST": url.hostname, "PORT": url.port, "CONN_MAX_AGE": 600}})
django.setup()


class Customer(models.Model):
    name = models.CharField(max_length=40)

    class Meta:
        app_label = "desk"


class Order(models.Model):
    customer = models.ForeignKey(Customer, models.CASCADE)
    state = models.IntegerField()

    class Meta:
        app_label = "desk"


class Line(models.Model):
    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    article = models.CharField(max_length=20)
    count = models.IntegerField()

    class Meta:
        app_label = "desk"


with connection.schema_editor() as editor:
    for model in (Customer, Order, Line):
        editor.create_model(model)
Customer.objects.bulk_create(Customer(id=n, name=f"customer {n}") for n in range(1, 41))
Order.objects.bulk_create(Order(id=n, customer_id=1 + n * 7 % 40, state=n % 3) for n in range(1, 301))
Line.objects.bulk_create(Line(order_id=1 + n % 300, article=f"a-{n * 13 % 97}", count=1 + n % 4) for n in range(900))

PAGE = engines["django"].from_string("""<table>{% for order in page %}
<tr><td>{{ order.id }}</td><td>{{ order.customer.name }}</td><td>{{ order.get_state }}</td>
<td>{% for line in order.lines.all %}{{ line.count }} {{ line.article }}{% if not forloop.last %}, {% endif %}{% endfor %}</td></tr>
{% endfor %}</table><p>{{ page.number }} of {{ page.paginator.num_pages }}; open: {{ open }}, all: {{ all }}</p>""")


def listed(request):
    found = Order.objects.select_related("customer").prefetch_related("lines").order_by("-id")
    page = Paginator(found, 25).get_page(request.GET.get("p"))
    return HttpResponse(PAGE.render({"page": page, "open": Order.objects.filter(state=0).count(),
                                     "all": Customer.objects.count()}))


urlpatterns = [path("orders/", listed)]
app = get_wsgi_application()
