"""Real servers under `unslow run`: started, loaded, stopped by process, their recording read.

Everything listens on 127.0.0.1 at a port that was free, waits for a state and never for a time,
and is stopped by the process that was started. A test reads a recording as a user's tools do:
through `unslow why --json` and the SQL views v1_….
"""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
APPS = ROOT / "tests" / "e2e" / "apps"
DEMO = ROOT / "demo"
UNSLOW = os.environ.get("UNSLOW_BINARY", str(ROOT / "build" / "unslow"))
sys.path.insert(0, str(DEMO))

import client  # noqa: E402  (beside this file)
import net  # noqa: E402


def add_wide_table(url):
    """A schema that each new connection has to read: the cause is dear on any machine."""
    connection = sqlite3.connect(url[len("sqlite:///"):])
    columns = ", ".join(f"column{number} INTEGER" for number in range(800))
    with connection:
        connection.execute(f"CREATE TABLE wide ({columns})")
    connection.close()


class Recording:
    def __init__(self, path):
        self.path = Path(path)
        self.answers = {}

    def query(self, sql, *values):
        connection = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()

    def requests(self, route=None):
        """Finished requests, thinned ones included."""
        where, values = ("", ()) if route is None else (" AND route = ?", (route,))
        sql = f"SELECT coalesce(sum(weight), 0) FROM v1_unit WHERE kind = 'request' AND finished{where}"
        return self.query(sql, *values)[0][0]

    def statements(self, pattern):
        sql = "SELECT count(*) FROM v1_statement WHERE fingerprint LIKE ?"
        return self.query(sql, pattern)[0][0]

    def why(self, *options):
        """Asked once for each state of the file."""
        key = options, self.path.stat().st_mtime_ns
        if key not in self.answers:
            self.answers[key] = subprocess.run([UNSLOW, "why", "--json", *options, str(self.path)],
                                               stdout=subprocess.PIPE, timeout=60, check=True).stdout
        return json.loads(self.answers[key])

    def causes(self, kind="slow"):
        return [finding["cause"] for finding in self.why()["findings"] if finding["list"] == kind]


class Watched:
    """A server under `unslow run` (`watched=False`: the same without), as a context."""

    def __init__(self, folder, command, port, environment=(), cwd=APPS, watched=True, prefix=(),
                 options=()):
        self.port = port
        self.recording = Recording(Path(folder, "run.rec"))
        self.stderr_path = Path(folder, "stderr")
        run = [UNSLOW, "run", *options, "-o", str(self.recording.path), "--"] if watched else []
        self.command = [*prefix, *run, *map(str, command)]
        self.environment = {**os.environ, "PYTHONPATH": str(APPS), **dict(environment)}
        self.cwd = cwd
        self.status = None

    def __enter__(self):
        with open(self.stderr_path, "wb") as stderr:
            self.process = subprocess.Popen(
                self.command, cwd=self.cwd, env=self.environment, stdin=subprocess.DEVNULL,
                stdout=stderr, stderr=stderr,
            )
        try:
            net.wait_for_port(self.port, self.process, seconds=30)
        except BaseException:
            net.stop(self.process)
            raise AssertionError(f"server did not start: {self.stderr()}")
        return self

    def __exit__(self, *_):
        self.status = net.stop(self.process, signal.SIGINT, seconds=20)

    def stderr(self):
        return self.stderr_path.read_text(errors="replace")

    def get(self, path, **options):
        return client.get(self.port, path, **options)

    def load(self, path, count, threads=1):
        """Send `count` requests, at most `threads` at once; returns the statuses (0: no answer)."""
        statuses, lock = [], threading.Lock()
        left = iter(range(count))

        def work():
            while True:
                with lock:
                    if next(left, None) is None:
                        return
                try:
                    status = self.get(path)[0]
                except OSError:
                    status = 0
                with lock:
                    statuses.append(status)

        workers = [threading.Thread(target=work) for _ in range(threads)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        return statuses


def marked(path, cause):
    """Line of the `CAUSE:` comment of a source file."""
    for number, line in enumerate(Path(path).read_text().splitlines(), 1):
        if line.endswith(f"# CAUSE: {cause}"):
            return number
    raise AssertionError(f"{path} marks no line with {cause}")


def gunicorn(python, app, port, *options):
    return [python, "-m", "gunicorn", "--log-level", "warning", "-b", f"127.0.0.1:{port}",
            *options, app]


def uvicorn(python, app, port, *options):
    return [python, "-m", "uvicorn", "--log-level", "warning", "--port", port, *options, app]
