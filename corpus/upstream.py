"""A service that others wait for: GET or POST /MS answers with a little JSON after MS milliseconds,
/MS/STATUS with that status.

Keeps connections open as long as its clients do. With a certificate it speaks TLS: PORT CERTIFICATE KEY.
"""

import asyncio
import re
import ssl
import sys

BODY = b'{"price": 42, "stock": 7}'


async def serve(reader, writer):
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
            if length:
                await reader.readexactly(int(length[1]))
            delay, _, status = head.split(b" ", 2)[1].strip(b"/").split(b"?")[0].partition(b"/")
            await asyncio.sleep(float(delay or 0) / 1e3)
            writer.write(b"HTTP/1.1 %d -\r\nContent-Type: application/json\r\n"
                         b"Content-Length: %d\r\n\r\n%s" % (int(status or 200), len(BODY), BODY))
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def main(port, *certificate):
    tls = None
    if certificate:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(*certificate)
    server = await asyncio.start_server(serve, "127.0.0.1", port, backlog=1024, ssl=tls)
    await server.serve_forever()


if __name__ == "__main__":
    try:
        asyncio.run(main(int(sys.argv[1]), *sys.argv[2:]))
    except KeyboardInterrupt:
        pass
