"""The part of `unslow time` that runs inside the Python whose code is timed.

unslow speaks to it over a socket (its number is the first word), a line at a time, and reads the
answer before it says more:

    code SLOT NAME SHIFT SETUP_BYTES CODE_BYTES, and these bytes    ok
    settle                                                          ok
    run SLOT LOOPS                     ran WALL_NS CPU_NS INSTRUCTIONS INTERRUPTIONS WAITS

or `fail BYTES` and what Python says of the code. The first line is its own: `hello` and what it is.
The second word is the number of an instruction counter's file, or -1; INSTRUCTIONS is -1 without.
The third is 1 where the collector stays on. Nothing is decided here: unslow says what runs, how
often and in which order.

Setup and code share one function, as in timeit, so that names of the setup are local variables.
Setup runs before each block of runs, outside of its time. Both are parsed by themselves and put in
as syntax trees, so that texts of several lines stay what they are and errors have their own lines.
"""
import os
import sys

# Before anything that an old Python lacks, and in words that it knows: it is to say what it is.
channel = int(sys.argv[1])
os.write(channel, ("hello %s %d.%d.%d %d %s\n" % (
    (getattr(getattr(sys, "implementation", None), "name", "python"),) + tuple(sys.version_info[:3])
    + (sys.hexversion, sys.executable))).encode())

import ast
import gc
import itertools
import resource
import struct
import time
import traceback
import warnings

FRAME = """
def snippet(_unslow_turns, _unslow_clock):
    SETUP
    for _unslow_turn in _unslow_turns:
        CODE
    return _unslow_clock()
"""
LEAD_IN = 16  # a block's runs, divided by this, come before it and are not counted
COUNTER = struct.Struct("QQQ")  # perf_event_open(2): value, time enabled, time running


class Begin:
    """Between two iterables of one loop: notes the clocks and yields nothing.

    What ran before a block (another snippet, the collector) has taken the caches, which is no part
    of what a run costs; so the first runs of the loop are not counted.
    """

    def __iter__(self):
        return self

    def __next__(self):
        self.others = others()
        self.wall = time.perf_counter_ns()
        raise StopIteration


class Splice(ast.NodeTransformer):
    """Puts the statements where FRAME has their names."""

    def __init__(self, setup, code):
        self.parts = {"SETUP": setup, "CODE": code or [ast.Pass()]}

    def visit_Expr(self, node):
        is_part = isinstance(node.value, ast.Name) and node.value.id in self.parts
        return self.parts[node.value.id] if is_part else node


class Snippet:
    def __init__(self, name, setup, code):
        self.name, self.joined = "<%s>" % name, "<%s with its setup>" % name
        self.setup, self.code = setup.split("\n"), code.split("\n")
        self.function = None

    def compile(self):
        setup, code = "\n".join(self.setup), "\n".join(self.code)
        # Alone, each is told what is wrong with it alone: `return` outside of a function.
        warned_of(setup, "<setup>")
        warned_of(code, self.name)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # said above
            self.splice(setup, code)

    def splice(self, setup, code):
        moved = ast.parse(code)
        ast.increment_lineno(moved, len(self.setup))
        frame = ast.parse(FRAME)
        function = frame.body[0]
        splice = Splice(ast.parse(setup).body, moved.body)
        function.body = [part for node in function.body for part in as_list(splice.visit(node))]
        names = {"__name__": "__main__", "__builtins__": __builtins__}
        exec(compile(ast.fix_missing_locations(frame), self.joined, "exec"), names)
        self.function = names["snippet"]

    def run(self, loops):
        begin = Begin()
        turns = itertools.chain(itertools.repeat(None, loops // LEAD_IN), begin,
                                itertools.repeat(None, loops))
        wall = self.function(turns, time.perf_counter_ns) - begin.wall
        cpu, count, taken, given = (now - then for now, then in zip(others(), begin.others))
        return wall, cpu, count if counter >= 0 and count >= 0 else -1, taken, given

    def place(self, frame):
        """From a line of setup and code together to a line of one of them."""
        if frame.filename != self.joined:
            return frame
        at = frame.lineno - len(self.setup)
        name, lines, number = ((self.name, self.code, at) if at > 0
                               else ("<setup>", self.setup, frame.lineno))
        text = lines[number - 1] if 0 < number <= len(lines) else ""
        return traceback.FrameSummary(name, number, frame.name, lookup_line=False, line=text)

    def placed(self, told, seen):
        if told is None or id(told) in seen:
            return
        seen.add(id(told))
        told.stack = traceback.StackSummary.from_list([self.place(frame) for frame in told.stack])
        for other in [told.__cause__, told.__context__] + (getattr(told, "exceptions", None) or []):
            self.placed(other, seen)

    def explain(self, error):
        """The error as Python shows it, without the frames of this file."""
        trace = error.__traceback__
        while trace and trace.tb_frame.f_code.co_filename != self.joined:
            trace = trace.tb_next
        told = traceback.TracebackException(type(error), error, trace)
        self.placed(told, set())
        text = "".join(told.format())
        return text if trace else text.replace("Traceback (most recent call last):\n", "", 1)


def warned_of(text, name):
    """What its compiler has to say is said once: A runs twice, a setup is of each snippet."""
    with warnings.catch_warnings():
        if text in compiled:
            warnings.simplefilter("ignore")
        compile(text, name, "exec")
    compiled.add(text)


def as_list(node):
    return node if isinstance(node, list) else [node]


def others():
    """So far: CPU time of all threads, instructions (not a number: the counter had to be shared), how
    often the CPU was given to somebody else, and how often it was given up, to wait."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    value, enabled, running = 0, 0, 0
    if counter >= 0:
        value, enabled, running = COUNTER.unpack(os.read(counter, COUNTER.size))
    return (time.process_time_ns(), value if enabled == running else float("nan"),
            usage.ru_nivcsw, usage.ru_nvcsw)


def load(words, source):
    slot, name, shift, setup_bytes, code_bytes = words
    # What follows comes to lie elsewhere: objects of up to 512 bytes are next to those of their size.
    shifts.append([bytes(16 * size) for size in range(36) for _ in range(int(shift) * size % 61)])
    setup, code = (source.read(int(size)).decode("utf-8", "surrogateescape")
                   for size in (setup_bytes, code_bytes))
    snippets[int(slot)] = Snippet(name, setup, code)
    return snippets[int(slot)], lambda snippet: snippet.compile()


def settle(words, source):
    """What the first blocks left is neither looked at nor thrown away again."""
    if not collects:
        gc.collect()
        gc.freeze()
    return None, lambda snippet: None


def run(words, source):
    slot, loops = map(int, words)
    if not collects:
        gc.collect()
        gc.disable()  # the setup may turn it on: for its own block
    return snippets[slot], lambda snippet: snippet.run(loops)


def answer(line, source):
    words = line.decode().split()
    snippet, act = {"code": load, "settle": settle, "run": run}[words[0]](words[1:], source)
    try:
        result = act(snippet)
    except BaseException as error:  # SystemExit, too
        text = snippet.explain(error).encode("utf-8", "backslashreplace")
        return b"fail %d\n%s" % (len(text), text)
    return b"ok\n" if result is None else b"ran %d %d %d %d %d\n" % result


counter, collects = int(sys.argv[2]), sys.argv[3] == "1"
snippets, compiled, shifts = {}, set(), []
sys.argv[:] = [""]
for number in (channel, counter):
    if number >= 0:
        os.set_inheritable(number, False)
with os.fdopen(channel, "rb", closefd=False) as told, \
        os.fdopen(channel, "wb", closefd=False) as says:
    for order in told:
        says.write(answer(order, told))
        says.flush()
