"""An event loop that is held by computing; with the word "thread" in a thread beside the main one."""

import asyncio
import sys
import threading


def compute():
    total = 0
    for number in range(2_500_000):
        total += number * number % 7  # CAUSE: cpu-hog-in-event-loop
    return total


async def worker():
    for _ in range(5):
        await asyncio.sleep(0.02)
        compute()


async def ticker():
    for _ in range(20):
        await asyncio.sleep(0.02)


async def main():
    await asyncio.gather(worker(), ticker())


if "thread" in sys.argv:
    thread = threading.Thread(target=lambda: asyncio.run(main()))
    thread.start()
    thread.join()
else:
    asyncio.run(main())
