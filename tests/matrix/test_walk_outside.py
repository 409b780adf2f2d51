"""The census from outside on every CPython: as many objects as there are, as large as sys.getsizeof() says."""
import json
import subprocess
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1])]
import harness  # noqa: E402
import pytest  # noqa: E402

PROGRAM = """
import ctypes, gc, json, sys

def told_as_utf8(text):
    "It keeps its UTF-8 from then on."
    tell = ctypes.pythonapi.PyUnicode_AsUTF8
    tell.restype, tell.argtypes = ctypes.c_void_p, [ctypes.py_object]
    assert tell(text)
    return text

class Page:
    def __init__(self, number):
        self.number = number

class Seen(Page):
    "Its instances' dicts are asked for."

class Slotted:
    __slots__ = ("one", "two")

class Outer:
    class Inner(list):
        pass

class Pair(tuple):
    pass

class Text(str):
    pass

class Number(int):
    pass

class Entry(dict):
    pass

class Bag(set):
    pass

class Frozen(frozenset):
    pass

class Bytes(bytes):
    pass

class Buffer(bytearray):
    pass

class Failure(Exception):
    pass

KEPT = [Page(number) for number in range(10000)]
SEEN = [Seen(number) for number in range(100)]
DICTS = [vars(thing) for thing in SEEN]
OTHERS = [Slotted() for _ in range(50)] + [Failure("x") for _ in range(20)]
for size in (0, 1, 3, 10, 1000):
    numbers = [size * 10000 + i for i in range(size)]
    OTHERS += [Outer.Inner(numbers), Pair(numbers), Text("a" * size), Text("\\u20ac" * size), told_as_utf8(Text("\\xe9" * size)), told_as_utf8(Text("a" * size)), Number(3 ** size),
               Number(-size - 1), Entry.fromkeys(numbers), Entry.fromkeys(map(str, numbers)), Bag(numbers), Frozen(numbers),
               Bytes(size), Buffer(size)]
gc.collect()
truth = {}
for thing in gc.get_objects():
    kind = type(thing)
    if kind.__module__ == "__main__":
        name = "__main__." + kind.__qualname__
        count, size = truth.get(name, (0, 0))
        truth[name] = (count + 1, size + sys.getsizeof(thing))
del thing, kind
gc.collect()
print(json.dumps(truth), flush=True)
sys.stdin.readline()
"""

# Each time in the other order: what is referred to from behind goes to the end of the collector's list.
COLLECTS = """
import gc, os, time

class Page:
    def __init__(self, after):
        self.after = after

CHAIN = None
for _ in range(20000):
    CHAIN = Page(CHAIN)

def turn():
    global CHAIN
    at, before = CHAIN, None
    while at is not None:
        at.after, before, at = before, at, at.after
    CHAIN = before

gc.collect()
print("ready", flush=True)
while not os.path.exists("stop"):
    for pause_s in [0.003] * 30 + [0.05]:  # in the last a slow machine has the time for a whole walk, too
        turn()
        gc.collect()
        time.sleep(pause_s)
"""


def test_the_census_is_the_truth(python, tmp_path):
    process = subprocess.Popen([python, "-c", PROGRAM], cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        truth = json.loads(process.stdout.readline())
        for number in range(10):  # a busy machine may not give it the time
            recording = harness.Recording(tmp_path / f"{number}.rec")
            done = subprocess.run([harness.UNSLOW, "attach", str(process.pid), "--walk", "-o", recording.path],
                                  capture_output=True, text=True, timeout=60, check=False)
            assert done.returncode == 0, done.stderr
            (state, cut, how, changed, objects, tracked), = recording.query(
                "SELECT state, cut, how, changed, objects, tracked FROM v1_walk")
            assert (state, how) == ("done", "outside") and objects == tracked
            if not cut:
                break
        assert (cut, changed) == (0, 0)
    finally:
        process.communicate("\n", timeout=60)
    found = {name: [count, size] for name, count, size in recording.query(
        "SELECT type, sum(count), sum(bytes) FROM v1_walk_type WHERE type GLOB '__main__.*' GROUP BY 1")}
    assert found["__main__.Page"][0] == 10000 and found["__main__.Outer.Inner"][0] == 5
    assert found == truth


@pytest.mark.some_versions
def test_what_is_collected_all_the_time_is_the_truth_or_said_to_be_cut(python, tmp_path):
    process = subprocess.Popen([python, "-c", COLLECTS], cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout.readline() == "ready\n"
        whole = []
        for number in range(100):
            recording = harness.Recording(tmp_path / f"{number}.rec")
            done = subprocess.run([harness.UNSLOW, "attach", str(process.pid), "--walk", "-o", recording.path],
                                  capture_output=True, text=True, timeout=60, check=False)
            assert process.poll() is None
            if done.returncode != 0:
                assert "collector" in done.stderr
                continue
            (count, cut), = recording.query("SELECT sum(count) FILTER (WHERE type = '__main__.Page'), w.cut FROM v1_walk w "
                                            "JOIN v1_walk_type t ON t.walk_id = w.id")
            assert count is not None or cut
            whole += [] if cut else [count]
            if number >= 20 and whole:
                break
        assert set(whole) == {20000}
    finally:
        (tmp_path / "stop").touch()
        assert process.wait(60) == 0
