"""Ways in which programs keep objects that they do not need any more, each with one that is looked for."""
import collections
import contextvars
import functools
import sys
import threading


class Thing:
    def __init__(self, number):
        self.number = number
        self.rows = [[number]]

    @functools.lru_cache(maxsize=64)
    def cached(self, argument):
        return argument


class Slots:
    __slots__ = ("held",)


class Shared:
    seen = {}


class Bus:
    def __init__(self):
        self.handlers = []


class Reader:
    def on_event(self):
        pass


LIST = []
CACHE = {}
TASKS = set()
HANDLERS = Bus()
LOCAL = threading.local()
SLOT = Slots()
last = None
generators = []
KEYS = {}
QUEUE = collections.deque()
BUFFER = bytearray(b"row" * 1000)
VARIABLE = contextvars.ContextVar("VARIABLE")
MADE = []
HOPS = {}
DIRECT = []
JOINT = {}


@functools.lru_cache(maxsize=None)
def render(name):
    return Thing(name)


@functools.lru_cache(maxsize=8)
def bounded(name):
    return Thing(name)


def default(item, to=[]):  # noqa: B006
    to.append(item)


def keyword(item, *, into={}):  # noqa: B006
    into["item"] = item


def counter():
    memo = {}

    def inner(item=None):
        memo["item"] = item
        return memo

    return inner


inner = counter()


def reading(batch):
    yield len(batch)
    yield batch


async def job(thing):
    import asyncio
    await asyncio.sleep(3600)
    return thing


def fails(body):
    raise ValueError("no")


def compiled(text):
    """As template engines do it."""
    names = {}
    exec(compile("def made():\n    return %r\n" % text, "<made>", "exec"), names)
    return names["made"]


class Hop:
    def __init__(self, to):
        self.to = to


def fill():
    for number in range(20):
        LIST.append(Thing(number))
        render("page %d" % number)
        bounded(number)
        default(Thing(number))
    CACHE["k"] = [None] * 5 + [Thing(5)]
    for number in range(3):
        Thing(number).cached(2)
    Shared.seen["thing"] = Thing(3)
    keyword(Thing(4))
    inner(Thing(6))
    reader = Reader()
    HANDLERS.handlers.append(reader.on_event)
    LOCAL.rows = [Thing(7)]
    SLOT.held = Thing(8)
    generator = reading([Thing(9)])
    next(generator)
    generators.append(generator)
    KEYS[(Thing(11),)] = 1
    QUEUE.extend([Thing(12), Thing(13)])
    VARIABLE.set(Thing(14))
    MADE.append(compiled("constant " * 600))
    far = Thing(15)
    for _ in range(6):
        far = Hop([far])
    HOPS["far"] = far
    JOINT["joint"] = [DIRECT, Hop([Hop([Thing(16)])])]


def remember():
    """In a frame of its own: what an exception keeps, it keeps, too."""
    global last
    try:
        fails(Thing(10))
    except ValueError as error:
        last = error


def targets():
    """Name of the way, object."""
    import gc
    wrapped = Thing.__dict__["cached"]
    cache = max((part for part in gc.get_referents(render) if type(part) is dict), key=len)
    keys = next(part for part in gc.get_referents(wrapped) if type(part) is dict and len(part) == 3)
    far = HOPS["far"]
    while not isinstance(far, Thing):
        far = far.to[0]
    frame = last.__traceback__.tb_next.tb_frame
    return {
        "list": LIST[7],
        "dict": CACHE["k"][5].rows,
        "cache": cache["page 3"],
        "bounded": bounded(3),
        "method": next(iter(keys))[0],
        "class": Shared.seen["thing"],
        "default": default.__defaults__[0][4],
        "keyword": keyword.__kwdefaults__["into"]["item"],
        "closure": inner.__closure__[0].cell_contents["item"],
        "handler": HANDLERS.handlers[0].__self__,
        "local": LOCAL.rows[0],
        "slot": SLOT.held,
        "generator": generators[0].gi_frame.f_locals["batch"][0],
        "exception": frame.f_locals["body"],
        "key": next(iter(KEYS))[0],
        "deque": QUEUE[1],
        "context": VARIABLE.get(),
        "constant": MADE[0].__code__.co_consts[1],
        "far": far,
        "direct": DIRECT,
        "joint": JOINT["joint"][1].to[0].to[0],
        "module": sys.modules[__name__].HANDLERS,
    }
