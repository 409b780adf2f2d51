"""docs/benchmarks.md: each benchmark rewrites its own section and leaves the others alone."""

import os
import platform
import re
import subprocess
import sys
import time
from pathlib import Path
from random import Random
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
BUILD = Path(os.environ.get("UNSLOW_BUILD", ROOT / "build"))
PAGE = ROOT / "docs" / "benchmarks.md"
sys.path[:0] = map(str, (ROOT / "demo", ROOT / "tests"))  # servers; one request (client)

HEAD = """# Benchmarks

Every figure names the command that makes it; each command rewrites its own section (`make bench`
runs them all). Intervals are 95 % bootstrap intervals of the median over paired blocks.
"""


def write(name, text):
    page = PAGE.read_text() if PAGE.exists() else HEAD
    section = f"<!-- {name} -->\n{text.strip()}\n<!-- end {name} -->\n"
    pattern = re.compile(rf"<!-- {name} -->.*?<!-- end {name} -->\n", re.S)
    page = pattern.sub(lambda _: section, page) if pattern.search(page) else f"{page}\n{section}"
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page)
    print(text)


def conditions(python=None):
    """One line: where and when a figure was measured, and on which CPython, if not this one."""
    model = next((line.partition(":")[2].strip() for line in open("/proc/cpuinfo")
                  if line.startswith("model name")), platform.machine())
    commit = subprocess.run(["git", "-C", ROOT, "rev-parse", "--short", "HEAD"],
                            stdout=subprocess.PIPE, text=True).stdout.strip()
    return (f"{time.strftime('%Y-%m-%d')}, {commit}, CPython {python or platform.python_version()}, "
            f"{len(os.sched_getaffinity(0))} CPUs ({model}), Linux {platform.release().split('-')[0]}")


def interval(values, resamples=2000):
    """Median and its 95 % bootstrap interval."""
    random = Random(1)
    medians = sorted(
        median(random.choices(values, k=len(values))) for _ in range(resamples)
    )
    return median(values), medians[int(0.025 * resamples)], medians[int(0.975 * resamples)]


def verdict(measured, bar):
    """By the interval: a bar inside it decides nothing."""
    _, low, high = measured
    return "met" if high <= bar else "missed" if low > bar else "not resolved"
