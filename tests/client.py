"""One request on a connection of its own, for tests and benchmarks that look at single answers."""

import socket


def get(port, path, timeout=10.0, headers=(), body=None):
    """GET 127.0.0.1:`port``path`, POST with a `body`; returns (status, body). No answer is an OSError."""
    lines = [f"{'GET' if body is None else 'POST'} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}",
             "Connection: close", *headers]
    if body is not None:
        lines.append(f"Content-Length: {len(body)}")
    with socket.create_connection(("127.0.0.1", port), timeout) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + (body or b""))
        received = []
        while True:
            part = connection.recv(65536)
            if not part:
                break
            received.append(part)
    head, _, content = b"".join(received).partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1."):
        raise ConnectionError("closed without an answer")
    return int(head.split(b" ", 2)[1]), content
