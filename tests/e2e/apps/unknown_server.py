"""A server of its own making: no framework that unslow knows. What it connects to makes it seen."""

import asyncio
import sys


async def serve(reader, writer):
    await reader.readuntil(b"\r\n\r\n")
    _, other = await asyncio.open_connection("127.0.0.1", int(sys.argv[2]))
    other.close()
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
    await writer.drain()
    writer.close()


async def main():
    await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", int(sys.argv[2]))
    server = await asyncio.start_server(serve, "127.0.0.1", int(sys.argv[1]))
    async with server:
        await server.serve_forever()


asyncio.run(main())
