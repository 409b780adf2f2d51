"""Calls whose number and kind are known, for test_time_calls.py."""
import asyncio
import threading
import time


def leaf(n):
    return sum(range(n))


def recursive(depth):
    return leaf(10) if depth == 0 else recursive(depth - 1)


def raises(number):
    if number % 4 == 0:
        raise ValueError(number)


def sleeps():
    time.sleep(0.02)


def numbers(count):
    for number in range(count):
        yield number


async def waits(seconds):
    await asyncio.sleep(seconds)


class Thing:
    def method(self):
        return leaf(3)


async def gather():
    await asyncio.gather(*(waits(0.02) for _ in range(6)))


def main():
    for _ in range(50):
        leaf(100)
    recursive(9)
    for number in range(20):
        try:
            raises(number)
        except ValueError:
            pass
    for _ in range(3):
        sleeps()
    for _ in range(4):
        list(numbers(10))
    threads = [threading.Thread(target=lambda: [Thing().method() for _ in range(30)])
               for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    asyncio.run(gather())


if __name__ == "__main__":
    main()
    print("done")
