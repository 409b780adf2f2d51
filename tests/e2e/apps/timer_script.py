"""Sleeps on an event loop. With a port: asks a service there meanwhile, which answers late."""

import asyncio
import sys


async def beat(times):
    for _ in range(times):
        await asyncio.sleep(0.05)


async def ask(port):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"?")
    await reader.read(1)
    writer.close()


async def main():
    waits = [beat(30)] + [ask(int(port)) for port in sys.argv[1:]]
    await asyncio.gather(*waits)


asyncio.run(main())
