"""What bench/sampler-truth samples: shapes whose every possible stack is known.

    python sampler_target.py SHAPE THREADS SECONDS

A work function calls, DEPTH times recursive, one of two chains a1→a2→a3 or b1→b2→b3, which never
meet. Between two frames lies what the shape is about: nothing, a C function, a generator, an await;
or (free) the last one gives up the GIL; or (exec) a function calls another one of its number, both made a moment ago in a file of that number.
"""

import asyncio
import functools
import hashlib
import sqlite3
import sys
import threading
import time

DEPTH = 20
LOOPS = 12


def spin(n):
    total = 0
    for i in range(n):
        total += i * i
    return total


# --- py: Python calls Python


def a3(n):
    return spin(n)


def a2(n):
    return a3(n) + 1


def a1(n):
    return a2(n) + a2(n)


def b3(n):
    return spin(n) + 1


def b2(n):
    x = 1
    return b3(n) - x


def b1(n):
    y = b2(n)
    return y + b2(n)


def rec(depth, function, n):
    if depth == 1:
        return function(n)
    return rec(depth - 1, function, n)


def work(until):
    n = 0
    while time.monotonic() < until:
        for _ in range(LOOPS):
            n += 1
            rec(DEPTH, b1 if n & 1 else a1, n % 7)


# --- c: each call through a C function: a fresh evaluation loop, a shim on the C stack


def ca3(n):
    return spin(n)


def ca2(n):
    return sum(map(ca3, (n,)))


def ca1(n):
    return max([n, n + 1], key=ca2)


def cb3(n):
    return spin(n) + 1


def cb2(n):
    x = sorted((n, 1), key=cb3)
    return x[0]


def cb1(n):
    return functools.reduce(cb2_of, (n, n), 0)


def cb2_of(_, n):
    return cb2(n)


def crec(depth, function, n):
    if depth == 1:
        return list(map(function, (n,)))
    return list(map(functools.partial(crec, depth - 1, function), (n,)))


def cwork(until):
    n = 0
    while time.monotonic() < until:
        for _ in range(LOOPS):
            n += 1
            crec(DEPTH, cb1 if n & 1 else ca1, n % 7)


# --- gen: generators below generators


def ga3(n):
    for i in range(3):
        yield spin(n) + i


def ga2(n):
    yield from ga3(n)
    yield 1


def ga1(n):
    for x in ga2(n):
        yield x


def gb3(n):
    yield 0
    yield spin(n)


def gb2(n):
    yield sum(gb3(n))
    yield from gb3(n)


def gb1(n):
    yield from gb2(n)


def grec(depth, function, n):
    if depth == 1:
        yield from function(n)
    else:
        for x in grec(depth - 1, function, n):
            yield x


def gwork(until):
    n = 0
    while time.monotonic() < until:
        for _ in range(LOOPS // 4):
            n += 1
            sum(grec(DEPTH, gb1 if n & 1 else ga1, n % 7))


# --- aio: coroutines and asynchronous generators on a loop


async def aa3(n):
    await asyncio.sleep(0)
    return spin(n)


async def aa2(n):
    return await aa3(n) + 1


async def aa1(n):
    return await aa2(n)


async def ab3(n):
    for i in range(2):
        yield spin(n) + i
        await asyncio.sleep(0)


async def ab2(n):
    total = 0
    async for x in ab3(n):
        total += x
    return total


async def ab1(n):
    return await ab2(n)


async def arec(depth, function, n):
    if depth == 1:
        return await function(n)
    return await arec(depth - 1, function, n)


async def atask(until, n):
    while time.monotonic() < until:
        n += 1
        await arec(DEPTH, ab1 if n & 1 else aa1, n % 7)


async def aall(until):
    await asyncio.gather(*(atask(until, n) for n in range(5)))


def aiowork(until):
    asyncio.run(aall(until))


# --- free: at the end of each chain the GIL is given up, for a microsecond or a hundred


ROWS = "WITH RECURSIVE r(i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM r WHERE i < 20) SELECT i FROM r"
BLOCK = bytes(1 << 16)


def fa3(database, n):
    return len(database.execute(ROWS).fetchall()) + n


def fa2(database, n):
    return fa3(database, n) + 1


def fa1(database, n):
    return fa2(database, n) + fa2(database, n)


def fb3(n):
    return hashlib.sha1(BLOCK).digest()[0] + n


def fb2(n):
    return fb3(n) - 1


def fb1(_, n):
    return fb2(n) + fb2(n)


def frec(depth, function, database, n):
    if depth == 1:
        return function(database, n)
    return frec(depth - 1, function, database, n)


def fwork(until):
    database, n = sqlite3.connect(":memory:"), 0
    while time.monotonic() < until:
        for _ in range(LOOPS):
            n += 1
            frec(DEPTH, fb1 if n & 1 else fa1, database, n % 7)


# --- exec: code that is made and thrown away, each where the last one was


XF = """def xf{0}():
    x = 0
    for _ in range(60):
        x += 1
    return x
def xg{0}():
    return xf{0}() + 1
"""


def xwork(until):
    n = 0
    while time.monotonic() < until:
        n += 1
        made = {}
        file = "/made/{}.py" if n // 1000 & 1 else "<made {}>"
        exec(compile(XF.format(n % 50), file.format(n % 50), "exec"), made)
        made["xg%d" % (n % 50)]()
        made.clear()


SHAPES = {"py": work, "c": cwork, "gen": gwork, "aio": aiowork, "exec": xwork, "free": fwork}


def main(shape, threads, seconds):
    until = time.monotonic() + seconds
    function = SHAPES[shape]
    others = [threading.Thread(target=function, args=(until,)) for _ in range(threads - 1)]
    for other in others:
        other.start()
    function(until)
    for other in others:
        other.join()


if __name__ == "__main__":
    sqlite3.connect(":memory:")  # reason enough for the agent's channel: sampled from the start
    sys.setswitchinterval(0.002)
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
