"""What the load generators of bench/load are let loose on: tests/load/server.c and uWSGI."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import report

import net

PROGRAMS = report.BUILD / "tests" / "unit"
BARE_CLIENT = PROGRAMS / "bare-client"
CPUS = sorted(os.sched_getaffinity(0))
CLIENT_CPU, SERVER_CPU = CPUS[0], CPUS[-1]
REAL_TIME = ["chrt", "-f", "5"]


def pinned(cpu, real_time=False):
    return ["taskset", "-c", str(cpu), *(REAL_TIME if real_time else [])]


class Server:
    """A context. Behind it: `arrivals` and `answers`, ns of CLOCK_MONOTONIC, one of each a request."""

    def __init__(self, *options, real_time=False, logged=True):
        self.folder = tempfile.TemporaryDirectory()
        self.logs = {f"--{name}": Path(self.folder.name, name) for name in ("log", "answers")}
        self.command = [*pinned(SERVER_CPU, real_time), PROGRAMS / "load-server", *map(str, options)]
        if logged:
            self.command += [word for row in self.logs.items() for word in row]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())
        self.url = f"http://127.0.0.1:{self.port}/"
        self.stopped_ns = self.continued_ns = 0
        return self

    def stop(self):
        self.stopped_ns = time.monotonic_ns()
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self):
        self.continued_ns = time.monotonic_ns()
        self.process.send_signal(signal.SIGCONT)

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGCONT)
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(10)
        self.arrivals, self.answers = (
            [int(line) for line in log.read_text().split()] if log.exists() else []
            for log in self.logs.values())
        self.folder.cleanup()


def uwsgi_program():
    """Path, or None: named by UWSGI, on the path, or beside a Python that `scripts/setup test` made."""
    found = shutil.which(os.environ.get("UWSGI") or "uwsgi")
    return found or next(map(str, report.ROOT.glob(".venv*/bin/uwsgi")), None)


@contextlib.contextmanager
def uwsgi():
    """One process that stays with its first keep-alive connection as long as that lives."""
    port = net.free_port()
    process = subprocess.Popen(
        [*pinned(SERVER_CPU), uwsgi_program(), "--http11-socket", f"127.0.0.1:{port}", "--wsgi-file",
         report.ROOT / "bench" / "hello.py", "--callable", "app", "--need-app", "--die-on-term"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        net.wait_for_port(port, process)
        yield f"http://127.0.0.1:{port}/hello"
    finally:
        net.stop(process)
