"""Counts of calls equal the truth on every CPython: generators, coroutines, exceptions, threads."""
import subprocess
import time
from pathlib import Path

import pytest

import calls_reader

PROGRAM = Path(__file__).with_name("frames_truth.py")

# name: (calls, resumes, ended by an exception)
TRUTH = {
    "in_old_thread": (7, 0, 0),
    "in_new_thread": (4, 0, 0),
    "numbers": (6, 16, 1),  # each of 5 is resumed 3 times; one is closed where it stands
    "suspended_twice": (50, 100, 0),
    "ticker": (1, 8, 0),
    "recursive": (30, 0, 0),
    "raising": (8, 0, 8),
    "run": (1, 0, 0),
    "waiting": (1, 0, 0),
    "main": (1, None, 0),
    "never_started": (0, None, 1),  # an exception is thrown into it before it runs: no call
}
# Python 3.13 ends a generator that is closed at a yield outside of any try without running it
# (gen_close, Objects/genobject.c): neither resumed nor raised.
CLOSED_AT_ONCE = (6, 15, 0)


def engine_of(version, want):
    if version >= (3, 12):
        return "monitoring"
    return "profile" if want & calls_reader.C else "eval"


def record(python, want, pattern=""):
    with calls_reader.channel() as made:
        made.ask(want, pattern)
        calls_reader.run(made, [python, PROGRAM])
        (process,) = calls_reader.processes(made)
        return process


@pytest.mark.parametrize("want", [calls_reader.PYTHON, calls_reader.PYTHON | calls_reader.C])
def test_counts(python, python_version, want):
    version = tuple(map(int, python_version.split(".")[:2]))
    process = record(python, want)
    assert process.engine == engine_of(version, want), process.reason
    assert process.reason == ""
    found = process.functions("frames_truth.py")
    for name, (calls, resumes, raised) in TRUTH.items():
        of = found[name]
        if name == "numbers" and version >= (3, 13):
            calls, resumes, raised = CLOSED_AT_ONCE
        assert of["calls"] == calls, name
        assert of["raised"] == raised, name
        assert resumes is None or of["resumes"] == resumes, name
    assert (process.lost_nodes, process.lost_threads) == (0, 0)
    # nothing is open at the end but the thread's root and what ends the interpreter
    assert all(area.depth <= 2 for area in process.areas)


def test_chosen_functions_alone(python):
    process = record(python, calls_reader.PYTHON | calls_reader.TARGETED,
                     "__main__:recursive,__main__:suspended_twice")
    found = process.functions()
    assert set(found) == {"recursive", "suspended_twice"}
    assert (found["recursive"]["calls"], found["suspended_twice"]["calls"]) == (30, 50)


def test_c_calls_belong_to_chosen_callers(python):
    want = calls_reader.PYTHON | calls_reader.C | calls_reader.TARGETED
    found = record(python, want, "__main__:run").functions()
    assert found["run"]["calls"] == 1
    assert found["builtins.len"]["calls"] == 11


PROFILED = """
import cProfile
def called():
    return len("")
profile = cProfile.Profile()
for i in range(3):
    called()
profile.runcall(called)
for i in range(5):
    called()
print(sum(entry.callcount for entry in profile.getstats() if not isinstance(entry.code, str)))
"""


def test_another_tools_profile_function_stays(python, python_version, tmp_path):
    program = tmp_path / "profiled.py"
    program.write_text(PROFILED)
    with calls_reader.channel() as made:
        made.ask(calls_reader.PYTHON | calls_reader.C)
        printed = calls_reader.run(made, [python, program])
        (process,) = calls_reader.processes(made)
    assert printed == "1\n"
    if process.engine == "profile":
        assert process.functions("profiled.py")["called"]["calls"] == 8
        assert "_lsprof" in process.reason


DEEP = """
import sys
def deep(n):
    return deep(n - 1) + 1 if n else 0
def shallow():
    pass
sys.setrecursionlimit(10**6)
print(deep(int(sys.argv[1])))
shallow()
"""


def test_deep_recursion_goes_on(python, python_version, tmp_path):
    """Where Python itself recurses in C (before 3.11) nearly as deep as it would; else as deep."""
    program = tmp_path / "deep.py"
    program.write_text(DEEP)
    version = tuple(map(int, python_version.split(".")[:2]))
    depth = 60000 if version >= (3, 11) else 12000
    for want in (calls_reader.PYTHON, calls_reader.LINES):
        with calls_reader.channel() as made:
            made.ask(want, "", "__main__:shallow")
            assert calls_reader.run(made, [python, program, depth]) == "%d\n" % depth
            (process,) = calls_reader.processes(made)
            lines = calls_reader.Lines(process, made, "deep.py")
        if want == calls_reader.LINES:
            assert [of["hits"] for of in lines.by_line.values()] == [1]
        else:
            found = process.functions("deep.py")
            assert found["shallow"]["calls"] == 1
            assert 1000 < found["deep"]["calls"] <= depth + 1
            assert ("recursion" in process.reason) == (found["deep"]["calls"] <= depth)


SWITCHED = """
import ctypes, sys, time
def called():
    pass
def work():
    for _ in range(100):
        called()
    print("worked", flush=True)
def hooks():
    api = ctypes.PyDLL(None)
    for name in "_PyThreadState_UncheckedGet PyThreadState_GetInterpreter _PyInterpreterState_GetEvalFrameFunc".split():
        getattr(api, name).restype = ctypes.c_void_p
    state = api._PyThreadState_UncheckedGet()
    interpreter = api.PyThreadState_GetInterpreter(ctypes.c_void_p(state))
    now = api._PyInterpreterState_GetEvalFrameFunc(ctypes.c_void_p(interpreter))
    return now != ctypes.cast(api._PyEval_EvalFrameDefault, ctypes.c_void_p).value
for line in sys.argv[1:]:
    while not __import__("os").path.exists(line):
        time.sleep(0.02)
    work()
print(sys.getprofile(), sys.gettrace(), hooks() if (3, 9) <= sys.version_info < (3, 12) else False)
"""


@pytest.mark.parametrize("want", [calls_reader.PYTHON, calls_reader.PYTHON | calls_reader.C,
                                  calls_reader.PYTHON | calls_reader.LINES])
def test_switched_off_nothing_stays(python, tmp_path, want):
    """On while the program runs, then off: it counts between, and no hook is left."""
    program = tmp_path / "switched.py"
    program.write_text(SWITCHED)
    steps = [tmp_path / name for name in ("before", "while", "after")]
    with calls_reader.channel() as made:
        child = subprocess.Popen([python, program, *steps], env=calls_reader.environment(made),
                                 stdout=subprocess.PIPE, text=True)

        def step(path):
            path.touch()
            assert child.stdout.readline() == "worked\n"

        def in_force(wanted):
            made.ask(wanted, "", "__main__:work")
            deadline = time.monotonic() + 20
            while [process.generation for process in calls_reader.processes(made)] != [made.generation]:
                assert time.monotonic() < deadline
                time.sleep(0.02)

        step(steps[0])
        in_force(want)
        step(steps[1])
        in_force(0)
        step(steps[2])
        printed = child.stdout.read()
        assert child.wait() == 0
        (process,) = calls_reader.processes(made)
        lines = calls_reader.Lines(process, made, "switched.py")
    assert printed == "None None False\n"
    assert (process.engine, process.line_engine, process.reason) == ("none", "none", "")
    assert process.functions("switched.py")["called"]["calls"] == 100
    if want & calls_reader.LINES:
        assert [of["hits"] for _, of in sorted(lines.by_line.items())] == [101, 100, 1]


COVERED = """
import ctypes, time
api = ctypes.PyDLL(None)
for name in "_PyThreadState_UncheckedGet PyThreadState_GetInterpreter".split():
    getattr(api, name).restype = ctypes.c_void_p
interpreter = api.PyThreadState_GetInterpreter(ctypes.c_void_p(api._PyThreadState_UncheckedGet()))
api._PyInterpreterState_SetEvalFrameFunc(ctypes.c_void_p(interpreter), api._PyEval_EvalFrameDefault)
print("covered", flush=True)
while True:
    time.sleep(0.02)
"""


def test_a_function_put_over_ours_is_told_at_once(python, python_version, tmp_path):
    if not (3, 9) <= tuple(map(int, python_version.split(".")[:2])) < (3, 12):
        pytest.skip("a frame evaluation function can be set, and is ours, from 3.9 to 3.11")
    program = tmp_path / "covered.py"
    program.write_text(COVERED)
    with calls_reader.channel() as made:
        made.ask(calls_reader.PYTHON)
        child = subprocess.Popen([python, program], env=calls_reader.environment(made),
                                 stdout=subprocess.PIPE, text=True)
        try:
            assert child.stdout.readline() == "covered\n"
            deadline = time.monotonic() + 20
            while not (reason := calls_reader.processes(made)[0].reason):
                assert time.monotonic() < deadline
                time.sleep(0.05)
        finally:
            child.kill()
            child.communicate()
    assert "was put over ours" in reason
