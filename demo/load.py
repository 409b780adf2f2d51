"""`unslow load` as the demo uses it: a block of requests, and what of its figures must be so."""

import csv
import json
import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
UNSLOW = Path(os.environ.get("UNSLOW_BUILD", ROOT / "build")) / "unslow"

class Failed(Exception):
    """The server answered with errors: there is nothing to compare."""


def block(url, rate, count):
    """Service times (ms) of `count` requests, `rate` a second, one at a time; the first two apart."""
    with TemporaryDirectory() as folder:
        log, result = Path(folder, "log.csv"), Path(folder, "load.json")
        subprocess.run([UNSLOW, "load", "--quiet", "-R", f"{rate:g}", "-c", "1", "-n", str(count + 2),
                        "-d", f"{(count + 2) / rate + 1:.3f}s", "-o", result, "--log", log, url],
                       stdout=subprocess.DEVNULL, check=True)
        check(json.loads(result.read_text()))
        with open(log, newline="", encoding="ascii") as lines:
            times = sorted((int(line["sent_ns"]), int(line["done_ns"])) for line in csv.DictReader(lines))
    return [(done - sent) / 1e6 for sent, done in times[2:]]


def check(result):
    """Every request of an `unslow.load/1` was answered well."""
    errors = result["errors"]
    if errors["all"]:
        raise Failed(f"{errors['all']} of {result['requests']['due']} requests to "
                     f"{result['target']} failed; the first: {errors['first']}")
    if result["requests"]["answered"] < result["requests"]["due"]:
        raise Failed(f"{result['target']} answered {result['requests']['answered']} of "
                     f"{result['requests']['due']} requests")
