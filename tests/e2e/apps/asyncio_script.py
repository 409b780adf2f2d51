"""A coroutine that sleeps, awaits another, and then computes: what waits and what does not let others run."""

import asyncio


def cpu_intensive_call():
    total = 0
    for number in range(8_000_000):
        total += number * number % 7  # CAUSE: cpu-hog-in-event-loop
    return total


async def baz():
    await asyncio.sleep(0.3)


async def foo():
    await asyncio.sleep(0.5)
    await baz()
    cpu_intensive_call()


async def main():
    await asyncio.gather(foo(), asyncio.sleep(0.8))


asyncio.run(main())
