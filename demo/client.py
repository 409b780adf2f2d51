"""A small constant-rate HTTP client (`unslow load` is the real one, when it exists).

One schedule for all threads; response time counts from the moment a request was due, service
time from the moment it was sent. A request that got no answer counts at its age. The client's
own lateness (sent minus due) is kept, so that a result can be distrusted.
"""

import argparse
import json
import socket
import sys
import threading
import time
from collections import namedtuple

# Seconds: due and sent on the monotonic clock, done = answer complete. status 0: no answer.
Sample = namedtuple("Sample", "target due sent done status")
Target = namedtuple("Target", "host port path")


def target_of(url):
    address, _, path = url.partition("://")[2].partition("/")
    host, _, port = address.partition(":")
    return Target(host, int(port or 80), "/" + path)


def get(target, timeout=10.0, headers=(), body=None):
    """One request on a connection of its own; returns (status, body)."""
    lines = [f"{'GET' if body is None else 'POST'} {target.path} HTTP/1.1",
             f"Host: {target.host}:{target.port}", "Connection: close", *headers]
    if body is not None:
        lines.append(f"Content-Length: {len(body)}")
    request = "\r\n".join(lines).encode() + b"\r\n\r\n" + (body or b"")
    with socket.create_connection((target.host, target.port), timeout) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(request)
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


def send(number, target, due):
    sent = time.monotonic()
    try:
        status, _ = get(target)
    except OSError:
        status = 0
    return Sample(number, due, sent, time.monotonic(), status)


def run(urls, rate, seconds, threads=1):
    """Send rate × seconds requests, `urls` by turns, and return their samples in due order.

    With one thread the requests never overlap: each is alone on the machine, which is what
    service times of twins are compared by. With more, up to `threads` are open at once.
    """
    targets = [target_of(url) for url in urls]
    total = int(rate * seconds)
    start = time.monotonic() + 0.05
    lock = threading.Lock()
    upcoming = iter(range(total))
    samples = []

    def work():
        while True:
            with lock:
                number = next(upcoming, None)
            if number is None:
                return
            due = start + number / rate
            time.sleep(max(0.0, due - time.monotonic()))
            turn = number % len(targets)
            samples.append(send(turn, targets[turn], due))

    workers = [threading.Thread(target=work, daemon=True) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return sorted(samples, key=lambda sample: sample.due)


def quantile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def summary(samples):
    """Milliseconds; response from the due time, service from the sending."""
    response = [(sample.done - sample.due) * 1e3 for sample in samples]
    service = [(sample.done - sample.sent) * 1e3 for sample in samples]
    late = [(sample.sent - sample.due) * 1e3 for sample in samples]
    return {
        "requests": len(samples),
        "failed": sum(sample.status != 200 for sample in samples),
        "response_p50_ms": quantile(response, 0.5),
        "response_p99_ms": quantile(response, 0.99),
        "service_p50_ms": quantile(service, 0.5),
        "late_p50_ms": quantile(late, 0.5),
        "late_p99_ms": quantile(late, 0.99),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url", nargs="+", help="http://127.0.0.1:PORT/PATH; several: by turns")
    parser.add_argument("--rate", type=float, default=50, help="requests a second")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--threads", type=int, default=4, help="requests open at once, at most")
    options = parser.parse_args()
    samples = run(options.url, options.rate, options.seconds, options.threads)
    for number, url in enumerate(options.url):
        own = [sample for sample in samples if sample.target == number]
        print(json.dumps({"url": url, **summary(own)}))
    return 1 if any(sample.status != 200 for sample in samples) else 0


if __name__ == "__main__":
    sys.exit(main())
