"""Lines with known hits; which, is in test_calls_lines.py. Chosen: __main__:chosen*"""
import asyncio
import contextlib
import threading
import time


def chosen_loops():
    for i in range(60): called(i)                       # 60
    n = 60
    while n: n = called(n) - 1                          # 60
    for i in ():                                        # 1
        called(i)
    for i in range(60):                                 # 61
        called(i)                                       # 60
    with contextlib.suppress(ValueError):
        for i in range(60): raises_at(i, 41)            # 42
    for i in range(0): called(i)                        # 1
    return [called(i) for i in range(60)]               # 1


def called(n):
    return n


def raises_at(n, at):
    if n == at:
        raise ValueError
    return n


def chosen_fibonacci(n):
    if n < 2:                                           # 177 for 10
        return n                                        # 89
    return chosen_fibonacci(n - 1) + chosen_fibonacci(n - 2)  # 88


async def leaf():
    await asyncio.sleep(0.05)


async def chosen_waits():
    before = time.perf_counter()                        # 20
    await leaf()                                        # 20: awaited 1.0 s
    return time.perf_counter() - before                 # 20


async def main():
    seen = await asyncio.gather(*(chosen_waits() for _ in range(20)))
    print("awaited", sum(seen))
    return [x async for x in chosen_ticker(5)]


async def chosen_ticker(count):
    for i in range(count):                              # 12 of both
        await asyncio.sleep(0)                          # 10
        yield i                                         # 10


async def chosen_consumer():
    async for i in chosen_ticker(5): called(i)          # 5


def chosen_generator():
    for i in range(60): yield i                         # 60


def chosen_in_thread():
    n = 0                                               # 4
    for i in range(100):                                # 404
        n += called(i)                                  # 400
    time.sleep(0.02)                                    # 4
    return n                                            # 4


def spin(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass


def chosen_calls():
    spin(0.05)                                          # wall 0.05, own next to nothing
    end = time.monotonic() + 0.05
    while time.monotonic() < end:                       # own 0.05
        pass


def chosen_outer():
    return chosen_inner()


def chosen_inner():
    try:
        chosen_raises()
    except ValueError:
        return 1                                        # 1


def chosen_raises():
    raise ValueError                                    # 1


chosen_loops()
chosen_fibonacci(10)
asyncio.run(main())
asyncio.run(chosen_consumer())
sum(chosen_generator())
threads = [threading.Thread(target=chosen_in_thread) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
chosen_calls()
chosen_outer()
