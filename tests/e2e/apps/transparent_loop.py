"""Slow callbacks of objects that answer to any name: only the program itself asks them."""

import asyncio
import time

import seen

asked = []


class Nosy:
    def __getattr__(self, name):
        asked.append(name)
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *of: asked.append(f"{name}()")

    def __call__(self):
        time.sleep(0.01)

    def method(self):
        time.sleep(0.01)


class Property:
    @property
    def __wrapped__(self):
        asked.append("property")
        raise AttributeError

    __qualname__ = "x"

    @property
    def get_coro(self):
        return lambda: asked.append("get_coro()")

    def method(self):
        time.sleep(0.01)


class Task(asyncio.Task):
    def get_coro(self):
        asked.append("get_coro() of a task")
        return super().get_coro()


async def blocking():
    time.sleep(0.01)
    return 1


async def main():
    loop = asyncio.get_running_loop()
    for callback in (Nosy(), Nosy().method, Property().method, Nosy().work):
        loop.call_soon(callback)
    task = Task(blocking())
    await asyncio.create_task(blocking())
    seen.show("task", lambda: task.done())
    await task
    seen.show("asked", lambda: asked)


for at in range(3):
    seen.show("loop", lambda: asyncio.run(main()))
