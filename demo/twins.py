"""What a cure really saves: twins of one app, requests by turns, no unslow loaded anywhere.

Requests never overlap and the servers are mostly idle (utilisation ≤ 0.3), so the difference
of two turns in the same round is the difference of service times; neighbours on the machine
disturb both alike. The interval is a bootstrap of the median over rounds.
"""

import os
import subprocess
import sys
from collections import namedtuple
from contextlib import ExitStack, contextmanager
from random import Random
from statistics import median

import client
import net

Saving = namedtuple("Saving", "ms low high rounds")


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


def measure(servers, folder, environment, rounds, rate):
    """Median service time of each server (ms), and the samples of whole rounds.

    `servers`: name → function from a port to a command. `rate`: rounds a second.
    """
    with ExitStack() as stack:
        urls = []
        for command_for in servers.values():
            port = net.free_port()
            stack.enter_context(serving(command_for(port), port, folder, environment))
            urls.append(f"http://127.0.0.1:{port}/db")
        client.run(urls, rate * len(urls), 10 / rate)  # warm-up: pools fill, caches load
        samples = client.run(urls, rate * len(urls), rounds / rate)
    failed = [sample for sample in samples if sample.status != 200]
    if failed:
        raise RuntimeError(f"{len(failed)} of {len(samples)} requests failed: nothing to compare")
    service = [(sample.done - sample.sent) * 1e3 for sample in samples]
    busy = sum(service) / 1e3 / (samples[-1].done - samples[0].due)
    columns = {name: service[turn::len(urls)] for turn, name in enumerate(servers)}
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
