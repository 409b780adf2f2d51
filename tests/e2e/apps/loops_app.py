"""FastAPI: what holds a loop and what does not, work in threads, streams, a websocket."""

import asyncio
import os
import socket
import sqlite3
import threading
import time

from fastapi import FastAPI
from fastapi.responses import StreamingResponse

app = FastAPI()
DATABASE = os.environ["LOOPS_DB"]


def ask():
    connection = sqlite3.connect(DATABASE)  # CAUSE: db-connection-per-request
    connection.execute("CREATE TABLE IF NOT EXISTS note (id INTEGER PRIMARY KEY)")
    connection.execute("SELECT id FROM note").fetchall()
    connection.close()


def write_file():
    with open(DATABASE + ".file", "wb", buffering=0) as file:
        file.write(b"x" * 100_000)
        os.fsync(file.fileno())


def wait_for_lock():
    lock = threading.Lock()
    lock.acquire()
    threading.Timer(0.005, lock.release).start()
    with lock:
        pass


def wait_for_peer():
    """A blocking receive, as a synchronous HTTP client makes it."""
    here, there = socket.socketpair()
    threading.Timer(0.005, there.send, [b"x"]).start()
    here.recv(1)
    here.close()
    there.close()


WAITS = {
    "sleep": lambda: time.sleep(0.005),
    "sqlite": ask,
    "fsync": write_file,
    "lock": wait_for_lock,
    "recv": wait_for_peer,
}


@app.get("/loop/{what}")
async def in_the_loop(what):
    WAITS[what]()


@app.get("/task/{what}")
async def in_a_task(what):
    async def work():
        WAITS[what]()

    await asyncio.gather(work(), asyncio.sleep(0))


@app.get("/thread/{what}")
def in_a_thread(what):
    WAITS[what]()


@app.get("/to-thread/{what}")
async def in_to_thread(what):
    await asyncio.to_thread(WAITS[what])


@app.get("/executor/{what}")
async def in_an_executor(what):
    await asyncio.get_running_loop().run_in_executor(None, WAITS[what])


taken = asyncio.Lock()


@app.get("/shared")
async def under_a_lock():
    async with taken:
        await asyncio.sleep(0.02)


places = asyncio.Semaphore(2)


@app.get("/limited")
async def under_a_limit():
    async with places:
        await asyncio.sleep(0.02)


async def follow():
    await asyncio.sleep(0)


@app.get("/background")
async def in_the_background():
    asyncio.create_task(follow())


@app.get("/compute")
def compute():
    end = time.thread_time() + 0.01  # CPU, whatever else the machine does
    while time.thread_time() < end:
        pass


@app.get("/connection")
def connection():
    ask()


@app.get("/events")
async def events():
    async def forever():
        while True:
            yield "data: tick\n\n"
            await asyncio.sleep(0.01)

    return StreamingResponse(forever(), media_type="text/event-stream")
