"""asyncio for test_dump.py: tasks in each kind of await."""
import asyncio
import sys


async def leaf():
    await asyncio.sleep(1000)  # LINE leaf


async def numbers():
    await leaf()  # LINE numbers
    yield 1


async def through_generator():
    async for _ in numbers():  # LINE through
        pass


async def on_task(task):
    await task  # LINE on_task


async def on_gather():
    await asyncio.gather(leaf(), leaf())  # LINE on_gather


async def on_lock(lock):
    async with lock:  # LINE on_lock
        pass


async def busy():
    while True:
        for _ in range(10000):
            pass
        await asyncio.sleep(0)  # LINE busy


async def main():
    lock = asyncio.Lock()
    await lock.acquire()
    first = asyncio.ensure_future(through_generator())
    if hasattr(first, "set_name"):
        first.set_name("named")
    tasks = [first, *map(asyncio.ensure_future, [on_task(first), on_gather(), on_lock(lock)])]
    if "busy" in sys.argv:
        tasks.append(asyncio.ensure_future(busy()))
    await asyncio.sleep(0.01)
    print("ready", flush=True)
    await asyncio.wait(tasks)  # LINE main


asyncio.run(main())
