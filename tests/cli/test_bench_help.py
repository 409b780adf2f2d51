"""Each benchmark says how it is called; what it needs is asked for by none of that."""

import subprocess
import sys

import pytest
import runner


def scripts():
    return sorted(path.name for path in (runner.ROOT / "bench").iterdir()
                  if path.is_file() and not path.suffix and path.read_text(errors="replace").startswith("#!/usr/bin/env python"))


def test_there_are_benchmarks():
    assert "heap-cost" in scripts()


@pytest.mark.parametrize("name", scripts())
def test_help(name):
    done = subprocess.run([sys.executable, runner.ROOT / "bench" / name, "--help"], capture_output=True, text=True,
                          timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"usage: {name}")


def test_a_workload_that_is_none():
    done = subprocess.run([sys.executable, runner.ROOT / "bench" / "heap-cost", "nothing"], capture_output=True,
                          text=True, timeout=60)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (
        2, "heap-cost: error: no workload nothing; there are web, documents, alloc")
