"""Asks a process with the agent for walks of its heap; reads what they leave.

Offsets are those of src/agent/channel.h, heap_file.h and walk_file.h.
"""
import contextlib
import os
import struct
import subprocess
import time

import calls_reader

WALK_AT = 2164  # struct channel_control.heap.walk
BEGUN, DONE, FAILED, WRITTEN = 1, 2, 3, 4
UNKNOWN = (1 << 64) - 1
TARGETS = 400
ROOTS = {1: "module", 2: "class", 3: "frame", 4: "cache", 5: "suspended", 6: "thread", 7: "c", 8: "none", 9: "far"}
STEPS = {32: "variable", 33: "key", 34: "is_key", 35: "index", 36: "member", 37: "attribute", 38: "closure",
         39: "default", 40: "local", 41: "bound", 42: "traceback", 43: "thread_local", 44: "c", 45: "context"}
HEAD = struct.Struct("<Q6I11Q3Q4Q4I256s")
TYPE = struct.Struct("<2I6Q2I")
CHAIN = struct.Struct("<Q2I4Q6I")
EDGE = struct.Struct("<4I5Q")


class Walk:
    """One walk's file."""

    def __init__(self, path):
        data = path.read_bytes()
        (magic, self.abi, self.pid, self.serial, self.number, self.state, self.flags, self.begun_ns,
         self.pause_ns, self.held_ns, self.took_ns, self.cpu_ns, self.anonymous_bytes, self.room_bytes,
         self.objects, self.tracked, self.references, self.bytes, self.garbage_objects, self.garbage_bytes,
         self.trim_bytes, types_at, chains_at, edges_at, text_at,
         types, chains, edges, text_bytes, reason) = HEAD.unpack_from(data)
        assert magic == 0x316B6C6177 and self.abi == 3
        self.reason = reason.split(b"\0")[0].decode()
        self.types, self.deep_bytes, self.garbage, self.chains = {}, {}, {}, []
        if self.state != DONE:
            return
        text = data[text_at:text_at + text_bytes]

        def name(at, length):
            return text[at:at + length].decode()

        rows = [TYPE.unpack_from(data, types_at + i * TYPE.size) for i in range(types)]
        self.names = [name(*row[:2]) for row in rows]
        for row, of in zip(rows, self.names):
            count, tracked, size, self.deep_bytes[of], gone, gone_bytes = row[2:8]
            before = self.types.get(of, (0, 0, 0))
            self.types[of] = (before[0] + count, before[1] + tracked, before[2] + size)
            if gone:
                before = self.garbage.get(of, (0, 0))
                self.garbage[of] = (before[0] + gone, before[1] + gone_bytes)
        self.edges = [EDGE.unpack_from(data, edges_at + i * EDGE.size) for i in range(edges)]
        for i in range(chains):
            address, site, of, size, length, deep, shared, first, count, references, found, _, _ = CHAIN.unpack_from(
                data, chains_at + i * CHAIN.size)
            self.chains.append(Chain(self, name, address, site, of, size, length, deep, shared,
                                     self.edges[first:first + count], references, found))

    def chain(self, site):
        found = [chain for chain in self.chains if chain.site == site]
        assert len(found) == 1, (site, [str(chain) for chain in self.chains])
        return found[0]


class Chain:
    def __init__(self, walk, name, address, site, of, size, length, deep, shared, edges, references, found):
        self.address, self.site, self.bytes, self.length, self.deep_bytes = address, site, size, length, deep
        self.shared_bytes = shared
        self.type = walk.names[of]
        self.references, self.found = references, found
        kind, _, at, bytes_, _, self.root_length, limit, self.hits, self.misses = edges[0]
        self.root, self.label = ROOTS[kind], name(at, bytes_)
        self.limit = None if limit == UNKNOWN else limit
        self.steps, self.lengths = [], []
        for kind, _, at, bytes_, index, length, *_ in edges[1:]:
            self.steps.append((STEPS[kind], name(at, bytes_) or (None if index == UNKNOWN else index)))
            self.lengths.append(None if length == UNKNOWN else length)

    def __str__(self):
        return f"{self.type} of site {self.site}: {self.root} {self.label} {self.steps}"


class Target:
    """A process with the agent, that waits where it says so."""

    def __init__(self, channel, command, folder, **environment):
        self.channel, self.folder, self.number = channel, folder, 0
        # a file: a pipe would be inherited by the child that walks until it has closed it
        self.errors = open(folder / "errors", "w+")
        self.process = subprocess.Popen(
            [str(part) for part in command], cwd=folder, stdin=subprocess.DEVNULL, stderr=self.errors,
            stdout=self.errors, env=calls_reader.environment(channel, **environment))

    def wait_for(self, step, timeout=60):
        """Until it has come to this step; what it says there."""
        until = time.monotonic() + timeout
        path = self.folder / (step + ".ready")
        while not path.exists():
            assert self.process.poll() is None and time.monotonic() < until, self.said()
            time.sleep(0.01)
        return path.read_text()

    def go_on(self, step):
        (self.folder / (step + ".go")).touch()

    def said(self):
        self.errors.seek(0)
        return self.errors.read()

    def stem(self):
        """Of its files' names; a program has a channel once it has run for a while."""
        until = time.monotonic() + 30
        while True:
            for path in self.channel.directory.glob(f"{self.process.pid}-*.0"):
                return path.name[:-2]
            assert self.process.poll() is None and time.monotonic() < until, self.said()
            time.sleep(0.01)

    def ask(self, targets=None):
        """Addresses of blocks, each with a number that comes back."""
        self.number += 1
        if targets:
            rows = b"".join(struct.pack("<Q2I", address, site, 0) for site, address in targets)
            path = self.channel.directory / f"{self.stem()}.ask-{self.number}"
            path.write_bytes(struct.pack("<Q2I", 0x316B7361, 3, len(targets))
                             + rows.ljust(TARGETS * 16, b"\0"))
        struct.pack_into("<I", self.channel.map, WALK_AT, self.number)

    def walk(self, targets=None, timeout=120, done=True):
        self.ask(targets)
        until = time.monotonic() + timeout
        while True:
            paths = list(self.channel.directory.glob(f"{self.process.pid}-*.walk-{self.number}"))
            if paths and any(paths[0].read_bytes()[:8]):  # before that it has no magic number
                found = Walk(paths[0])
                if found.state not in (0, BEGUN, WRITTEN):
                    break
            assert self.process.poll() is None and time.monotonic() < until, self.said()
            time.sleep(0.005)
        assert not done or found.state == DONE, found.reason
        return found

    def end(self, status=0):
        assert self.process.wait(60) == status, self.said()
        return self.said()


@contextlib.contextmanager
def target(command, folder, sampled=0, **environment):
    """`sampled`: so many bytes lie between two samples of its allocations."""
    with calls_reader.channel() as channel:
        if sampled:
            struct.pack_into("<4I", channel.map, WALK_AT - 16, 1, 1, sampled, 0)
        made = Target(channel, command, folder, **environment)
        try:
            yield made
        finally:
            if made.process.poll() is None:
                made.process.kill()
                made.process.wait()
            made.errors.close()


def children_of(pid):
    """Also such as a wait(2) without __WALL does not see."""
    found = []
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        with contextlib.suppress(OSError):
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                fields = file.read().rsplit(")", 1)[1].split()
            if int(fields[1]) == pid:
                found.append((int(name), fields[0]))
    return found
