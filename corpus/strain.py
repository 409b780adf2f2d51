"""What presses on an app from outside in a system case: a CPU limit, neighbours, a load of its own kind.

Each row of STRAINS is a context manager that takes the value of case.toml and yields words that go before
the server's command; it is undone at the end. Impossible says why a machine cannot have it.
"""

import os
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path

PERIOD_US = 100_000
ROOTS = (Path("/sys/fs/cgroup/cpu"), Path("/sys/fs/cgroup"))  # of version 1, of version 2
SPIN = "while True: pass"


class Impossible(Exception):
    """This machine cannot be strained so; the text says why."""


def limit(folder, cpus):
    """Writes the limit in the words of the group's version."""
    quota = str(int(cpus * PERIOD_US))
    if (folder / "cpu.max").exists():
        (folder / "cpu.max").write_text(f"{quota} {PERIOD_US}")
    else:
        (folder / "cpu.cfs_period_us").write_text(str(PERIOD_US))
        (folder / "cpu.cfs_quota_us").write_text(quota)


def make_group(cpus):
    """A control group of our own with that limit."""
    reasons = []
    for root in ROOTS:
        folder = root / f"unslow-corpus-{os.getpid()}"
        try:
            folder.mkdir()
        except OSError as error:
            reasons.append(f"{root}: {error.strerror}")
            continue
        try:
            if not (folder / "cpu.max").exists() and not (folder / "cpu.cfs_quota_us").exists():
                raise OSError(0, "its groups have no CPU controller")
            limit(folder, cpus)
            return folder
        except OSError as error:
            folder.rmdir()
            reasons.append(f"{root}: {error.strerror}")
    raise Impossible("no control group with a CPU limit can be made here (" + "; ".join(reasons) + ")")


@contextmanager
def quota(cpus):
    """So many CPUs for the server and what it starts."""
    folder = make_group(cpus)
    try:
        yield ["/bin/sh", "-c", f'echo $$ > "{folder}/cgroup.procs" && exec "$@"', "sh"]
    finally:
        folder.rmdir()


@contextmanager
def neighbours(count):
    """So many processes beside it that compute all the time."""
    processes = []
    try:
        for _ in range(count):
            processes.append(subprocess.Popen([sys.executable, "-c", SPIN]))
        yield []
    finally:
        for process in processes:
            process.kill()
            process.wait()


@contextmanager
def nothing(_):
    """Taken from the case where it is run: another server, load or rate."""
    yield []


STRAINS = {"quota": quota, "neighbours": neighbours, "server": nothing, "load": nothing, "rate": nothing}


@contextmanager
def under(strain):
    """All of `strain` (name → value); yields the words before the server's command."""
    words = []
    with ExitStack() as stack:
        for name, value in strain.items():
            words += stack.enter_context(STRAINS[name](value))
        yield words
