"""What a cure really saves: twins of one app, asked by turns, unslow loaded into none of them.

A round asks each app a block of requests, at the pace at which it was watched: its code and data are
in the caches as they are when it serves alone, which they are not if the twins take turns request by
request. A round counts by the medians of its blocks or, where a prediction of a mean is judged and the
machine is quiet, by their means; the rounds count by their median, so that a neighbour on the machine that
comes for tens of milliseconds decides nothing. The interval is a bootstrap of that.
"""

import os
import subprocess
import sys
from collections import namedtuple
from contextlib import ExitStack, contextmanager
from random import Random
from statistics import median

import load
import net

Saving = namedtuple("Saving", "ms low high rounds")
WARM_UP = 10  # requests to each that do not count: pools fill, caches load
BLOCK_S, BLOCK_LEAST = 0.1, 8  # a block: so long, but so many requests at least


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


def measure(servers, path, rate, rounds, enough=lambda columns: False, centre=median, count=0):
    """Service times of each server by rounds (ms, `centre` of a block), and how busy it was.

    `servers`: name → (folder, environment, function from a port to a command); `path`: what each is asked for,
    `rate` times a second. `enough`: of what was seen so far, whether more rounds are needless. `count`: of requests
    of a block, if it be more than BLOCK_S has.
    """
    count = max(BLOCK_LEAST, round(BLOCK_S * rate), count)
    columns = {name: [] for name in servers}
    with ExitStack() as stack:
        urls = {}
        for name, (folder, environment, command_for) in servers.items():
            port = net.free_port()
            stack.enter_context(serving(command_for(port), port, folder, environment))
            urls[name] = f"http://127.0.0.1:{port}{path}"
            load.block(urls[name], rate, WARM_UP)
        for number in range(rounds):
            if enough(columns):
                break
            for name in (list(urls) if number % 2 else list(urls)[::-1]):
                columns[name].append(centre(load.block(urls[name], rate, count)))
    busy = sum(map(median, columns.values())) / len(columns) * rate / 1e3
    return columns, busy


def saving(before, after, resamples=2000):
    """Difference of two columns, round by round: median and 95 % bootstrap interval."""
    differences = [b - a for b, a in zip(before, after)]
    random = Random(1)
    medians = sorted(
        median(random.choices(differences, k=len(differences))) for _ in range(resamples)
    )
    return Saving(median(differences), medians[int(0.025 * resamples)],
                  medians[int(0.975 * resamples)], len(differences))
