"""The demo's handler, called again and again in one process: what a profiler is pointed at."""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "demo"))

import slow


def requests(seconds):
    client = slow.app.test_client()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert client.get("/db").status_code == 200


if __name__ == "__main__":
    requests(float(sys.argv[1]))
