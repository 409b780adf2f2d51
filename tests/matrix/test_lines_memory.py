"""Memory of lines from a process to the table, on every CPython: memory_profiler's own example, small blocks by the ten
thousand, coroutines, and what is not counted."""

import json
import subprocess

import harness
import pytest

EXAMPLE = """
import asyncio, sys

kept = []

def my_func():
    a = [1] * (10 ** 6)  # a
    b = [2] * (2 * 10 ** 7)  # b
    del b  # del b
    return a  # return a

def small(n):
    many = [str(i) * 10 for i in range(1000, 1000 + n)]  # many
    return many  # return many

def gone():
    for i in range(100):  # for
        bytearray(100_000)  # dropped
    return i  # return i

async def waits():
    await asyncio.sleep(0.2)  # await
    return bytearray(3_000_000)  # made

async def makes():
    await asyncio.sleep(0.05)
    kept.append(bytearray(50_000_000))

async def both():
    await asyncio.gather(waits(), makes())

my_func()
many = small(40_000)  # more than there are places for live samples
print(sum(map(sys.getsizeof, many)) + sys.getsizeof(many) - sys.getsizeof([]))
gone()
asyncio.run(both())
"""
LINES = "__main__:my_func,__main__:small,__main__:gone,__main__:waits"
NOISE = 2000  # bytes: frames, an int or two, headers from free lists


def record(tmp_path, python, *options, far=0):
    (tmp_path / "prog.py").write_text("\n" * far + EXAMPLE)
    done = subprocess.run([harness.UNSLOW, "run", "-q", "--no-answer", "-o", "a.rec", *options, "--", python, "prog.py"],
                          cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=100, check=True)
    return harness.Recording(tmp_path / "a.rec"), int(done.stdout)


def show(recording, *options):
    done = subprocess.run([harness.UNSLOW, "show", "lines", *options, "a.rec"], cwd=recording.path.parent,
                          stdout=subprocess.PIPE, text=True, timeout=60, check=True)
    return done.stdout


def by_mark(recording):
    """Rows by the comment at the end of their line."""
    shown = json.loads(show(recording, "--json", "-n", "100"))
    names = [column["name"] for column in shown["columns"]]
    rows = [dict(zip(names, row)) for row in shown["rows"]]
    return {row["text"].rpartition("# ")[2]: row for row in rows}


@pytest.mark.parametrize("far", [0, 400])  # lines past the small ints
def test_the_example(program, python, tmp_path, far):
    recording, many = record(tmp_path, python, "--lines", LINES, "--memory=exact:60s", far=far)
    rows = by_mark(recording)
    increments = {mark: row["increment"] for mark, row in rows.items()}
    expected = {"a": 8_000_000, "b": 160_000_000, "del b": -160_000_000, "return a": 0, "many": many, "return many": 0,
                "dropped": 0, "return i": 0, "made": 3_000_000}
    wrong = {mark: (increments[mark], wanted) for mark, wanted in expected.items() if abs(increments[mark] - wanted) > NOISE}
    assert not wrong, increments
    assert abs(increments["await"]) < 1_000_000, increments  # the other's 50 MB are not its own; timers and futures are
    peaks = {"b": 160_000_000, "del b": 0, "dropped": 100_000, "many": many, "made": 3_000_000}
    assert all(abs(rows[mark]["peak"] - wanted) < NOISE for mark, wanted in peaks.items()), rows
    before = rows["a"]["memory"] - 8_000_000
    assert rows["b"]["memory"] == pytest.approx(before + 168_000_000, abs=NOISE)
    assert rows["del b"]["memory"] == pytest.approx(before + 8_000_000, abs=NOISE)
    assert rows["dropped"]["hits"] == rows["dropped"]["measured"] == 100
    text = show(recording)
    for figure in ("7.63 MiB", "152.6 MiB", "-152.6 MiB"):
        assert figure in text, text


def test_without_it_there_are_no_columns(program, python, tmp_path):
    for options in ((), ("--memory",)):
        (folder := tmp_path / str(len(options))).mkdir()
        recording, _ = record(folder, python, "--lines", LINES, *options)
        rows = by_mark(recording)
        assert rows["b"]["hits"] == 1
        assert all(rows["b"][column] is None for column in ("memory", "increment", "peak"))
        assert "increment" not in show(recording)
