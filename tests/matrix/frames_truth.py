"""Functions called a known number of times; the counts are in test_calls_frames.py."""
import asyncio
import contextlib
import sys
import threading

go, gone = threading.Event(), threading.Event()


def waiting():
    go.wait()
    for _ in range(7):
        in_old_thread()
    gone.set()


def in_old_thread():
    pass


def in_new_thread():
    pass


def numbers(count):
    for i in range(count):
        yield i


async def suspended_twice():
    await asyncio.sleep(0)
    await asyncio.sleep(0)


async def main():
    await asyncio.gather(*(suspended_twice() for _ in range(50)))
    return [x async for x in ticker(4)]


async def ticker(count):
    for i in range(count):
        await asyncio.sleep(0)
        yield i


def recursive(n):
    return recursive(n - 1) if n else 0


def raising(n):
    if n:
        raising(n - 1)
    else:
        raise ValueError


async def never_started():
    pass


def run():
    for _ in range(5):
        list(numbers(3))
    for n in range(3):
        recursive(9)
    for _ in range(2):
        with contextlib.suppress(ValueError):
            raising(3)
    with contextlib.suppress(KeyError):
        never_started().throw(KeyError)
    unfinished = numbers(3)
    next(unfinished)
    unfinished.close()
    threads = [threading.Thread(target=in_new_thread) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    go.set()
    gone.wait()
    asyncio.run(main())
    for _ in range(11):
        len("abc")


threading.Thread(target=waiting).start()
if len(sys.argv) > 1:
    sys.stdin.readline()
run()
