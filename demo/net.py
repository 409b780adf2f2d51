"""Servers of the demo and the tests: free ports, waiting for a state, stopping by process."""

import itertools
import os
import signal
import socket
import subprocess
import time


# Below those that Linux gives to clients (ip_local_port_range): none of their connections takes a port
# between the look at it and the server's. Each process looks from a place of its own.
FIRST, LAST = 20000, 32000
_ports = itertools.cycle(FIRST + (os.getpid() * 617 + n) % (LAST - FIRST) for n in range(LAST - FIRST))


def free_port():
    for port in _ports:
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def wait_until(attempt, errors, seconds=15):
    """Return the first result of `attempt()` that raises none of `errors`."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return attempt()
        except errors:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def wait_for_port(port, process, seconds=15):
    """Return when something listens on 127.0.0.1:port; no request is sent."""

    def connect():
        if process.poll() is not None:
            raise RuntimeError(f"the server ended at once with status {process.returncode}")
        socket.create_connection(("127.0.0.1", port), timeout=1).close()

    wait_until(connect, OSError, seconds)


def stop(process, sent=signal.SIGINT, seconds=10):
    """Stop one process that we started and return its status."""
    if process.poll() is None:
        process.send_signal(sent)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    return process.returncode
