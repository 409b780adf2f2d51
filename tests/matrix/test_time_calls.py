"""`unslow time MODULE:FUNCTION -- CMD` on every CPython: counts are the truth, times are possible."""

import json
import subprocess
from pathlib import Path

import harness

TRUTH = Path(__file__).with_name("time_calls_truth.py")


def calls(python, tmp_path, *words):
    """What came on stderr, where the program's own stdout goes beside a document, and the functions by the last part of
    their names."""
    done = subprocess.run([harness.UNSLOW, "time", "--json", *words, "--", python, str(TRUTH)],
                          cwd=tmp_path, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    got = json.loads(done.stdout)
    return done.stderr, {row["function"].split(".")[-1]: row for row in got["functions"]}


def test_counts_are_the_truth(python, tmp_path):
    names = ("leaf", "recursive", "raises", "sleeps", "numbers", "waits", "Thing.method")
    said, got = calls(python, tmp_path, *(f"__main__:{name}" for name in names))
    assert "done\n" in said
    counts = {name: (row["calls"], row["raised"], row["open"]) for name, row in got.items()}
    assert counts == {"leaf": (141, 0, 0), "recursive": (10, 0, 0), "raises": (20, 5, 0),
                      "sleeps": (3, 0, 0), "numbers": (4, 0, 0), "waits": (6, 0, 0),
                      "method": (90, 0, 0)}
    # Of a generator, which is resumed by whoever iterates, no single call is timed.
    assert all(row["timed"] == row["calls"] for name, row in got.items() if name != "numbers")
    assert got["recursive"]["primitive"] == 1 and got["leaf"]["primitive"] == 141
    assert got["leaf"]["threads"] > got["recursive"]["threads"] == 1
    # A sleep is at least as long as it was asked for, and the CPU is not taken while it lasts.
    for name in ("sleeps", "waits"):
        assert 19.9e6 <= got[name]["least_ns"] <= got[name]["wall_ns"]["p50"] * 1.04
        assert got[name]["cpu_ns"]["p50"] < got[name]["least_ns"]
        assert got[name]["most_ns"] >= got[name]["wall_ns"]["p99"] >= got[name]["wall_ns"]["p50"]
    assert got["waits"]["waiting_ns"] + got["waits"]["ready_ns"] >= 19.9e6
    assert got["sleeps"]["waiting_ns"] == got["sleeps"]["ready_ns"] == 0


def test_only_what_was_named_is_counted(python, tmp_path):
    # Below 3.11 code has only the last part of its name, so that of a class's `*` would be all.
    _, got = calls(python, tmp_path, "__main__:Thing.meth*")
    assert list(got) == ["method"]
    assert got["method"]["calls"] == 90


def test_a_function_of_the_library(python, tmp_path):
    _, got = calls(python, tmp_path, "asyncio.tasks:sleep")
    assert got["sleep"]["calls"] == 6


def test_what_is_never_called_is_named(python, tmp_path):
    done = subprocess.run([harness.UNSLOW, "time", "nowhere:f", "--fail-on", "calls>5", "--",
                           python, str(TRUTH)], cwd=tmp_path, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (1, "done\n")
    assert "no call of nowhere:f was seen" in done.stderr
    assert "--fail-on: no call was seen: that is no pass" in done.stderr
