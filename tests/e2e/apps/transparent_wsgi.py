"""Prints what servers and middleware see of responses, and applications of start_response."""

import collections.abc
import copy
import io
import types

import bottle
import seen

ENVIRON = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "QUERY_STRING": ""}
done = []


class Response:
    """Shaped like Django's HttpResponse: headers by subscript, close(), iterated at will."""

    def __init__(self):
        self.headers = {"a": "b"}

    def __iter__(self):
        return iter([b"1", b"22"])

    def __getitem__(self, name):
        return self.headers[name]

    def __setitem__(self, name, value):
        self.headers[name] = value

    def __delitem__(self, name):
        del self.headers[name]

    def __contains__(self, name):
        return name in self.headers

    def __len__(self):
        return 2

    def close(self):
        done.append("closed")


class Closing:
    """Shaped like Werkzeug's ClosingIterator."""

    def __init__(self, parts):
        self.parts = iter(parts)

    def __iter__(self):
        return self

    def __next__(self):
        return next(self.parts)

    def close(self):
        raise OSError("close fails")


class List(list):
    pass


def generator():
    try:
        yield b"a"
        yield b"b"
    finally:
        done.append("finally")


def failing():
    yield b"a"
    raise KeyError("k")


def respond(make):
    def wsgi(environ, start_response):
        start_response("200 OK", [])
        return make()

    return bottle.Bottle(wsgi)(ENVIRON, start_response)


def start_response(status, headers, exc_info=None):
    done.append(status)
    return done.append


start_response.mark = "mark"


def item_set(response):
    response["c"] = "d"
    del response["a"]
    return response["c"], "c" in response, "a" in response, len(response), response.headers


def within(response):
    with response as entered:
        return entered.read()


LOOKS = {
    "type": lambda response: response.__class__,
    "bool": bool,
    "text": repr,
    "len": len,
    "first": lambda response: response[0],
    "a": lambda response: response["a"],
    "items": item_set,
    "sum": lambda response: response + [b"c"],
    "list": list,
    "twice": lambda response: list(zip(iter(response), iter(response))),
    "own iterator": lambda response: iter(response) is response,
    "next": next,
    "with": within,
    "copy": lambda response: list(copy.copy(response)),
    "close": lambda response: response.close(),
    "is list": lambda response: isinstance(response, list),
    "is file": lambda response: isinstance(response, io.IOBase),
    "is generator": lambda response: isinstance(response, types.GeneratorType),
    "has": lambda response: [name for name in dir(response) if not hasattr(response, name)],
    "abc": lambda response: [
        name for name in ("Iterator", "Iterable", "Sized", "Container", "Hashable", "Callable")
        if isinstance(response, getattr(collections.abc, name))],
    "class has": lambda response: [
        name for name in ("close", "__next__", "__len__", "__getitem__", "__enter__", "__bool__")
        if hasattr(type(response), name)],
    "set": lambda response: (setattr(response, "mark", 1), vars(response).get("mark")),
    "equal": lambda response: response == response,
}
RESPONSES = {
    "list": lambda: [b"a", b"b"], "tuple": lambda: (b"a",), "subclass": lambda: List([b"a"]),
    "none": lambda: None, "str": lambda: "text", "bytes": lambda: b"xy", "number": lambda: 5,
    "generator": generator, "failing": failing, "response": Response,
    "closing": lambda: Closing([b"a", b"b"]), "file": lambda: io.BytesIO(b"abc\ndef"),
    "map": lambda: map(bytes.upper, [b"a", b"b"]), "dict": lambda: {b"a": 1},
}
for kind, make in RESPONSES.items():
    for look, function in LOOKS.items():
        seen.show(f"{kind} {look}", lambda: function(respond(make)), brief=True)


def attribute(environ, start):
    return [start.mark, start == start_response, hash(start) == hash(start_response),
            start.__name__, isinstance(start, types.FunctionType)]


def keyword(environ, start):
    return [start(status="201 Created", headers=[]) is not None]


def written(environ, start):
    write = start("200 OK", [])
    write(b"12345")
    return [write.__self__ is done, write.__name__, write == done.append]


for application in (attribute, keyword, written):
    seen.show(application.__name__, lambda: bottle.Bottle(application)(ENVIRON, start_response))
seen.show("done", lambda: [word for word in done if word != "200 OK"])
