"""What a cure really saves: twins of one app, asked by turns, unslow loaded into none of them.

Each round asks each app once, by an `unslow load` of one request: neighbours on the machine come
for tens of milliseconds and so disturb a whole round alike, which they do not with longer blocks.
The order is kept, A B C A B C: with A B C C B A, A and C would every other time find the caches
warm that they left, and B never. Requests do not overlap and the servers are mostly idle
(utilisation ≤ 0.3), so the difference of two turns of a round is that of service times. The
interval is a bootstrap of the median over rounds.
"""

import os
import subprocess
import sys
import time
from collections import namedtuple
from contextlib import ExitStack, contextmanager
from random import Random
from statistics import median

import load
import net

Saving = namedtuple("Saving", "ms low high rounds")
WARM_UP = 10  # requests to each server that do not count: pools fill, caches load


class Disturbed(Exception):
    """Most rounds were disturbed: this machine was too busy to compare."""


def gunicorn(module, port, *more):
    """Command line of one app of this folder."""
    return [sys.executable, "-m", "gunicorn", "--log-level", "warning",
            "-b", f"127.0.0.1:{port}", *more, f"{module}:app"]


def uvicorn(module, port):
    return [sys.executable, "-m", "uvicorn", "--log-level", "warning", "--port", str(port),
            f"{module}:app"]


@contextmanager
def serving(command, port, folder, environment):
    """A server for the time of the block; it must exit when told to."""
    process = subprocess.Popen(command, cwd=folder, env={**os.environ, **environment})
    try:
        net.wait_for_port(port, process)
        yield process
    finally:
        net.stop(process)


def measure(servers, folder, environment, rounds):
    """Service times of each server (ms) by rounds, how busy they were, and the rounds left out.

    `servers`: name → function from a port to a command. A round with a block that `unslow load`
    does not vouch for counts for no server; of each, its doubts (load.doubts) are returned.
    """
    columns = {name: [] for name in servers}
    doubts = []
    with ExitStack() as stack:
        urls = []
        for command_for in servers.values():
            port = net.free_port()
            stack.enter_context(serving(command_for(port), port, folder, environment))
            urls.append(f"http://127.0.0.1:{port}/db")
        for url in urls:
            load.block(url, WARM_UP)
        started = time.monotonic()
        for _ in range(rounds):
            blocks = [load.block(url) for url in urls]
            doubted = {doubt for block in blocks for doubt in load.doubts(block)}
            if doubted:
                doubts.append(doubted)
                continue
            for column, block in zip(columns.values(), blocks):
                column.append(block["service_ms"]["mean"])
        elapsed = time.monotonic() - started
    if len(doubts) * 2 > rounds:
        raise Disturbed(f"in {len(doubts)} of {rounds} rounds `unslow load` does not vouch for its "
                        "figures; run it again on a quieter machine")
    return columns, sum(map(sum, columns.values())) / 1e3 / elapsed, doubts


def saving(before, after, resamples=2000):
    """Difference of two columns, round by round: median and 95 % bootstrap interval."""
    differences = [b - a for b, a in zip(before, after)]
    random = Random(1)
    medians = sorted(
        median(random.choices(differences, k=len(differences))) for _ in range(resamples)
    )
    return Saving(median(differences), medians[int(0.025 * resamples)],
                  medians[int(0.975 * resamples)], len(differences))
