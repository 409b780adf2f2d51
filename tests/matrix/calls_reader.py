"""Runs a program with the agent and its calls counted; reads the trees that it leaves.

Offsets are those of src/agent/channel.h and calls_file.h.
"""
import contextlib
import mmap
import os
import pathlib
import shutil
import struct
import subprocess
import tempfile
import threading
import time

BUILD = pathlib.Path(os.environ.get("UNSLOW_BUILD", pathlib.Path(__file__).parents[2] / "build"))
AGENT = BUILD / "src/agent/libunslow-agent.so"

CHANNEL_ABI = 6
CONTROL_MAGIC = 0x316C6F72746E6F63
PYTHON, C, TARGETED, LINES, TIMELINE, DUTY = (1 << i for i in range(6))
ROOT, FUNCTION, C_FUNCTION, WORK = 1, 2, 3, 4
NODE_BYTES = 128
NODE = struct.Struct("<5Q Q 4I I2H2I 2I 2Q 3I")
NODE_FIELDS = (
    "own_wall own_cpu total_wall total_cpu calls key recent next place histogram folds kind demoted "
    "code parent resumes raised waiting ready from_area from_node far"
).split()
ENGINES = ["none", "monitoring", "eval", "profile", "trace"]
CPU_CLOCKS = ["none", "rseq", "perf", "gap", "syscall"]


class Channel:
    """The program's side: a directory with the control file, kept alive by a heartbeat."""

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        path = self.directory / "control"
        fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        os.truncate(fd, 4096)
        self.map = mmap.mmap(fd, 4096)
        os.close(fd)
        struct.pack_into("<II", self.map, 8, CHANNEL_ABI, os.getpid())
        struct.pack_into("<I", self.map, 28, 1)
        struct.pack_into("<Q", self.map, 56, 1 << 30)
        struct.pack_into("<II", self.map, 72, 200, 200)
        struct.pack_into("<I", self.map, 68, 2)  # no sampling
        self.beat()
        struct.pack_into("<Q", self.map, 0, CONTROL_MAGIC)
        self.generation = 0
        self.ends = threading.Event()
        self.thread = threading.Thread(target=self.keep, daemon=True)
        self.thread.start()

    def beat(self):
        struct.pack_into("<Q", self.map, 16, time.monotonic_ns())

    def keep(self):
        while not self.ends.wait(0.1):
            self.beat()

    def ask(self, want, pattern="", lines="", duty=(0, 0)):
        self.generation += 1
        struct.pack_into("<III", self.map, 88, want, *duty)
        struct.pack_into("<1024s", self.map, 100, pattern.encode())
        struct.pack_into("<1024s", self.map, 1124, lines.encode())
        struct.pack_into("<I", self.map, 84, self.generation)

    def close(self):
        self.ends.set()
        self.thread.join()


@contextlib.contextmanager
def channel():
    directory = tempfile.mkdtemp(prefix="calls-", dir="/dev/shm")
    made = Channel(directory)
    try:
        yield made
    finally:
        made.close()
        shutil.rmtree(directory)


def environment(made, **more):
    return {
        **os.environ,
        "LD_PRELOAD": str(AGENT),
        "UNSLOW_CHANNEL": str(made.directory),
        **more,
    }


def run(made, command, timeout=60, **more):
    """Its output; fails if it does."""
    return subprocess.run(
        [str(part) for part in command],
        env=environment(made, **more),
        check=True,
        stdout=subprocess.PIPE,
        timeout=timeout,
        text=True,
    ).stdout


def text(raw):
    return raw.split(b"\0", 1)[0].decode()


class Process:
    """What one process left: its page, its names and its trees."""

    def __init__(self, page_path):
        page = page_path.read_bytes()
        stem = page_path.name[: -len(".calls")]
        head = struct.unpack_from("<Q3I I 2I 2I 3I", page, 0)
        (self.magic, self.abi, self.pid, self.serial, self.generation, self.engine,
         self.line_engine, self.clock, self.cpu_clock, self.area_count, _, _) = head
        self.engine = ENGINES[self.engine]
        self.line_engine = ENGINES[self.line_engine]
        self.cpu_clock = CPU_CLOCKS[self.cpu_clock]
        self.began_ns, self.ended_ns = struct.unpack_from("<2Q", page, 56)
        pairs = struct.unpack_from("<4Q", page, 72)
        self.cost = [value / 16 for value in struct.unpack_from("<4I", page, 104)]
        self.on = struct.unpack_from("<4Q", page, 120)
        self.off = struct.unpack_from("<4Q", page, 152)
        self.lost_nodes, self.lost_threads, self.lost_suspended, self.demoted = (
            struct.unpack_from("<4Q", page, 184)
        )
        self.reason = text(page[216:472])
        self.line_reason = text(page[472:728])
        self.cost_resume, self.cost_far = (
            [value / 16 for value in struct.unpack_from("<2I", page, at)] for at in (728, 736))
        (self.repeats_code,) = struct.unpack_from("<I", page, 744)
        self.cost_await = [value / 16 for value in struct.unpack_from("<2I", page, 752)]
        passed = pairs[2] - pairs[0]
        self.ns_a_tick = (pairs[3] - pairs[1]) / passed if passed else 1.0
        # one that is just being made is empty yet
        self.areas = [
            Area(path, self)
            for path in sorted(page_path.parent.glob(stem + ".calls-*"))
            if path.stat().st_size > 4096
        ]
        # after what has them: a process that runs names functions before it counts them
        self.read_names(page_path.with_name(stem + ".0"))

    def read_names(self, path):
        data = path.read_bytes()
        dict_offset, dict_size = struct.unpack_from("<2Q", data, 56)
        self.texts, self.codes = {}, {}
        at, end = dict_offset, dict_offset + dict_size
        while at + 8 <= end:
            size, ready = struct.unpack_from("<2I", data, at)
            if not ready or size < 8:
                break
            if ready == 1:
                number, length = struct.unpack_from("<2I", data, at + 8)
                self.texts[number] = data[at + 16 : at + 16 + length].decode()
            elif ready == 2:
                number, line, file_bytes, name_bytes = struct.unpack_from("<IiII", data, at + 8)
                begin = at + 32
                name = data[begin + file_bytes : begin + file_bytes + name_bytes].decode()
                self.codes[number] = (data[begin : begin + file_bytes].decode(), name, line)
            at += size

    def functions(self, file=None):
        """Sums by name: calls, resumes, raised, and seconds."""
        sums = {}
        for area in self.areas:
            for node in area.nodes:
                name = self.name(node)
                if node["kind"] not in (FUNCTION, C_FUNCTION):
                    continue
                if file and node["kind"] == FUNCTION and not self.codes[node["code"]][0].endswith(file):
                    continue
                of = sums.setdefault(name, dict.fromkeys(
                    "calls resumes raised own_wall own_cpu total_wall total_cpu waiting ready".split(), 0))
                for key in of:
                    seconds = key not in ("calls", "resumes", "raised")
                    of[key] += node[key] * (self.ns_a_tick / 1e9 if seconds else 1)
        return sums

    def name(self, node):
        if node["kind"] == FUNCTION:
            return self.codes.get(node["code"], ("", "?", 0))[1]
        return self.texts.get(node["code"], "?")

    def tree(self):
        lines = []
        for area in self.areas:
            children = {}
            for node in area.nodes:
                children.setdefault(node["parent"], []).append(node)

            def walk(parent, depth):
                for node in children.get(parent, []):
                    ns = self.ns_a_tick
                    lines.append("%s%s calls %d resumes %d own %.3f/%.3f total %.3f wait %.3f ready %.3f%s" % (
                        "  " * depth, self.name(node), node["calls"], node["resumes"],
                        node["own_wall"] * ns / 1e6, node["own_cpu"] * ns / 1e6,
                        node["total_wall"] * ns / 1e6, node["waiting"] * ns / 1e6,
                        node["ready"] * ns / 1e6, " folds %d" % node["folds"] if node["folds"] else ""))
                    walk(node["index"], depth + 1)

            lines.append("area %d tid %d events %d depth %d" % (area.number, area.tid, area.events, area.depth))
            walk(0, 1)
        return "\n".join(lines)


class Area:
    def __init__(self, path, process):
        data = path.read_bytes()
        (self.magic, self.number, self.tid, self.node_count, self.node_capacity,
         self.histogram_count, self.nodes_offset, self.ended, self.events, self.last_wall,
         self.last_cpu, self.depth) = struct.unpack_from("<Q2I5I28x3QI", data, 0)
        self.data = data
        self.nodes = []
        for i in range(1, self.node_count):
            values = NODE.unpack_from(data, self.nodes_offset + i * NODE_BYTES)
            self.nodes.append({**dict(zip(NODE_FIELDS, values)), "index": i})
        self.live = [
            struct.unpack_from("<2I2Q", data, 4096 + i * 24) for i in range(min(self.depth, 1024))
        ]


def processes(made):
    # one that is just being made is empty yet
    return [Process(path) for path in sorted(made.directory.glob("*.calls")) if path.stat().st_size]


LINE = struct.Struct("<2I7Q")
LINE_FIELDS = "hits wall cpu own awaited cost own_cost gil blocked".split()
WAITS = struct.Struct("<2Q")


class Lines:
    """Sums of a process over its threads, by line of the file that ends so; times in seconds."""

    def __init__(self, process, made, file):
        self.by_line, self.lost, self.events = {}, 0, 0
        self.lost_lines, self.lost_wall = 0, 0
        stem = "%d-%d.lines-*" % (process.pid, process.serial)
        for path in sorted(made.directory.glob(stem)):
            data = path.read_bytes()
            _, _, _, offset, _, count, _, events, lost, waits, lost_lines, lost_wall = (
                struct.unpack_from("<Q6I2Q2IQ", data, 0))
            self.lost += lost
            self.lost_lines += lost_lines
            self.lost_wall += lost_wall * process.ns_a_tick / 1e9
            self.events += events
            for i in range(count):
                code, line, *values = LINE.unpack_from(data, offset + i * LINE.size)
                values += WAITS.unpack_from(data, waits + i * WAITS.size)
                if process.codes[code][0].endswith(file):
                    self.add(process, (process.codes[code][1], line), values)

    def add(self, process, key, values):
        of = self.by_line.setdefault(key, dict.fromkeys(LINE_FIELDS, 0))
        for field, value in zip(LINE_FIELDS, values):
            ticks = field not in ("hits", "gil", "blocked")
            of[field] += value if field == "hits" else value * (process.ns_a_tick if ticks else 1) / 1e9

    def of(self, line):
        """What one line has, all code objects on it added up."""
        found = dict.fromkeys(LINE_FIELDS, 0)
        for (_, at), values in self.by_line.items():
            for field in LINE_FIELDS if at == line else ():
                found[field] += values[field]
        return found
