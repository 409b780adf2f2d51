"""Applications that gunicorn loads, and its configuration: what a hook of gunicorn's sees of them."""

import functools
import inspect
import os
import sys

import seen


def function(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"ok"]


class Application:
    def __call__(self, environ, start_response):
        return function(environ, start_response)


class Slots:
    __slots__ = ("ready",)

    def __call__(self, environ, start_response):
        return function(environ, start_response)


class Method:
    def serve(self, environ, start_response):
        return function(environ, start_response)


class Nosy:
    """Says what it is asked for."""

    def __getattr__(self, name):
        print("asked →", name, file=sys.stderr, flush=True)
        raise AttributeError(name)

    def __call__(self, environ, start_response):
        return function(environ, start_response)


instance = Application()
nosy = Nosy()
slots = Slots()
method = Method().serve
partial = functools.partial(function)


def post_worker_init(worker):
    wsgi = worker.wsgi
    original = globals()[os.environ["TRANSPARENT_APP"]]

    def set_it():
        wsgi.ready = True
        return wsgi.ready, original.ready

    def delete_it():
        del wsgi.ready
        return hasattr(original, "ready")

    seen.show("equal", lambda: (wsgi == original, original == wsgi, wsgi != original))
    seen.show("hash", lambda: hash(wsgi) == hash(original))
    seen.show("instance", lambda: isinstance(wsgi, type(original)))
    seen.show("class", lambda: wsgi.__class__)
    seen.show("text", lambda: (repr(wsgi) == repr(original), str(wsgi) == str(original)))
    seen.show("signature", lambda: inspect.signature(wsgi))
    seen.show("set", set_it)
    seen.show("delete", delete_it)
    seen.show("members", lambda: sorted(vars(wsgi)))
    seen.show("listed", lambda: sorted(dir(wsgi)) == sorted(dir(original)))
    seen.show("other uses", lambda: wsgi("GET", lambda *of: None))
