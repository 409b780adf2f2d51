"""Search in a list of books: words to numbers of books."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import JsonResponse
from django.urls import path

settings.configure(ROOT_URLCONF=__name__, SECRET_KEY="k", ALLOWED_HOSTS=["*"])
WORDS = ("river stone winter garden letter house night road island clock".split())
BOOKS = [{"id": n, "title": f"{WORDS[n % 10]} and {WORDS[n * 7 % 10]}", "year": 1900 + n % 120} for n in range(40000)]
INDEX = {word: [book for book in BOOKS if word in book["title"]] for word in WORDS}


def shelf(book):
    return f"{book['year'] // 10}-{book['id'] % 17}"


def search(request, word):
    found = [{**book, "shelf": shelf(book)} for book in INDEX.get(word, [])]
    found.sort(key=lambda book: (book["shelf"], book["title"]))
    return JsonResponse({"word": word, "count": len(found), "books": found[:30]})


urlpatterns = [path("books/<word>", search)]
app = get_wsgi_application()
