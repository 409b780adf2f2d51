"""One workload of bench/memory under one tool: memory_driver.py WORKLOAD TOOL TURNS.

Prints the CPU time of the process a turn in nanoseconds (a tool's own threads are in it), and how
much memory it has at the end. Tools that start a process (memray, scalene) are started by
bench/memory around this one, as `plain`.
"""

import contextlib
import json
import sys
import time

import memory_work


@contextlib.contextmanager
def plain():
    yield


@contextlib.contextmanager
def traced(frames):
    import tracemalloc
    tracemalloc.start(frames)
    yield
    tracemalloc.stop()


TOOLS = {"plain": plain, "tracemalloc 1": lambda: traced(1), "tracemalloc 25": lambda: traced(25)}


def resident_bytes():
    with open("/proc/self/status", encoding="ascii") as status:
        fields = dict(line.split(":", 1) for line in status)
    return int(fields["VmRSS"].split()[0]) * 1024


def main(workload, tool, turns):
    turn = memory_work.WORKLOADS[workload]
    for _ in range(5):
        turn()
    with TOOLS[tool]():
        for _ in range(3):
            turn()
        begin = time.process_time_ns()
        for _ in range(int(turns)):
            turn()
        spent = time.process_time_ns() - begin
        resident = resident_bytes()
    return {"ns": spent / int(turns), "resident": resident}


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])), flush=True)
