"""Fixtures of the suites that start real servers: tests/e2e and tests/matrix."""

import os
import signal
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

import harness  # noqa: E402
import world  # noqa: E402

# Ignored under nohup and in a shell's background, which every server a test starts would inherit.
signal.signal(signal.SIGHUP, signal.SIG_DFL)
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def program():
    """Path of unslow."""
    if not os.access(harness.UNSLOW, os.X_OK):
        pytest.exit(f"{harness.UNSLOW} is not built: make", returncode=1)
    return harness.UNSLOW


@pytest.fixture(scope="session")
def postgres():
    """SQLAlchemy URL of a private cluster with the World table."""
    with world.postgres() as url:
        yield url


@pytest.fixture
def watched(program, tmp_path):
    """Function from a command maker (port → command) to a Watched server."""

    def make(command, **options):
        port = harness.net.free_port()
        return harness.Watched(tmp_path, command(port), port, **options)

    return make
