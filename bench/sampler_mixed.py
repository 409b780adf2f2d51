"""What a long run of bench/sampler-truth does to the agent: everything at once, for SECONDS.

Eight threads: deep recursion, code made by exec(), exceptions, nested generators, asyncio, sockets
with json and re, destructors and cycles, threads that come and go; forks from the main thread.
Prints what its own checks found wrong; ends with status 0 if nothing.
"""

import asyncio
import gc
import json
import os
import re
import socket
import sqlite3
import sys
import threading
import time
import warnings

wrong = []


def down(n):
    return 0 if n == 0 else 1 + down(n - 1)


def recursion():
    if down(900) != 900:
        wrong.append("recursion")


def made_code():
    scope = {}
    exec("def f(x):\n    return [g(y) for y in range(x)]\ndef g(y):\n    return y * 2\nr = f(9)", scope)
    if scope["r"][-1] != 16:
        wrong.append("exec")


def raises(n):
    try:
        if n == 0:
            raise ValueError("deep")
        raises(n - 1)
    finally:
        len("finally")


def exceptions():
    try:
        raises(30)
    except ValueError as error:
        depth, at = 0, error.__traceback__
        while at:
            depth, at = depth + 1, at.tb_next
        if depth != 32:
            wrong.append(f"traceback of {depth}")


def tree(n):
    if n:
        yield from tree(n - 1)
        yield n
        yield from tree(n - 1)


def generators():
    if sum(tree(9)) != 1013:
        wrong.append("generators")


async def one(n):
    await asyncio.sleep(0)
    return n


async def many():
    return sum(await asyncio.gather(*(one(n) for n in range(20))))


def tasks():
    if asyncio.run(many()) != 190:
        wrong.append("asyncio")


def sockets():
    left, right = socket.socketpair()
    with left, right:
        text = json.dumps({"k" * 10: list(range(50))}).encode()
        left.sendall(text)
        if len(json.loads(right.recv(len(text) + 1))["kkkkkkkkkk"]) != 50:
            wrong.append("sockets")
    if not re.fullmatch(r"(\w+\s?)*", "some words here"):
        wrong.append("re")


class Cycle:
    def __init__(self):
        self.me = self

    def __del__(self):
        down(5)


def cycles():
    for _ in range(20):
        Cycle()
    gc.collect(0)


def churn():
    threads = [threading.Thread(target=down, args=(20,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


JOBS = [recursion, made_code, exceptions, generators, tasks, sockets, cycles, churn]


def repeat(job, until):
    while time.monotonic() < until:
        job()


def forks(until):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # this process has threads of its own
        while time.monotonic() < until:
            pid = os.fork()
            if pid == 0:
                down(50)
                os._exit(0)
            if os.waitpid(pid, 0)[1] != 0:
                wrong.append("child")
            time.sleep(0.05)


def main(seconds):
    until = time.monotonic() + seconds
    threads = [threading.Thread(target=repeat, args=(job, until)) for job in JOBS]
    for thread in threads:
        thread.start()
    forks(until)
    for thread in threads:
        thread.join()
    print(wrong[:5])
    return 1 if wrong else 0


if __name__ == "__main__":
    sqlite3.connect(":memory:")  # reason enough for the agent's channel: sampled from the start
    sys.setswitchinterval(0.0005)
    sys.exit(main(float(sys.argv[1])))
