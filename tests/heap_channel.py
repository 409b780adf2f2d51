"""The sampled heap read directly: what a target's agent wrote, without unslow's own reader.

Layout: src/agent/channel.h, src/agent/heap_file.h. Weights are bytes and blocks.
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
from collections import defaultdict, namedtuple

BUILD = pathlib.Path(os.environ.get("UNSLOW_BUILD", pathlib.Path(__file__).parents[1] / "build"))
AGENT = BUILD / "src/agent/libunslow-agent.so"

CHANNEL_ABI = 6
CONTROL_MAGIC = 0x316C6F72746E6F63
HEAP_MAGIC = 0x3170616568
HEAP_CONTROL = 2148  # offset of channel_control.heap
ON, ASLEEP = 1, 2  # enum agent_state
RUN, SLEEP = 0, 1  # enum channel_command
SAMPLED, EXACT, RECYCLED = 1, 2, 4
MALLOC, OBJECT, MAPPED = 1, 2, 3
HOOK_MALLOC, HOOK_MEM, HOOK_OBJECT, HOOK_TRACER, HOOK_MMAP = (1 << i for i in range(5))
WAS_RECYCLED, PRE_FORK = 1, 2

SITE = struct.Struct("<2I 3Q 2q Q 4I q Q")
LIVE = struct.Struct("<3Q 4I 2Q 2I")
SECOND = struct.Struct("<17Q")
SECOND_FIELDS = (
    "at_ns rss_bytes rss_anonymous_bytes private_dirty_bytes pss_bytes swap_bytes live_bytes "
    "live_malloc_bytes arena_bytes malloc_used malloc_free malloc_mapped malloc_arenas stack_bytes "
    "units threads made_bytes"
).split()
NATIVES = 440 + 1024 * SECOND.size + 16 + 4096 * 64  # offset of heap_file.natives
NATIVE_RING = 8 + 8 * 5112
Site = namedtuple("Site", "stack domain made made_blocks live live_blocks short samples native "
                  "serial peak peak_ns")
Live = namedtuple("Live", "address size weight blocks site route born_unit born_ns unit tid flags")
Frame = namedtuple("Frame", "file function line")


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
        struct.pack_into("<I", self.map, 68, 2)  # no sampling of threads
        self.beat()
        struct.pack_into("<Q", self.map, 0, CONTROL_MAGIC)
        self.generation = 0
        self.silent = False
        self.ends = threading.Event()
        self.thread = threading.Thread(target=self.keep, daemon=True)
        self.thread.start()

    def beat(self):
        struct.pack_into("<Q", self.map, 16, time.monotonic_ns())

    def keep(self):
        while not self.ends.wait(0.1):
            if not self.silent:
                self.beat()

    def read_by(self, pid):
        """It is that process that agents take for their reader."""
        struct.pack_into("<I", self.map, 12, pid)

    def command(self, command):
        struct.pack_into("<I", self.map, 24, command)

    def states(self):
        """Of all agents (enum agent_state)."""
        return [struct.unpack_from("<I", path.read_bytes()[:104], 100)[0]
                for path in self.directory.glob("*.0")]

    def sample_threads(self, hz):
        struct.pack_into("<4I", self.map, 68, 0, hz, hz, 0)

    def ask(self, want, interval=0, exact_ms=0):
        self.generation += 1
        struct.pack_into("<3I", self.map, HEAP_CONTROL + 4, want, interval, exact_ms)
        struct.pack_into("<I", self.map, HEAP_CONTROL, self.generation)

    def environment(self, **more):
        return {**os.environ, "LD_PRELOAD": str(AGENT), "UNSLOW_CHANNEL": str(self.directory),
                **more}

    def run(self, command, timeout=60, **more):
        """Its output; fails if it does."""
        return subprocess.run([str(part) for part in command], env=self.environment(**more),
                              check=True, stdout=subprocess.PIPE, timeout=timeout, text=True).stdout

    def start(self, command, **more):
        return subprocess.Popen([str(part) for part in command], env=self.environment(**more),
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def heaps(self):
        """Those of all processes, the oldest first."""
        paths = sorted(self.directory.glob("*.heap"),
                       key=lambda path: int(path.stem.split("-")[1]))
        # one that is just being made is empty yet
        whole = [path for path in paths if path.stat().st_size > 1 << 20]
        return [heap for heap in map(Heap, whole) if heap.magic == HEAP_MAGIC]

    def close(self):
        self.ends.set()
        self.thread.join()


@contextlib.contextmanager
def channel():
    room = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    directory = tempfile.mkdtemp(prefix="heap-", dir=room)
    made = Channel(directory)
    try:
        yield made
    finally:
        made.close()
        shutil.rmtree(directory)


class Heap:
    """One process's heap file, as it is now."""

    def __init__(self, path):
        data = path.read_bytes()
        (self.magic, self.abi, self.pid, self.serial, self.generation, self.hooks, self.interval,
         self.doubled, self.site_capacity, self.live_capacity, sites_at, live_at, self.parent,
         self.site_count, self.live_count) = struct.unpack_from("<Q 3I 6I 4x 2Q 3I", data, 0)
        (self.began_ns, self.ended_ns, self.samples, self.frees, self.false_hits, self.thinned,
         self.lost, self.recycled, self.hook_ns, self.hook_timed, self.peak, self.peak_ns
         ) = struct.unpack_from("<12Q", data, 80)
        self.reason = data[176:432].split(b"\0", 1)[0].decode()
        head, = struct.unpack_from("<Q", data, 432)
        self.seconds = [
            dict(zip(SECOND_FIELDS, SECOND.unpack_from(data, 440 + i % 1024 * SECOND.size)))
            for i in range(max(0, head - 1024), head)]
        self.natives = sum(struct.unpack_from("<Q", data, NATIVES + i * NATIVE_RING)[0] for i in range(2))
        self.sites = [self.site(data, sites_at + i * SITE.size) for i in range(self.site_count)]
        self.live = [Live(*row[:3], row[3] / 1000, *row[4:])
                     for row in LIVE.iter_unpack(data[live_at:live_at + self.live_capacity * 64])
                     if row[0] != 0]
        self.names = {}
        folder = path.parent
        for serial in {site.serial for site in self.sites if site.serial}:
            found, = folder.glob(f"*-{serial}.0")
            self.names[serial] = Names(found)

    @staticmethod
    def site(data, at):
        (stack, domain, _, made, made_1k, live, live_1k, short, samples, native, serial, _, peak,
         peak_ns) = SITE.unpack_from(data, at)
        return Site(stack, domain, made, made_1k / 1000, live, live_1k / 1000, short, samples,
                    native, serial, peak, peak_ns)

    def stack(self, site):
        """Frames, the newest first."""
        return self.names[site.serial].stack(site.stack) if site.stack else []

    def native(self, site):
        return self.names[site.serial].texts.get(site.native, "") if site.native else ""

    def total(self, field="live", domain=None):
        return sum(getattr(site, field) for site in self.sites if domain in (None, site.domain))

    def by_function(self, field="live", domain=None):
        """Sums by the newest frame's function; "" has no frame."""
        sums = defaultdict(int)
        for site in self.sites:
            stack = self.stack(site)
            if domain in (None, site.domain):
                sums[stack[0].function if stack else ""] += getattr(site, field)
        return sums

    def by_line(self, file, field="live"):
        sums = defaultdict(int)
        for site in self.sites:
            stack = self.stack(site)
            if stack and stack[0].file.endswith(file):
                sums[stack[0].line] += getattr(site, field)
        return sums


class Names:
    """A process's dictionary: texts, code, stacks."""

    def __init__(self, path):
        data = path.read_bytes()
        at, size = struct.unpack_from("<2Q", data, 56)
        end = at + size
        self.texts, self.codes, self.stacks = {}, {}, {}
        while at + 8 <= end:
            length, kind = struct.unpack_from("<2I", data, at)
            if not kind or length < 8:
                break
            self.read(data, kind, at + 8)
            at += length

    def read(self, data, kind, at):
        if kind == 1:
            number, length = struct.unpack_from("<2I", data, at)
            self.texts[number] = data[at + 8:at + 8 + length].decode(errors="replace")
        elif kind == 2:
            number, line, *lengths, form = struct.unpack_from("<IiIIII", data, at)
            parts, begin = [], at + 24
            for length in lengths:
                parts.append(data[begin:begin + length])
                begin += length
            self.codes[number] = (parts[0].decode(), parts[1].decode(), line, parts[2], form)
        elif kind == 3:
            number, count, _ = struct.unpack_from("<IHH", data, at)
            flat = struct.unpack_from(f"<{2 * count}I", data, at + 8)
            self.stacks[number] = list(zip(flat[::2], flat[1::2]))

    def stack(self, number):
        frames = []
        for code, offset in self.stacks[number]:
            file, name, first, table, form = self.codes[code]
            frames.append(Frame(file, name, line_of(form, table, first, offset)))
        return frames


def signed(byte):
    return byte - 256 if byte > 127 else byte


def line_of(form, table, line, offset):
    """As src/python/lines.c: Objects/lnotab_notes.txt, Objects/locations.md."""
    if form == 3:
        return line_of_locations(table, line, offset)
    end = 0
    for i in range(0, len(table) - 1, 2):
        end += table[i]
        change = signed(table[i + 1])
        if form == 1 and end > offset:
            break
        if change != -128 or form == 1:
            line += change
        if form == 2 and offset < end:
            break
    return line


def line_of_locations(table, line, offset):
    at = end = 0
    while at < len(table):
        code = table[at] >> 3 & 15
        end += ((table[at] & 7) + 1) * 2
        at += 1
        if 10 <= code <= 12:
            line += code - 10
        elif code in (13, 14):
            line += signed_varint(table, at)
        if offset < end:
            return line
        while at < len(table) and not table[at] & 0x80:
            at += 1
    return 0


def signed_varint(table, at):
    bits = shift = 0
    while True:
        bits |= (table[at] & 0x3F) << shift
        shift += 6
        if not table[at] & 0x40:
            return -(bits >> 1) if bits & 1 else bits >> 1
        at += 1
