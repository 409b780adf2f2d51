"""A small part of the corpus: causes that are counted, so that a short run of a busy machine has them; and of those of
memory a leak and a cache that only looks like one.

`make test` runs QUICK; `make test-all` runs MORE as well. What is asserted is what a case of the corpus
asserts: the cause first, its line exact, nothing that is not so in the cured twin or a healthy app.
"""

import os
import subprocess

import pytest
from harness import ROOT

QUICK = ["healthy-thin-layers", "n-plus-one-queries", "thread-per-request"]
MORE = ["chatty-cache", "db-pool-churn", "engine-per-request", "healthy-change-list", "healthy-kept-upstream",
        "healthy-live-ticks", "healthy-one-transaction", "healthy-word-rules", "no-upstream-keep-alive",
        "query-built-per-request", "row-lock-wait", "sequential-upstream-calls", "template-compiled-per-request",
        "two-basket"]
MEMORY = ["healthy-bounded-cache", "memory-leak-10"]
SECONDS = 4
MEMORY_SECONDS = 7  # of a slope there must be enough looks
PYTHON = ROOT / ".venv-corpus" / "bin" / "python"
ALL = bool(os.environ.get("UNSLOW_TEST_ALL"))


@pytest.mark.parametrize("name", QUICK + MEMORY + (MORE if ALL else []))
def test_case(program, name):
    if not PYTHON.exists():
        (pytest.fail if ALL else pytest.skip)("no .venv-corpus: scripts/setup corpus")
    seconds = MEMORY_SECONDS if name in MEMORY else SECONDS
    done = subprocess.run(
        [PYTHON, ROOT / "corpus" / "run", "--exactly", name, "--seconds", str(seconds), "--no-saving", "--fresh"],
        capture_output=True, text=True, stdin=subprocess.DEVNULL)
    line = next((line for line in done.stdout.splitlines() if line.startswith("[1/1]")), done.stderr)
    assert done.returncode == 0, line
