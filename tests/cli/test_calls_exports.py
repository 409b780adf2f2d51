"""Counted calls in the formats of other tools, read by what reads them: pstats of every CPython, and by rules of
callgrind's and Chrome's formats."""

import json
import os
import pstats
import re
import subprocess
import sys
from pathlib import Path

import pytest
import runner

HERE = Path(__file__).resolve().parent

READ = """
import io, pstats, sys
out = io.StringIO()
stats = pstats.Stats(sys.argv[1], stream=out)
stats.sort_stats("cumulative").print_stats().print_callers().print_callees()
print(stats.total_calls, stats.prim_calls, round(stats.total_tt, 6), len(stats.stats), stats.fcn_list[0][2])
"""


def pythons():
    """This one, and those of pyenv."""
    root = Path(os.environ.get("PYENV_ROOT", os.path.expanduser("~/.pyenv"))) / "versions"
    return [sys.executable, *sorted(str(path) for path in root.glob("3.*/bin/python3"))]


@pytest.fixture(scope="module", params=["", "hostile"])
def recording(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("calls") / "a.rec"
    run(path.parent, "run", "--no-agent", "--no-answer", "-q", "-o", path, "--", "true")
    subprocess.run([sys.executable, HERE / "calls.py", path, "/srv", request.param], check=True)
    return path


def run(folder, *words):
    return subprocess.run([runner.binary(), *words], cwd=folder, check=True, capture_output=True)


def export(recording, format_name, *words):
    out = recording.parent / f"out.{format_name}"
    run(recording.parent, "export", format_name, *(["--all"] if format_name != "chrome" else []), *words, "-o", out, recording)
    return out


@pytest.mark.parametrize("python", pythons())
def test_pstats_opens_in_every_python(recording, python):
    out = export(recording, "pstats")
    done = subprocess.run([python, "-c", READ, out], capture_output=True, text=True, encoding="utf-8",
                          errors="surrogateescape", env={"PYTHONIOENCODING": "utf-8:surrogateescape"}, check=True)
    assert done.stdout.startswith("2000036 1600036 6.061999 10 ")


def test_pstats_figures(recording):
    stats = pstats.Stats(str(export(recording, "pstats"))).stats
    by_line = {line: sums for (file, line, _), sums in stats.items() if file.startswith("/srv/app.py")}
    primitive, calls, own, total, callers = by_line[24]
    assert (primitive, calls) == (600_000, 1_000_000)
    assert own == pytest.approx(0.1888) and total == pytest.approx(0.3688)
    assert sorted(sums[1] for sums in callers.values()) == [400_000, 600_000]
    foo = by_line[4]
    assert foo[3] == pytest.approx(3.111, abs=1e-5)  # what was suspended is in it
    cpu = pstats.Stats(str(export(recording, "pstats", "--clock", "cpu"))).stats
    assert [sums[3] for (_, line, _), sums in cpu.items() if line == 4] == [pytest.approx(0.61, abs=1e-5)]


def test_pstats_holds_counts_of_any_size(recording):
    import sqlite3

    big = recording.with_name("big.rec")
    big.write_bytes(recording.read_bytes())
    with sqlite3.connect(big) as db:
        db.execute("UPDATE call_node SET calls = 1 << 40 WHERE id = 5")
    stats = pstats.Stats(str(export(big, "pstats"))).stats
    assert max(sums[1] for sums in stats.values()) == 1 << 40


def test_callgrind(recording):
    text = export(recording, "callgrind").read_text()
    head, body = text.split("\n\n", 1)
    assert "events: Wall CPU" in head and "positions: line" in head
    line = re.compile(r"(?:cfi|cfn|fl|fn)=\(\d+\)(?: .*)?|calls=\d+ \d+|\d+ \d+ \d+|")
    for got in body.splitlines():
        assert line.fullmatch(got), got
    own = [[int(n) for n in got.split()[1:]] for previous, got in zip(body.splitlines(), body.splitlines()[1:])
           if previous.startswith("fn=")]
    wall, cpu = (int(n) for n in re.search(r"summary: (\d+) (\d+)", head).groups())
    assert abs(sum(w for w, _ in own) - wall) < 20 and abs(sum(c for _, c in own) - cpu) < 20
    names = re.findall(r"^c?fn=\((\d+)\) (.*)", body, re.MULTILINE)
    assert len({number for number, _ in names}) == len(names)  # each once


def test_chrome(recording):
    trace = json.loads(export(recording, "chrome").read_text())
    calls = [event for event in trace["traceEvents"] if event["ph"] == "X"]
    for event in calls:
        assert event["dur"] >= 0 and event["ts"] >= 0
    # a call lies inside of another one or beside it
    for a in calls:
        for b in calls:
            inside = a["ts"] >= b["ts"] and a["ts"] + a["dur"] <= b["ts"] + b["dur"]
            around = b["ts"] >= a["ts"] and b["ts"] + b["dur"] <= a["ts"] + a["dur"]
            beside = a["ts"] + a["dur"] <= b["ts"] or b["ts"] + b["dur"] <= a["ts"]
            assert inside or around or beside, (a, b)
    assert [event["args"].get("cut") for event in calls].count("end") == 1
    assert [event["args"].get("cut") for event in calls].count("begin") == 1
    assert sum("ended" in event["args"] for event in calls) == 2
    assert [event["cat"] for event in calls if "ended" in event["args"]] == ["python", "c"]
    assert "?" not in [event["name"] for event in calls] and trace["otherData"]["unnamed"] == 1
    requests = [event for event in trace["traceEvents"] if event["ph"] in "be"]
    assert [(event["ph"], event["id"], event["name"]) for event in requests] == [
        ("b", "7.1", "/report"), ("e", "7.1", "/report")]
