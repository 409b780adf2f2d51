"""Hits and times of lines on every CPython; the hits stand in lines_events_truth.py itself."""
import re
from pathlib import Path

import pytest

import calls_reader

PROGRAM = Path(__file__).with_name("lines_events_truth.py")


def record(python, program=PROGRAM, lines="__main__:chosen*", want=calls_reader.LINES):
    """Its lines, the process, and what the program printed."""
    with calls_reader.channel() as made:
        made.ask(want, "", lines)
        printed = calls_reader.run(made, [python, program])
        (process,) = calls_reader.processes(made)
        return calls_reader.Lines(process, made, Path(program).name), process, printed


def line_of(text):
    for number, line in enumerate(PROGRAM.read_text().splitlines(), 1):
        if text in line:
            return number
    raise AssertionError(text)


def test_hits(python, python_version):
    version = tuple(map(int, python_version.split(".")[:2]))
    lines, process, _ = record(python)
    assert process.line_engine == ("monitoring" if version >= (3, 12) else "trace")
    assert (process.reason, process.line_reason, lines.lost) == ("", "", 0)
    wanted = {}
    for number, line in enumerate(PROGRAM.read_text().splitlines(), 1):
        hits = re.search(r"# (\d+)", line)
        if hits:
            wanted[number] = int(hits.group(1))
    assert len(wanted) > 25
    # a comprehension is code of its own before 3.12, and chosen where its name is known (3.11)
    wanted[line_of("return [called(i)")] += version == (3, 11)
    assert {number: lines.of(number)["hits"] for number in wanted} == wanted


def test_awaited_time_is_what_the_coroutines_saw(python):
    lines, _, printed = record(python)
    seen = float(re.search(r"awaited ([\d.]+)", printed).group(1))
    awaited = lines.of(line_of("await leaf()"))
    assert seen >= 1.0
    assert abs(awaited["awaited"] + awaited["wall"] - seen) <= 0.02 * seen
    assert awaited["awaited"] > 0.9 * seen


def test_own_time_is_without_the_functions_called(python):
    lines, _, _ = record(python)
    calls, loop = lines.of(line_of("spin(0.05)  ")), lines.of(line_of("while time.monotonic() < end: "))
    assert calls["wall"] >= 0.05
    assert calls["own"] < 0.1 * calls["wall"]
    assert loop["own"] == loop["wall"]


def test_waits_are_told_apart(python):
    lines, _, _ = record(python)
    sleeps = lines.of(line_of("time.sleep(0.02)"))
    assert 0.9 * 4 * 0.02 <= sleeps["blocked"] <= sleeps["wall"]
    assert sleeps["cpu"] < sleeps["wall"] - sleeps["blocked"] + 0.001


def test_each_hit_costs_what_its_events_do(python):
    """The same for each line that only begins and ends, more where it loops or calls."""
    lines, _, _ = record(python)
    plain = lines.of(line_of("return n                                            # 4"))
    assert plain["own_cost"] > 0
    each = plain["own_cost"] / 4
    fibonacci = [lines.of(line_of(text)) for text in ("if n < 2:", "return n                                        # 89")]
    assert [of["own_cost"] / of["hits"] for of in fibonacci] == pytest.approx([each, each], rel=1e-6)
    calls, loop = (lines.of(line_of(text)) for text in ("return chosen_fibonacci(n - 1)", "for i in range(60): called(i)"))
    assert calls["own_cost"] / calls["hits"] >= each * (1 - 1e-6) and loop["own_cost"] > 2 * each
    # with what it called: all lines of the calls below it, too
    assert calls["cost"] > calls["own_cost"] + 88 * 2 * each * (1 - 1e-6)
    assert fibonacci[0]["cost"] == fibonacci[0]["own_cost"]
    threads = lines.of(line_of("n += called(i)"))
    assert threads["own_cost"] / threads["hits"] >= each * (1 - 1e-6)
    assert all(of["cost"] >= of["own_cost"] for of in lines.by_line.values())


@pytest.mark.parametrize("name", ["lines_events_truth", "lines_events_truth.py", "matrix/lines_events_truth.py"])
def test_a_script_is_named_by_its_file(python, name):
    lines, _, _ = record(python, lines=f"{name}:chosen_fib*")
    assert lines.of(line_of("if n < 2:"))["hits"] == 177
    assert {function for function, _ in lines.by_line} == {"chosen_fibonacci"}


def test_lines_past_the_room_are_counted(python, tmp_path):
    program = tmp_path / "long.py"
    program.write_text("def chosen():\n" + " x = 1\n" * 5000 + "chosen()\nchosen()\n")
    lines, _, _ = record(python, program, "__main__:chosen")
    assert (len(lines.by_line), lines.lost) == (4096, 2 * (5000 - 4096))
    # two lines may share a bit: 904^2 / 2 / 65536 of them on the mean
    assert 880 <= lines.lost_lines <= 904
    assert lines.lost_wall > 0


SERVES = """
import io, time
from flask import Flask
app = Flask("serves")
def chosen(n):
    total = 0
    for i in range(n):
        total += i
    return total
@app.route("/")
def view():
    return str(chosen(100))
environ = {"REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": "/", "QUERY_STRING": "", "SERVER_NAME": "a",
           "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.version": (1, 0), "wsgi.url_scheme": "http",
           "wsgi.input": io.BytesIO(), "wsgi.errors": io.StringIO(), "wsgi.multithread": False,
           "wsgi.multiprocess": False, "wsgi.run_once": False}
end, made = time.monotonic() + 2, 0
while time.monotonic() < end:
    body = app(dict(environ), lambda status, headers: None)
    b"".join(body)
    body.close()
    made += 1
print(made)
"""


@pytest.mark.some_versions
def test_requests_have_turns_of_lines(python, tmp_path):
    """Lines are counted in some requests and not in others, whose events are known."""
    program = tmp_path / "serves.py"
    program.write_text(SERVES)
    with calls_reader.channel() as made:
        made.ask(calls_reader.LINES | calls_reader.DUTY, "", "__main__:chosen", duty=(50, 100))
        requests = int(calls_reader.run(made, [python, program]))
        (process,) = calls_reader.processes(made)
        lines = calls_reader.Lines(process, made, program.name)
    (on_units, _, _, on_events), (off_units, _, _, off_events) = process.on, process.off
    assert on_units > 0 and off_units > 0, process.line_reason
    # begin, 1 + 101 + 100 + 1 lines, end; none of them with hooks off
    assert (on_events, off_events) == (on_units * (1 + 203 + 1), 0)
    counted = lines.of(6)["hits"]
    assert on_units <= counted < requests
    assert lines.of(8)["hits"] == 100 * counted


def test_nothing_chosen_leaves_nothing(python):
    lines, process, _ = record(python, lines="nowhere:nothing")
    assert (lines.by_line, lines.events) == ({}, 0)
    assert process.line_reason == ""


def test_calls_and_lines_together(python):
    with calls_reader.channel() as made:
        made.ask(calls_reader.PYTHON | calls_reader.C | calls_reader.LINES, "", "__main__:chosen_fib*")
        calls_reader.run(made, [python, PROGRAM])
        (process,) = calls_reader.processes(made)
        lines = calls_reader.Lines(process, made, PROGRAM.name)
        found = process.functions(PROGRAM.name)
    assert lines.of(line_of("if n < 2:"))["hits"] == 177
    assert found["chosen_fibonacci"]["calls"] == 177
    assert found["chosen_in_thread"]["calls"] == 4


GREENLETS = """
import gevent
def leaf(n):
    gevent.sleep(0.001)
    return n
def chosen(n):
    total = 0
    for i in range(3):
        total += leaf(i)
    return total
gevent.joinall([gevent.spawn(chosen, i) for i in range(20)])
"""


def hits(lines):
    return [values["hits"] for _, values in sorted(lines.by_line.items())]


def test_greenlets_take_turns(python, tmp_path):
    program = tmp_path / "greenlets.py"
    program.write_text(GREENLETS)
    lines, process, _ = record(python, program)
    assert hits(lines) == [20, 80, 60, 20], process.line_reason


FORKS = """
import os
def called():
    return 1
def chosen(n):
    for i in range(n):
        called()
chosen(10)
child = os.fork()
chosen(100 if child else 1000)
if child:
    os.waitpid(child, 0)
"""


def test_a_forks_child_counts_its_own(python, tmp_path):
    program = tmp_path / "forks.py"
    program.write_text(FORKS)
    with calls_reader.channel() as made:
        made.ask(calls_reader.PYTHON | calls_reader.LINES, "", "__main__:chosen")
        calls_reader.run(made, [python, program])
        found = [(process.functions("forks.py")["called"]["calls"],
                  hits(calls_reader.Lines(process, made, "forks.py")))
                 for process in calls_reader.processes(made)]
    assert sorted(found) == [(110, [112, 110]), (1000, [1001, 1000])]


TRACED = """
import sys
def chosen():
    return 1
def tracer(frame, event, argument):
    seen.append(event)
seen = []
chosen()
sys.settrace(tracer)
chosen()
chosen()
sys.settrace(None)
chosen()
print(len(seen))
"""


def test_another_tools_trace_function_stays(python, python_version, tmp_path):
    program = tmp_path / "traced.py"
    program.write_text(TRACED)
    lines, process, printed = record(python, program, "__main__:chosen")
    assert printed == "2\n"
    if tuple(map(int, python_version.split(".")[:2])) < (3, 12):
        assert hits(lines) == [2]
        assert "__main__.tracer" in process.line_reason
    else:
        assert (hits(lines), process.line_reason) == ([4], "")
