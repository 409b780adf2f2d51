"""The sitemap of a court's recordings: each has its address from the case that it belongs to."""
import tempfile
from xml.sax.saxutils import escape

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection, models
from django.http import HttpResponse
from django.urls import path

FILE = tempfile.NamedTemporaryFile(suffix=".db")
settings.configure(SECRET_KEY="court", ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], DEFAULT_AUTO_FIELD="django.db.models.AutoField",
                   DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": FILE.name, "CONN_MAX_AGE": None}})
django.setup()


class Docket(models.Model):
    slug = models.CharField(max_length=60)
    court = models.CharField(max_length=20)

    class Meta:
        app_label = "court"


class Audio(models.Model):
    docket = models.ForeignKey(Docket, models.CASCADE)
    changed = models.IntegerField()

    class Meta:
        app_label = "court"

    def get_absolute_url(self):
        return f"/audio/{self.pk}/{self.docket.slug}/"


with connection.schema_editor() as editor:
    editor.create_model(Docket)
    editor.create_model(Audio)
Docket.objects.bulk_create(Docket(slug=f"case-{n}-v-state", court=f"c{n % 9}") for n in range(400))
Audio.objects.bulk_create(Audio(docket_id=1 + n * 7 % 400, changed=n) for n in range(1200))
connection.close()


def latest(count):
    return Audio.objects.select_related("docket").order_by("-changed")[:count]


def entry(audio):
    day = f"2024-{1 + audio.changed % 12:02}-{1 + audio.changed % 28:02}"
    return f"<url><loc>{escape(audio.get_absolute_url())}</loc><lastmod>{day}</lastmod></url>"


def sitemap(request):
    body = "".join(entry(audio) for audio in latest(25))
    return HttpResponse(f"<urlset>{body}</urlset>", content_type="application/xml")


urlpatterns = [path("sitemap.xml", sitemap)]
app = get_wsgi_application()
