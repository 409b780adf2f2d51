"""Prints what Python code sees of methods that the agent hooks."""

import asyncio.events
import concurrent.futures.thread
import copy
import functools
import inspect
import pickle
import types
import typing
import unittest.mock
import weakref

import bottle
import seen

call = bottle.Bottle.__call__


class Duck:
    wsgi = staticmethod(lambda environ, start_response: ["duck"])


class Child(bottle.Bottle):
    def __call__(self, environ, start_response):
        return super().__call__(environ, start_response)


METHODS = [call, asyncio.events.Handle._run, concurrent.futures.thread._WorkItem.run,
           concurrent.futures.thread._WorkItem.__init__]
for method in METHODS:
    name = method.__qualname__
    seen.show(f"{name} signature", lambda: inspect.signature(method))
    seen.show(f"{name} source", lambda: inspect.getsource(method))
    seen.show(f"{name} is a function", lambda: inspect.isfunction(method))
    seen.show(f"{name} is a coroutine function", lambda: inspect.iscoroutinefunction(method))
    seen.show(f"{name} attributes", lambda: sorted(dir(method)))
    seen.show(f"{name} document", lambda: inspect.getdoc(method))
    seen.show(f"{name} pickle", lambda: pickle.loads(pickle.dumps(method)) is method)
    seen.show(f"{name} copy", lambda: copy.deepcopy(copy.copy(method)) is method)
    seen.show(f"{name} class", lambda: (method.__class__, isinstance(method, types.FunctionType)))

app = bottle.Bottle(lambda environ, start_response: [environ["PATH_INFO"]])
environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/x"}
start_response = print
seen.show("application", lambda: inspect.signature(app))
seen.show("bound", lambda: inspect.ismethod(app.__call__))
seen.show("bound twice", lambda: app.__call__ == app.__call__)
seen.show("wraps", lambda: functools.wraps(call)(lambda: 0).__wrapped__ is call)
seen.show("hints", lambda: typing.get_type_hints(call))
seen.show("globals", lambda: call.__globals__ is vars(bottle))
seen.show("weak", lambda: weakref.ref(call)() is call)
seen.show("duck", lambda: call(Duck(), environ, start_response))
seen.show("bound to a duck", lambda: types.MethodType(call, Duck())(environ, start_response))
seen.show("call", lambda: app(environ, start_response))
seen.show("by name", lambda: app(environ=environ, start_response=start_response))
seen.show("child", lambda: Child(app.wsgi)(environ, start_response))
seen.show("nothing", lambda: call())
seen.show("too few", lambda: app(environ))
seen.show("too many", lambda: app(environ, start_response, 3))
seen.show("partial", lambda: functools.partial(call, app)(environ, start_response))
seen.show("partial method", lambda: functools.partialmethod(call).__get__(app)(environ, print))
seen.show("autospec", lambda: inspect.isfunction(unittest.mock.create_autospec(call)))
seen.show("autospec arguments", lambda: unittest.mock.create_autospec(call)(1))
call.mark = 1
seen.show("mark", lambda: (call.mark, vars(call), bottle.Bottle.__call__.mark))
del call.mark
seen.show("no mark", lambda: call.mark)
with unittest.mock.patch.object(bottle.Bottle, "__call__", lambda *of: "patched"):
    seen.show("patched", lambda: app(environ, start_response))
seen.show("patch undone", lambda: bottle.Bottle.__call__ is call)
