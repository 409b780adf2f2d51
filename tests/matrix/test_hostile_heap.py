"""A process that lies in its own memory: what reads it from outside ends, within its bounds, and says what it can."""
import os
import subprocess
import sys
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).resolve().parents[1])]
import harness  # noqa: E402

PROGRAM = Path(__file__).with_name("hostile_heap.py")
MOST_MIB = 512  # of the program that reads it: far more than it needs


@pytest.mark.parametrize("way", ["names", "sizes", "circles", "pairs", "dicts", "anything", "all"])
def test_it_is_read_and_left_alone(python, tmp_path, way):
    process = subprocess.Popen([python, PROGRAM, way], cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout.readline() == "ready\n"
        path = tmp_path / "a.rec"
        attach = subprocess.Popen([harness.UNSLOW, "attach", str(process.pid), "--walk", "-q", "-o", path],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        said = attach.stderr.read()
        _, status, used = os.wait4(attach.pid, 0)
        attach.returncode = os.waitstatus_to_exitcode(status) if hasattr(os, "waitstatus_to_exitcode") else status >> 8
        assert attach.returncode in (0, 1) and "Sanitizer" not in said and (attach.returncode == 0 or "collector" in said), said
        assert used.ru_maxrss >> 10 < MOST_MIB
        assert process.poll() is None
        if attach.returncode == 0:
            (state, cut), = harness.Recording(path).query("SELECT state, cut FROM v1_walk")
            assert state == "done" and (cut or way not in ("sizes", "circles", "all"))
            shown = subprocess.run([harness.UNSLOW, "show", "types", path], capture_output=True, text=True, timeout=60, check=False)
            assert shown.returncode == 0 and all(len(line) < 1000 for line in shown.stdout.splitlines())
    finally:
        process.kill()
        process.communicate()
