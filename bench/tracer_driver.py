"""One workload of bench/tracer under one tool: tracer_driver.py WORKLOAD TOOL SECONDS.

Prints the CPU time of this thread a turn, in nanoseconds, and how many turns there were, after two
that are not counted. TOOL is a row of TOOLS, or `count`: prints the events of a turn instead.
"""

import contextlib
import importlib
import inspect
import json
import os
import sys
import tempfile
import time

import tracer_work


@contextlib.contextmanager
def plain(workload):
    yield


@contextlib.contextmanager
def c_profile(workload):
    import cProfile
    profile = cProfile.Profile()
    profile.enable()
    yield
    profile.disable()


@contextlib.contextmanager
def yappi(workload, clock):
    import yappi as tool
    tool.set_clock_type(clock)
    tool.start(builtins=True)
    yield
    tool.stop()


@contextlib.contextmanager
def viztracer(workload):
    from viztracer import VizTracer
    tracer = VizTracer(verbose=0)
    tracer.start()
    yield
    tracer.stop()


@contextlib.contextmanager
def pyinstrument(workload):
    from pyinstrument import Profiler
    profiler = Profiler(interval=0.001)
    profiler.start()
    yield
    profiler.stop()


def modules_with_lines(workload):
    return [tracer_work, *(importlib.import_module(name)
                           for name in tracer_work.LINES.get(workload, ()))]


def functions_of(module):
    """Its functions and methods, which is what line_profiler takes."""
    for value in vars(module).values():
        if inspect.isfunction(value) and value.__module__ == module.__name__:
            yield inspect.unwrap(value)
        elif inspect.isclass(value) and value.__module__ == module.__name__:
            yield from (inspect.unwrap(method) for method in vars(value).values()
                        if inspect.isfunction(method))


@contextlib.contextmanager
def line_profiler(workload):
    from line_profiler import LineProfiler
    profiler = LineProfiler()
    for module in modules_with_lines(workload):
        for function in functions_of(module):
            profiler.add_function(function)
    profiler.enable()
    yield
    profiler.disable()


TOOLS = {
    "plain": plain,
    "cProfile": c_profile,
    "yappi wall": lambda workload: yappi(workload, "wall"),
    "yappi cpu": lambda workload: yappi(workload, "cpu"),
    "viztracer": viztracer,
    "pyinstrument": pyinstrument,
    "line_profiler": line_profiler,
}


def count(workload, turn):
    """Events of one turn: of Python functions, of C functions, lines of the chosen modules."""
    counts = {"python": 0, "c": 0, "line": 0}
    files = {module.__file__ for module in modules_with_lines(workload)}

    def profile(frame, event, _):
        counts["c" if event.startswith("c_") else "python"] += 1

    def lines(frame, event, _):
        counts["line"] += event == "line"
        return lines

    turn()
    sys.setprofile(profile)
    turn()
    sys.setprofile(None)
    sys.settrace(lambda frame, event, _: lines if frame.f_code.co_filename in files
                 else None)
    turn()
    sys.settrace(None)
    return counts


def warm_up(turn):
    """A caller of its own: these turns are told apart from those that are measured."""
    turn()
    turn()


def measure(turn, seconds):
    warm_up(turn)
    turns, begin = 0, time.thread_time_ns()
    while turns == 0 or time.thread_time_ns() - begin < seconds * 1e9:
        turn()
        turns += 1
    return {"ns": (time.thread_time_ns() - begin) / turns, "turns": turns}


def main(workload, tool, seconds):
    turn = tracer_work.WORKLOADS[workload]
    if tool == "count":
        return count(workload, turn)
    with TOOLS[tool](workload):
        return measure(turn, float(seconds))


if __name__ == "__main__":
    # Some tools write a file where they stand.
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        print(json.dumps(main(*sys.argv[1:])), flush=True)
        os.chdir("/")
