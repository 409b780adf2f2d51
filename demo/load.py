"""`unslow load` as the demo uses it: servers asked by turns, and which of its figures count."""

import csv
import json
import os
import subprocess
import time
from collections import namedtuple
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UNSLOW = Path(os.environ.get("UNSLOW_BUILD", ROOT / "build")) / "unslow"

# One request: when it was sent and its answer was whole, ms of one clock for all clients.
Asked = namedtuple("Asked", "sent_ms done_ms")


class Failed(Exception):
    """The server answered with errors: there is nothing to compare."""


def by_turns(urls, rate, count, folder):
    """Ask each of `urls` `count` times, `rate` requests a second in all, A B C A B C …

    One `unslow load` a server, each a turn after the last and all of one pace, so that no client
    starts while requests run. Returns a list of Asked a server, as they were sent.
    """
    running = []
    try:
        for number, url in enumerate(urls):
            path = folder / f"load-{number}"
            command = [UNSLOW, "load", "--quiet", "-R", f"{rate / len(urls):g}", "-c", "1", "-n", str(count),
                       "-d", f"{len(urls) * count / rate + 1:.3f}s", "-o", path.with_suffix(".json"),
                       "--log", path.with_suffix(".csv"), url]
            running.append((path, subprocess.Popen(command, stdout=subprocess.DEVNULL)))
            time.sleep(1 / rate)
        return [requests(path, process) for path, process in running]
    finally:
        for _, process in running:
            process.kill()
            process.wait()


def requests(path, process):
    """What one of the clients saw, when it has ended."""
    if process.wait():
        raise Failed(f"unslow load ended with status {process.returncode}")
    check(json.loads(path.with_suffix(".json").read_text()))
    with open(path.with_suffix(".csv"), newline="", encoding="ascii") as lines:
        return sorted(Asked(int(line["sent_ns"]) / 1e6, int(line["done_ns"]) / 1e6)
                      for line in csv.DictReader(lines))


def check(result):
    """Every request of an `unslow.load/1` was answered well."""
    errors = result["errors"]
    if errors["all"]:
        raise Failed(f"{errors['all']} of {result['requests']['due']} requests to "
                     f"{result['target']} failed; the first: {errors['first']}")
    if result["requests"]["answered"] < result["requests"]["due"]:
        raise Failed(f"{result['target']} answered {result['requests']['answered']} of "
                     f"{result['requests']['due']} requests")
