"""What a cure really saves: twins of one app, asked by turns, unslow loaded into none of them.

Each round asks each app once: neighbours on the machine come for tens of milliseconds and so disturb
a whole round alike, which they do not with longer blocks. The order is kept, A B C A B C: with
A B C C B A, A and C would every other time find the caches warm that they left, and B never.
Requests do not overlap and the servers are mostly idle (utilisation ≤ 0.3), so the difference of two
turns of a round is that of service times. The interval is a bootstrap of the median over rounds.
"""

import os
import subprocess
import sys
from collections import namedtuple
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory

import load
import net

Saving = namedtuple("Saving", "ms low high rounds")
WARM_UP = 10  # rounds that do not count: pools fill, caches load


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


def measure(servers, path, environment, rate, rounds):
    """Service times of each server (ms) by rounds, how busy they were, and how many rounds do not count.

    `servers`: name → (folder, function from a port to a command); `path`: what each is asked for;
    `rate`: requests a second, of all together. A round in which a request met another that was not
    answered yet counts for no server.
    """
    with ExitStack() as stack, TemporaryDirectory() as results:
        urls = []
        for folder, command_for in servers.values():
            port = net.free_port()
            stack.enter_context(serving(command_for(port), port, folder, environment))
            urls.append(f"http://127.0.0.1:{port}{path}")
        asked = load.by_turns(urls, rate, WARM_UP + rounds, Path(results))
    kept = apart(list(zip(*asked)))
    if len(kept) * 2 < rounds:
        raise Disturbed(f"in {rounds - len(kept)} of {rounds} rounds a request met another; "
                        "run it again on a quieter machine")
    columns = {name: [row[number].done_ms - row[number].sent_ms for row in kept]
               for number, name in enumerate(servers)}
    busy = sum(map(sum, columns.values())) / len(kept) / len(servers) * rate / 1e3
    return columns, busy, rounds - len(kept)


def apart(rows):
    """The rounds, warm-up left out, in which no request met another of any round."""
    ordered = sorted(request for row in rows for request in row)
    met, latest = set(), None
    for request in ordered:
        if latest and request.sent_ms < latest.done_ms:
            met |= {request, latest}
        if not latest or request.done_ms > latest.done_ms:
            latest = request
    return [row for row in rows[WARM_UP:] if met.isdisjoint(row)]


def saving(before, after, resamples=2000):
    """Difference of two columns, round by round: median and 95 % bootstrap interval."""
    differences = [b - a for b, a in zip(before, after)]
    random = Random(1)
    medians = sorted(
        median(random.choices(differences, k=len(differences))) for _ in range(resamples)
    )
    return Saving(median(differences), medians[int(0.025 * resamples)],
                  medians[int(0.975 * resamples)], len(differences))
