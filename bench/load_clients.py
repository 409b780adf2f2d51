"""The load generators that bench/load runs side by side: how each is called, what it says.

A new one is a row of CLIENTS. A peer is looked for where its environment variable says, else on
the path; `missing()` names those that are not there.
"""

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections import namedtuple

import report

# What a client says of a run; milliseconds, None where it says nothing.
Said = namedtuple("Said", "requests p50 p90 p99 service verdicts", defaults=(None, ()))
Run = namedtuple("Run", "said cpu_s text")

UNITS_MS = {"us": 1e-3, "ms": 1, "s": 1e3, "m": 6e4}


def unslow_said(text):
    result = json.loads(text)
    response, service = result["response_ms"], result["service_ms"]
    return Said(result["requests"]["answered"], response["p50"], response["p90"], response["p99"],
                (service["p50"], service["p99"]), [v["id"] for v in result["verdicts"]])


def percentiles_ms(text):
    """wrk's and wrk2's lines, such as ` 99.000%    4.53ms`."""
    return {float(share): float(value) * UNITS_MS[unit] for share, value, unit in
            re.findall(r"^ *(50|90|99)(?:\.0+)?% +([\d.]+)(us|ms|s|m)$", text, re.M)}


def wrk_said(text):
    corrected, _, uncorrected = text.partition("Uncorrected Latency")
    at, real = percentiles_ms(corrected), percentiles_ms(uncorrected)
    count = int(re.search(r"(\d+) requests in", text).group(1))
    return Said(count, at.get(50), at.get(90), at.get(99), (real[50], real[99]) if real else None)


def h2load_said(text):
    return Said(int(re.search(r"(\d+) succeeded", text).group(1)), None, None, None)


def vegeta_said(text):
    return Said(None, None, None, None)


# closed, paced: the command's words; {url}, {connections}, {seconds}, {rate} are filled in.
Client = namedtuple("Client", "variable closed paced said")
CLIENTS = {
    "unslow load": Client(
        "UNSLOW",
        "load --json -q --closed -c {connections} -d {seconds}s {url}",
        "load --json -q -R {rate} -c {connections} -d {seconds}s {url}", unslow_said),
    "wrk": Client("WRK", "-t1 -c{connections} -d{seconds}s --latency {url}", None, wrk_said),
    # Its closed loop is a rate that it cannot keep.
    "wrk2": Client(
        "WRK2",
        "-t1 -c{connections} -d{seconds}s -R1000000 -L {url}",
        "-t1 -c{connections} -d{seconds}s -R{rate} -L -U {url}", wrk_said),
    "h2load": Client(
        "H2LOAD",
        "--h1 -t1 -c{connections} -D{seconds} {url}",
        None, h2load_said),
    "vegeta": Client(
        "VEGETA", None,
        "-cpus 1 attack -rate {rate} -max-workers {connections} -workers {connections} "
        "-duration {seconds}s -output /dev/null", vegeta_said),
}


def program(name):
    """Path of a client, or None."""
    if name == "unslow load":
        return str(report.BUILD / "unslow")
    return shutil.which(os.environ.get(CLIENTS[name].variable) or name)


def missing(names):
    return [f"{name} is not on the path (or named by {CLIENTS[name].variable})"
            for name in names if not program(name)]


def present(names):
    return [name for name in names if program(name)]


class Load:
    """A client at work on a CPU of its own."""

    def __init__(self, name, kind, prefix=(), **values):
        self.client = CLIENTS[name]
        words = getattr(self.client, kind).format(**values).split()
        self.output, self.target = tempfile.TemporaryFile("w+"), tempfile.TemporaryFile("w+")
        self.target.write(f"GET {values['url']}\n")  # vegeta reads there what to send
        self.target.seek(0)
        self.process = subprocess.Popen([*prefix, program(name), *words], stdin=self.target,
                                        stdout=self.output, stderr=subprocess.STDOUT)

    def end(self):
        """Waits for it. The CPU time is the kernel's count of the whole process."""
        _, status, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = os.WEXITSTATUS(status) if os.WIFEXITED(status) else -os.WTERMSIG(status)
        self.output.seek(0)
        text = self.output.read()
        if self.process.returncode:
            raise RuntimeError(f"{self.process.args}: status {self.process.returncode}\n{text}")
        return Run(self.client.said(text), usage.ru_utime + usage.ru_stime, text)
