"""The agent's channel read directly: what a target's agent wrote, without unslow's own reader.

A benchmark that judges the agent must not depend on the program that reads it. Layout:
src/agent/channel.h. Records are RECORD_SAMPLE only; stacks are tuples of (code id, offset), leaf
first, as the dictionary has them.
"""

import mmap
import os
import re
import shutil
import struct
import tempfile
import time
from collections import namedtuple
from pathlib import Path

CONTROL_MAGIC, ABI, PAGE = 0x316C6F72746E6F63, 6, 4096
RECORD_SAMPLE, RECORD_SHORT = 96, 1 << 14
DICT_TEXT, DICT_CODE, DICT_STACK, DICT_FACT = 1, 2, 3, 5
FATES = ("scheduled", "verified", "caught", "torn", "late")
STATES = (None, "python", "holding", "gil", "native", "runqueue", "call", "lock", "sleep",
          "unseen")

RECORD = struct.Struct("<QQQIIIIHhHBBQII")
Sample = namedtuple("Sample", "start_ns dur_ns unit stack tid ticks cpu_ns state short aux queue_ns holder")
Code = namedtuple("Code", "name file line")


class Process:
    """One process's files. `stacks` and `codes` by id; `samples` since the last drain."""

    def __init__(self, folder, name):
        self.folder, self.stem = folder, name[: name.rindex(".")]
        self.file = self.map(name)
        self.offsets = struct.unpack_from("<4Q", self.file, 40)  # size, rings, dict, dict size
        self.pid, = struct.unpack_from("<I", self.file, 16)
        self.rings = [(self.file, self.offsets[1])]
        self.dict_at = 0
        self.texts, self.codes, self.stacks, self.facts = {}, {}, {}, []
        self.dropped = 0

    def map(self, name):
        with open(self.folder / name, "r+b") as file:
            return mmap.mmap(file.fileno(), 0)

    def counters(self):
        ticks = struct.unpack_from("<5Q", self.file, 240)
        cpu_ns, interrupted = struct.unpack_from("<2Q", self.file, 304)
        return {**dict(zip(FATES, ticks)), "cpu_ns": cpu_ns, "interrupted": interrupted}

    def losses(self):
        return struct.unpack_from("<8Q", self.file, 112)

    def drain(self):
        count, = struct.unpack_from("<I", self.file, 104)
        while len(self.rings) < count:
            self.rings.append((self.map(f"{self.stem}.{len(self.rings)}"), 0))
        heads = [head for file, at in self.rings for head in self.heads(file, at)]
        self.read_dict()
        for file, base, ring, capacity, head in heads:
            yield from self.read_ring(file, base, ring, capacity, head)

    @staticmethod
    def heads(file, at):
        rings, capacity = struct.unpack_from("<2I", file, at + 8)
        for i in range(rings):
            ring = at + 64 + 192 * i
            base = at + 64 + 192 * rings + 64 * capacity * i
            yield file, base, ring, capacity, struct.unpack_from("<Q", file, ring)[0]

    def read_ring(self, file, base, ring, capacity, head):
        tail, = struct.unpack_from("<Q", file, ring + 128)
        for at in range(tail, head):
            r = RECORD.unpack_from(file, base + 64 * (at % capacity))
            if r[7] == RECORD_SAMPLE:
                yield Sample(r[0], r[1], r[2], r[3], r[4], r[5], r[6], STATES[r[8]],
                             bool(r[9] & RECORD_SHORT), r[12], r[13], r[14])
        struct.pack_into("<Q", file, ring + 128, head)

    def read_dict(self):
        size = self.offsets[3]
        tail = min(struct.unpack_from("<Q", self.file, 72)[0], size)
        while self.dict_at < tail:
            at = self.offsets[2] + self.dict_at
            length, kind = struct.unpack_from("<2I", self.file, at)
            if length == 0 or kind == 0:
                break
            self.read_entry(kind, at + 8)
            self.dict_at += length

    def read_entry(self, kind, at):
        if kind == DICT_TEXT:
            number, length = struct.unpack_from("<2I", self.file, at)
            self.texts[number] = self.file[at + 8: at + 8 + length].decode(errors="replace")
        elif kind == DICT_CODE:
            number, line, file, name = struct.unpack_from("<IiII", self.file, at)
            text = self.file[at + 24: at + 24 + file + name]
            self.codes[number] = Code(text[file:].decode(), text[:file].decode(), line)
        elif kind == DICT_STACK:
            number, count, cut = struct.unpack_from("<IHH", self.file, at)
            flat = struct.unpack_from(f"<{2 * count}I", self.file, at + 8)
            self.stacks[number] = (tuple(zip(flat[::2], flat[1::2])), bool(cut))
        elif kind == DICT_FACT:
            self.facts.append(struct.unpack_from("<2I", self.file, at))

    def fact(self, key):
        """The last value said, None if it was not."""
        values = [self.texts.get(v) for k, v in self.facts if self.texts.get(k) == key]
        return values[-1] if values else None


class Channel:
    """A channel directory as `unslow run` makes it; a context."""

    def __init__(self, rate_hz, agent, engine=0):
        self.rate_hz, self.agent, self.engine = rate_hz, agent, engine

    def __enter__(self):
        room = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        self.folder = Path(tempfile.mkdtemp(prefix=f"unslow-bench-{os.getpid()}-", dir=room))
        control = self.folder / "control"
        control.write_bytes(bytes(PAGE))
        control.chmod(0o600)
        with open(control, "r+b") as file:
            self.control = mmap.mmap(file.fileno(), PAGE)
        struct.pack_into("<QIIQII2QQQIIIII", self.control, 0, CONTROL_MAGIC, ABI, os.getpid(),
                         time.monotonic_ns(), 0, 1, 1, 2, 0, 1 << 30, 0, self.engine, self.rate_hz,
                         self.rate_hz, 0)
        self.processes = {}
        return self

    def __exit__(self, *_):
        struct.pack_into("<I", self.control, 24, 1)
        shutil.rmtree(self.folder, ignore_errors=True)

    def environment(self):
        return {**os.environ, "LD_PRELOAD": str(self.agent), "UNSLOW_CHANNEL": str(self.folder)}

    def sleep_agents(self, asleep):
        struct.pack_into("<I", self.control, 24, int(asleep))

    def drain(self):
        """Heartbeat; all new samples as (process, sample)."""
        struct.pack_into("<Q", self.control, 16, time.monotonic_ns())
        for name in sorted(os.listdir(self.folder)):
            if re.fullmatch(r"\d+-\d+\.0", name) and name not in self.processes:
                with open(self.folder / name, "rb") as file:
                    if file.read(8).strip(b"\0") == b"":
                        continue
                self.processes[name] = Process(self.folder, name)
        for process in self.processes.values():
            for sample in process.drain():
                yield process, sample
