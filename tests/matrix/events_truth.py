"""What a trace function and another tool of sys.monitoring (3.12+) see of two functions that have run:
every line and instruction. Prints it."""
import sys


def outer(a, b):
    c = a
    d = b
    for _ in range(3):
        c = c + d
    e = c; f = d; g = e  # noqa: E702: lines that are pairs of instructions

    def inner(x, y):
        z = x
        w = y
        return z, w, 1, x

    inner(e, f)
    return c, d, 1, a, g


NAMES = ("outer", "inner")
seen = []


def trace(frame, event, _):
    frame.f_trace_opcodes = True
    if frame.f_code.co_name in NAMES:
        seen.append((event, frame.f_lineno, frame.f_lasti))
    return trace


def traced():
    sys.settrace(trace)
    outer(1, 2)
    sys.settrace(None)
    outer(1, 2)


def monitored():
    monitoring, events = sys.monitoring, sys.monitoring.events
    tool = 2
    monitoring.use_tool_id(tool, "events_truth")
    for name in ("INSTRUCTION", "LINE"):
        monitoring.register_callback(tool, getattr(events, name), lambda code, at, name=name:
                                     seen.append((name, at)) if code.co_name in NAMES else None)
    monitoring.set_events(tool, events.INSTRUCTION | events.LINE)
    outer(1, 2)
    monitoring.set_events(tool, 0)
    outer(1, 2)
    monitoring.set_local_events(tool, outer.__code__, events.LINE)
    outer(1, 2)
    monitoring.set_local_events(tool, outer.__code__, 0)


for _ in range(2):
    outer(1, 2)
for _ in range(2):
    traced()
monitored()
print(len(seen), seen)
