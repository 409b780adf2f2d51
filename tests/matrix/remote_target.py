"""What remote_check.py reads: threads that wait in known places, generators, C calls between Python
calls, and another interpreter if this release can make one."""
import sys
import threading
import time

try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters


class Worker:
    def step(self, wait):
        return list(map(lambda _: wait(), [1]))  # LINE lambda


def steps(wait):
    yield Worker().step(wait)  # LINE steps


def descend(depth, wait):
    if depth:
        return descend(depth - 1, wait)  # LINE descend
    return next(steps(wait))  # LINE bottom


def sleeper():
    time.sleep(1000)  # LINE sleeper


def waiter():
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()  # LINE waiter


def spin():
    def add(number):
        return number + 1

    number = 0
    while True:
        number = max(map(add, [add(number), 2]))


if "interpreter" in sys.argv:
    kept = interpreters.create()
for wait in sleeper, waiter:
    threading.Thread(target=descend, args=(5, wait), daemon=True).start()
print("ready", flush=True)
if "spin" in sys.argv:
    spin()
time.sleep(1000)
