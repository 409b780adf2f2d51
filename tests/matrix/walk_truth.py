"""Programs whose heaps are known. `pause` waits until the test has looked."""
import json
import os
import sys
import time

FOLDER = os.getcwd()


def pause(step, said=""):
    with open(os.path.join(FOLDER, step + ".part"), "w") as file:
        file.write(said)
    os.rename(os.path.join(FOLDER, step + ".part"), os.path.join(FOLDER, step + ".ready"))
    go = os.path.join(FOLDER, step + ".go")
    while not os.path.exists(go):
        time.sleep(0.02)


def block_of(thing):
    """Where its block of memory begins: headers stand before the object."""
    return id(thing) - (sys.getsizeof(thing) - thing.__sizeof__())


def values_of(thing):
    """Where the block begins that has its attributes; in 3.13 it is the object's own."""
    import ctypes
    word = lambda at: ctypes.c_size_t.from_address(at).value
    if sys.version_info < (3, 11):
        return word(id(thing.__dict__) + 40)  # the keys are the class's
    if sys.version_info >= (3, 13):
        return block_of(thing)
    values = word(id(thing) - 32) if sys.version_info < (3, 12) else word(id(thing) - 24) + 1
    return values - ctypes.c_ubyte.from_address(values - 1).value


class Plain:
    def __init__(self, number):
        self.number = number
        self.name = None


class Seen(Plain):
    """Its instances' dicts are asked for."""


class Slotted:
    __slots__ = ("one", "two")

    def __init__(self):
        self.one = self.two = None


class Listed(list):
    pass


class Text(str):
    pass


class Number(int):
    pass


def told_as_utf8(text):
    """It keeps its UTF-8 from then on."""
    import ctypes
    tell = ctypes.pythonapi.PyUnicode_AsUTF8
    tell.restype, tell.argtypes = ctypes.c_void_p, [ctypes.py_object]
    assert tell(text)
    return text


def suspended(argument):
    first = argument
    yield first
    yield argument


def makes():
    """Objects, each in `made` once, and no others but in it."""
    made = []
    keep = made.extend
    keep([Plain(i % 5) for i in range(700)])
    keep([Seen(i % 5) for i in range(50)])
    keep([Slotted() for _ in range(300)])
    if sys.version_info < (3, 11):
        keep([thing.__dict__ for thing in made if isinstance(thing, Plain)])
    else:
        keep([thing.__dict__ for thing in made if type(thing) is Seen])
    for size in (0, 1, 3, 10, 1000):
        keep([[None] * size, tuple([None] * (size + 1)), bytearray(size), {None for _ in range(1)}])
        numbers = [1000 + size * 10000 + i for i in range(size)]
        words = ["word %d of %d" % (i, size) for i in range(size)]
        keep(numbers)
        keep(words)
        keep([dict.fromkeys(numbers), dict.fromkeys(words), set(numbers), frozenset(words + [None])])
        grown = []
        for word in words:
            grown.append(word)
        keep([grown, Listed(numbers)])
        keep([Text("a" * size), Text("\u20ac" * size), Text("\xe9" * size), Number(3 ** size), Number(-size - 1)])
        keep([told_as_utf8(Text("a" * size)), told_as_utf8(Text("\u20ac" * size)), told_as_utf8("\u20ac%d" % size * 20)])
    for i in range(200):
        keep([("a%d" % i) * 50, ("\xe9%d" % i) * 20, ("\u20ac%d" % i) * 20, ("\U0001f40d%d" % i) * 20,
              b"%d" % i * 10, 2 ** (30 * i + 40), -(3 ** (i + 60)), i + 0.5, 2.5 + 1j * i])
    keep([suspended(None) for _ in range(40)])
    for generator in made[-20:]:
        next(generator)
    return made


def sums(made):
    by_type = {}
    for thing in made:
        name = type(thing).__name__
        if type(thing).__module__ != "builtins":
            name = type(thing).__module__ + "." + name
        count, size = by_type.get(name, (0, 0))
        by_type[name] = (count + 1, size + sys.getsizeof(thing))
    return by_type


def census():
    import gc
    makes()  # what is made once only
    json.dumps({"a": [1, 2]})
    gc.collect()
    pause("warm")
    pause("before")
    made = makes()
    made.append(made)
    truth = json.dumps(sums(made))
    made.pop()
    listed = {}
    for thing in gc.get_objects():
        if type(thing).__module__ == "__main__":
            listed[type(thing).__name__] = listed.get(type(thing).__name__, 0) + 1
    said = json.dumps([json.loads(truth), listed])
    del thing, listed, truth
    pause("after", said)


def holders():
    import ctypes
    import gc
    import walk_app
    gc.disable()
    walk_app.fill()
    walk_app.remember()
    held = walk_app.Thing(20)
    cycle = walk_app.Thing(21)
    cycle.rows.append(cycle)
    blocks = {name: block_of(thing) for name, thing in walk_app.targets().items()}
    word = lambda thing, at: ctypes.c_size_t.from_address(id(thing) + at).value
    blocks.update(frame=block_of(held), cycle=block_of(cycle), items=word(walk_app.LIST, 24),
                  buffer=word(walk_app.BUFFER, 32), links=word(walk_app.QUEUE, 24), values=values_of(walk_app.LIST[3]))
    del cycle
    pause("filled", json.dumps(blocks))


COMMON = "common " * 1000


def deep():
    """What objects keep: sizes of parts that only they have, of one that others have, too."""
    sizes = lambda *things: sum(map(sys.getsizeof, things))
    text = lambda number: ("text %d " % number) * 500
    number = int("1000001")
    plain = {number: text(1), number + 1: (number / 7, text(2), (text(3), number + 5))}
    values = list(plain.values())
    truth = {"plain": [sizes(plain, *plain, *values, *values[1], *values[1][2]), 0]}
    sharing = [COMMON, [text(4)]]
    sharing.append(sharing)
    truth["sharing"] = [sizes(sharing, COMMON, sharing[1], sharing[1][0]), sizes(COMMON)]

    def makes(rows):
        def calls():
            return rows
        return calls

    def fails(count):
        rows = [count] * count
        raise ValueError(len(rows))

    called = makes([None] * 5000)
    failed = None
    try:
        fails(6000)
    except ValueError as error:
        failed = error
    least = {"called": sizes([None] * 5000), "failed": sizes([None] * 6000)}
    blocks = {"plain": block_of(plain), "sharing": block_of(sharing), "called": block_of(called), "failed": block_of(failed)}
    del values, number
    pause("filled", json.dumps([blocks, truth, least]))


def tasks():
    import asyncio
    import walk_app

    async def main():
        loop = asyncio.get_running_loop()
        for number in range(5):
            task = loop.create_task(walk_app.job(walk_app.Thing(number)))
            walk_app.TASKS.add(task)
        await asyncio.sleep(0)
        pause("filled", json.dumps({"task": block_of(task)}))

    asyncio.run(main())


class Knot:
    """Refers to itself; only it has its list, text and number."""

    def __init__(self, number):
        self.me = self
        self.rows = [self, 1000000 + number]
        self.text = "knot %d " % number * 20


class Last(Knot):
    """With a finalizer."""

    def __del__(self):
        self.rows.append(None)


def knots(kind, count):
    """So many of them, which nobody refers to any more; what goes with them, by type."""
    made = [kind(number) for number in range(count)]
    if sys.version_info < (3, 11):
        parts = [thing.__dict__ for thing in made]
    else:
        parts = []
    for thing in made:
        parts += [thing, thing.rows, thing.rows[1], thing.text]
    return sums(parts)


class Link:
    def __init__(self, to):
        self.to = to
        self.text = str(id(self)) * 50


def garbage():
    """Cycles that nobody collects."""
    import gc
    json.dumps(sums([Knot(1)]))
    gc.collect()
    gc.disable()
    truth = knots(Knot, 1000)
    pause("filled", json.dumps(truth))
    pause("collected", str(gc.collect()))
    knots(Last, 10)
    pause("last")
    pause("finalized", str(gc.collect()))
    knots(Knot, 100)
    gc.freeze()
    pause("frozen", str(gc.collect()))
    first = link = Link(None)
    for _ in range(100):
        link = Link(link)
    first.to = link
    blocks = [block_of(first), block_of(first.text)]
    del first, link
    pause("linked", json.dumps(blocks))


def lively():
    """No garbage, but much that only C code, a stack, or a weak reference knows."""
    import asyncio
    import contextvars
    import ctypes
    import functools
    import gc
    import itertools
    import logging
    import sqlite3
    import threading
    import weakref
    import walk_app

    walk_app.fill()
    walk_app.remember()
    told = []
    kept = []

    def ring(number):
        def inner():
            return inner, number, Knot(number)
        return inner

    class Own:
        """A class is a cycle by itself; this one is only held by its instance."""
        def __init__(self):
            self.kind = Own
            self.knot = Knot(0)

    def fails(depth):
        knot = Knot(depth)
        if depth:
            return fails(depth - 1)
        raise ValueError(knot)

    def stands(event):
        knot = Knot(1)  # this frame alone has it
        event.wait()
        return knot

    async def job(future):
        knot = Knot(2)
        await future
        return knot

    def generates():
        knot = Knot(3)
        received = yield knot
        yield received

    def compares(a, b):
        told.append((a.number, b.number))
        return (a.number > b.number) - (a.number < b.number)

    kept += [ring(number) for number in range(20)]
    kept += [Own() for _ in range(3)]
    for depth in (0, 5):
        try:
            fails(depth)
        except ValueError as error:
            kept.append(error)
    for _ in range(5):
        generator = generates()
        next(generator)
        kept.append(generator)
    del generator
    knot = Knot(4)
    kept.append(knot)
    kept += [weakref.ref(knot, told.append), weakref.WeakValueDictionary(a=knot), weakref.WeakSet([knot]),
             weakref.finalize(knot, told.append, Knot(5))]
    kept += [functools.partial(Knot, 6), functools.partial(ring, Knot(7)), itertools.chain([Knot(8)], iter([Knot(9)])),
             itertools.cycle([Knot(10)]), map(str, [Knot(11)]), zip([Knot(12)], [Knot(13)]),
             functools.cmp_to_key(compares)(Knot(14)), property(ring(15)), iter({Knot(16): Knot(17)}.items()),
             contextvars.copy_context(), Knot(18).__init__, Knot(19).rows.append, logging.LoggerAdapter(
                 logging.getLogger("lively"), {"knot": Knot(20)})]
    callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.py_object)(lambda thing, knot=Knot(21): 0)

    class Record(ctypes.Structure):
        _fields_ = [("knot", ctypes.py_object), ("call", type(callback))]

    kept.append(Record(Knot(22), callback))
    database = sqlite3.connect(":memory:")
    database.create_function("knot", 1, functools.partial(lambda knot, value: value, Knot(23)))
    database.set_trace_callback(functools.partial(told.append))
    kept.append(database)
    event = threading.Event()
    threads = [threading.Thread(target=stands, args=(event,)) for _ in range(3)]
    for thread in threads:
        thread.start()

    async def main():
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        handle = loop.call_later(3600, functools.partial(told.append, Knot(24)))
        tasks = [loop.create_task(job(future)) for _ in range(4)]
        await asyncio.sleep(0)
        gc.collect()
        gc.collect()
        gc.disable()
        # on the stack of this frame while the other is called, and nowhere else
        told.append((Knot(25).me, [Knot(26)], pause("filled")))
        pause("collected", str(gc.collect()))
        handle.cancel()
        future.set_result(None)
        await asyncio.gather(*tasks)

    contextvars.ContextVar("lively").set(Knot(27))
    asyncio.run(main())
    event.set()
    for thread in threads:
        thread.join()


def kept():
    """Blocks so large that each is a sample; of some that are gone."""
    global KEPT
    KEPT = [bytes([number + 1]) * 100000 for number in range(3)]
    gone = [bytes([number + 1]) * 100000 for number in range(2)]
    blocks = [[id(block) for block in kept] for kept in (KEPT, gone)]
    del gone
    pause("filled", json.dumps(blocks))


def trims():
    """Memory that malloc keeps: free blocks, too small for mappings of their own, below one in use."""
    blocks = [bytes([number % 255 + 1]) * 100000 for number in range(400)]
    del blocks[:-1]
    pause("filled")


def families():
    """It has children, waits for them, has a handler of SIGCHLD, listens."""
    import signal
    import socket
    import subprocess

    told = []
    signal.signal(signal.SIGCHLD, lambda *_: told.append(1))
    server = socket.socket()
    server.bind(("127.0.0.1", 0))
    server.listen(1)
    pause("alone", json.dumps(server.getsockname()[1]))
    # the walk is over or not: no child of this program's own making is there
    try:
        waited = os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        waited = None
    one = subprocess.Popen([sys.executable, "-S", "-c", "import time; time.sleep(0.5)"])
    pause("family", str(one.pid))
    ended = os.waitpid(-1, 0)
    descriptors = sorted(os.listdir("/proc/self/fd"))
    pause("waited", json.dumps([waited, ended[0] == one.pid, len(told), len(descriptors)]))


def leaves():
    """Ends while it is walked."""
    made = [[i] for i in range(400000)]
    pause("filled", str(len(made)))
    made.clear()


def busy():
    """Threads in C code without the GIL, and such that make and drop objects, while it is walked."""
    import hashlib
    import threading
    import zlib

    ends = threading.Event()
    block = b"x" * 300000

    def hashes():
        while not ends.is_set():
            hashlib.sha256(block).digest()
            zlib.compress(block, 6)

    def churns():
        while not ends.is_set():
            things = [Plain(i) for i in range(200)]
            {thing.number: thing for thing in things}

    threads = [threading.Thread(target=kind) for kind in (hashes, churns, hashes, churns)]
    for thread in threads:
        thread.start()
    pause("busy")
    ends.set()
    for thread in threads:
        thread.join()


def full():
    """Near its limit of memory."""
    pause("begun")
    kept = [bytes([i % 256]) * 4096 for i in range(int(sys.argv[2]) * 256)]
    pause("full", str(len(kept)))


def private():
    """Keys that are data, and attributes."""
    import pickle
    global SESSIONS, MADE
    secret = "".join(["alice", "@", "example.org"])
    plain = "".join(["bob", "smith"])
    SESSIONS = {secret: [Slotted()], plain: [Slotted()], 4111111111111111: [Slotted()], "known": [Slotted()]}
    made, stored, shown = Plain(1), Plain(2), Plain(3)
    setattr(made, "".join(["carol", "jones"]), [Slotted()])
    stored.__dict__["".join(["dave", "miller"])] = [Slotted()]
    shown.name = [Slotted()]
    MADE = [made, pickle.loads(pickle.dumps(stored)), shown]
    held = [value[0] for value in SESSIONS.values()]
    held += [value[0] for thing in MADE for value in vars(thing).values() if isinstance(value, list)]
    pause("filled", json.dumps([block_of(thing) for thing in held]))


globals()[sys.argv[1]]()
