"""Walks of the heap: counts and sizes are the truth, holders are named, the process is not touched."""
import json
import os
import re
import resource
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).resolve().parents[1])]
import heap_channel  # noqa: E402
import walk_reader as reader  # noqa: E402

PROGRAM = Path(__file__).with_name("walk_truth.py")


@pytest.fixture
def program(python, tmp_path):
    def start(mode, *arguments, **environment):
        return reader.target([python, PROGRAM, mode, *arguments], tmp_path,
                             PYTHONDONTWRITEBYTECODE="1", **environment)
    return start


def test_counts_and_sizes_are_the_truth(program):
    with program("census") as target:
        target.wait_for("warm")
        target.walk()
        target.go_on("warm")
        target.wait_for("before")
        before = target.walk()
        target.go_on("before")
        truth, listed = json.loads(target.wait_for("after"))
        after = target.walk()
        target.go_on("after")
        target.end()
    assert not after.flags and len(truth) >= 16
    grown = {}
    for name in truth:
        was = before.types.get(name, (0, 0, 0))
        grown[name] = [after.types[name][0] - was[0], after.types[name][2] - was[2]]
    # the truth's text is there, too, and counters that the program's modules keep
    for name in ("str", "int"):
        if 0 <= grown[name][0] - truth[name][0] <= 3:
            grown[name] = truth[name]
    assert grown == truth
    for name, count in listed.items():
        assert after.types["__main__." + name][:2] == (count, count), name
    assert after.objects == sum(count for count, _, _ in after.types.values())
    assert after.tracked == sum(tracked for _, tracked, _ in after.types.values())


def test_garbage_is_what_the_collector_would_collect(program):
    with program("garbage") as target:
        truth = {name: tuple(of) for name, of in json.loads(target.wait_for("filled")).items()}
        found = target.walk()
        target.go_on("filled")
        collected = int(target.wait_for("collected"))
        after = target.walk()
        target.go_on("collected")
        target.wait_for("last")
        last = target.walk()
        target.go_on("last")
        finalized = int(target.wait_for("finalized"))
        target.go_on("finalized")
        assert int(target.wait_for("frozen")) == 0
        frozen = target.walk()
        target.go_on("frozen")
        linked = target.walk(list(enumerate(json.loads(target.wait_for("linked")))))
        target.go_on("linked")
        target.end()
    # a long ring has no end to be found, but it is known to be garbage
    assert [(linked.chain(i).root, linked.chain(i).steps) for i in range(2)] == [("none", [])] * 2
    assert found.garbage == truth and truth["__main__.Knot"][0] == truth["list"][0] == 1000
    assert found.garbage_objects == collected >= 2000
    assert found.garbage_bytes == sum(size for _, size in truth.values())
    assert (after.garbage_objects, after.garbage_bytes, after.garbage) == (0, 0, {})
    assert last.garbage_objects == finalized and last.garbage["__main__.Last"][0] == 10
    assert frozen.garbage["__main__.Knot"][0] == 100


def test_nothing_live_is_garbage(program):
    with program("lively") as target:
        target.wait_for("filled")
        found = target.walk()
        target.go_on("filled")
        assert int(target.wait_for("collected")) == 0
        target.go_on("collected")
        target.end()
    assert (found.garbage_objects, found.garbage_bytes, found.garbage) == (0, 0, {})


def test_what_malloc_would_give_back(program):
    """The process itself keeps it: what is tried is tried in the copy."""
    with program("trims") as target:
        target.wait_for("filled")
        rolled = Path(f"/proc/{target.process.pid}/smaps_rollup").read_text()
        found = [target.walk() for _ in range(2)]
        after = Path(f"/proc/{target.process.pid}/smaps_rollup").read_text()
        target.go_on("filled")
        target.end()
    anonymous = [int(re.search(r"^Anonymous: +(\d+) kB", text, re.M).group(1)) << 10 for text in (rolled, after)]
    assert anonymous[1] > anonymous[0] - (4 << 20)
    for walk in found:
        assert 30 << 20 < walk.trim_bytes < anonymous[0]


@pytest.mark.parametrize("mode", ["holders", "tasks"])
def test_what_a_program_holds_is_no_garbage(program, mode):
    """But for the one cycle that it leaves."""
    with program(mode) as target:
        target.wait_for("filled")
        found = target.walk()
    things = {name: count for name, (count, _) in found.garbage.items() if name.startswith("walk_app.")}
    assert things == ({"walk_app.Thing": 1} if mode == "holders" else {})


WAYS = {
    "list": ("module", "walk_app", [("variable", "LIST"), ("index", 7)]),
    "dict": ("module", "walk_app", [("variable", "CACHE"), ("key", "k"), ("index", 5), ("attribute", "rows")]),
    "cache": ("cache", "walk_app.render", [("key", None)]),
    "bounded": ("cache", "walk_app.bounded", [("key", None)]),
    "method": ("cache", "walk_app.Thing.cached", [("is_key", None), ("index", 0)]),
    "class": ("class", "walk_app.Shared", [("variable", "seen"), ("key", "thing")]),
    "default": ("module", "walk_app", [("variable", "default"), ("default", 0), ("index", 4)]),
    "keyword": ("module", "walk_app", [("variable", "keyword"), ("default", "into"), ("key", "item")]),
    "closure": ("module", "walk_app", [("variable", "inner"), ("closure", "memo"), ("key", "item")]),
    "handler": ("module", "walk_app", [("variable", "HANDLERS"), ("attribute", "handlers"), ("index", 0),
                                       ("bound", None)]),
    "local": ("module", "walk_app", [("variable", "LOCAL"), ("thread_local", "rows"), ("index", 0)]),
    "slot": ("module", "walk_app", [("variable", "SLOT"), ("attribute", "held")]),
    "generator": ("module", "walk_app", [("variable", "generators"), ("index", 0), ("local", "batch"),
                                         ("index", 0)]),
    "exception": ("module", "walk_app", [("variable", "last"), ("traceback", 2), ("local", "body")]),
    "key": ("module", "walk_app", [("variable", "KEYS"), ("is_key", None), ("index", 0)]),
    "module": ("module", "walk_app", [("variable", "HANDLERS")]),
    "items": ("module", "walk_app", [("variable", "LIST")]),
    "buffer": ("module", "walk_app", [("variable", "BUFFER")]),
    "links": ("module", "walk_app", [("variable", "QUEUE")]),
    "deque": ("module", "walk_app", [("variable", "QUEUE"), ("member", None)]),
    "constant": ("module", "walk_app", [("variable", "MADE"), ("index", 0), ("attribute", "__code__"),
                                        ("attribute", "co_consts"), ("index", 1)]),
    "far": ("module", "walk_app", [("variable", "HOPS"), ("key", "far")] + [("attribute", "to"), ("index", 0)] * 6),
    "direct": ("module", "walk_app", [("variable", "DIRECT")]),
    "joint": ("module", "walk_app", [("variable", "JOINT"), ("key", "joint"), ("index", 1)] + [
        ("attribute", "to"), ("index", 0)] * 2),
    "context": ("thread", "", [("context", "VARIABLE")]),
    "frame": ("frame", "holders", [("local", "held")]),
    "cycle": ("none", "", []),
}


@pytest.mark.parametrize("allocator", ["default", "malloc", "debug", "mimalloc"])
def test_holders_are_named(program, python, allocator):
    """Blocks are asked for as a hook of the allocator sees them."""
    if allocator == "mimalloc" and subprocess.run([python, "-c", "pass"], env=dict(os.environ, PYTHONMALLOC=allocator),
                                                  stderr=subprocess.DEVNULL, check=False).returncode != 0:
        pytest.skip("this Python was built without it")
    with program("holders", PYTHONMALLOC=allocator) as target:
        blocks = json.loads(target.wait_for("filled"))
        before = 0
        if allocator == "debug":
            before = 16
            del blocks["links"]  # who has a block's address among its words is not found behind a prefix
        names = list(blocks)
        found = target.walk([(i, blocks[name] - before) for i, name in enumerate(names)])
        target.go_on("filled")
        target.end()
    told = {}
    for i, name in enumerate(names):
        chain = found.chain(i)
        told[name] = (chain.root, chain.label, chain.steps)
    # below 3.11 they are of its dict
    assert told.pop("values") in [("module", "walk_app", [("variable", "LIST"), ("index", 3), *rest])
                                  for rest in ([], [("attribute", "__dict__")])]
    assert told == {name: way for name, way in WAYS.items() if name in names}
    assert found.chain(names.index("list")).lengths[1:] == [20]
    cache = found.chain(names.index("cache"))
    assert (cache.limit, cache.hits, cache.misses, cache.root_length) == (None, 0, 20, 20)
    bounded = found.chain(names.index("bounded"))
    assert (bounded.limit, bounded.root_length) == (8, 8)


def test_what_objects_keep(program):
    with program("deep") as target:
        blocks, truth, least = json.loads(target.wait_for("filled"))
        names = list(blocks)
        found = target.walk([(i, blocks[name]) for i, name in enumerate(names)])
        target.go_on("filled")
        target.end()
    kept = {name: (found.chain(i).deep_bytes, found.chain(i).shared_bytes) for i, name in enumerate(names)}
    assert [kept["plain"], kept["sharing"]] == [tuple(truth["plain"]), tuple(truth["sharing"])]
    # functions and exceptions have more parts: names, a traceback
    for name, size in least.items():
        deep, shared = kept[name]
        assert size <= deep - shared <= size + 4096, (name, kept[name])


def test_a_sample_that_is_none_any_more_is_left_out(program):
    """Between the choice and the walk a block may be freed, and be of something else."""
    with program("kept", sampled=4096) as target:
        kept, gone = json.loads(target.wait_for("filled"))
        path, = target.channel.directory.glob(f"{target.process.pid}-*.heap")
        sites = {live.address: live.site for live in heap_channel.Heap(path).live}
        first, second = sites[kept[0]], sites[kept[1]] + 1
        assert all(sites.get(block) != first for block in gone)  # what is there now may be a sample, too
        found = target.walk([(first, kept[0]), (second, kept[1]), (first, gone[0])])
    asked = [chain for chain in found.chains if chain.site != (1 << 32) - 1]
    assert [(chain.site, chain.address) for chain in asked] == [(first, kept[0])]
    assert (asked[0].root, asked[0].label, asked[0].steps) == ("module", "__main__", [("variable", "KEPT"), ("index", 0)])


def test_tasks_in_a_set(program):
    with program("tasks") as target:
        block = json.loads(target.wait_for("filled"))["task"]
        chain = target.walk([(0, block)]).chain(0)
    assert (chain.root, chain.label) == ("module", "walk_app"), str(chain)
    assert chain.steps == [("variable", "TASKS"), ("member", None)]
    assert chain.lengths[1] == 5


def test_what_is_largest_is_looked_at_without_being_asked(program):
    with program("holders") as target:
        target.wait_for("filled")
        found = target.walk()
    assert 10 <= len(found.chains) <= reader.TARGETS
    assert all(chain.site == (1 << 32) - 1 for chain in found.chains)
    things = [chain for chain in found.chains if chain.type == "walk_app.Thing"]
    # which of them is looked at is chance: one may be held by a thread's frames
    assert any(chain.root in ("module", "cache", "class") for chain in things), [str(chain) for chain in things]


def test_keys_that_are_data_are_not_shown(program):
    with program("private") as target:
        blocks = json.loads(target.wait_for("filled"))
        found = target.walk(list(enumerate(blocks)))
        path, = target.channel.directory.glob(f"{target.process.pid}-*.walk-{target.number}")
        data = path.read_bytes()
    keys = [found.chain(i).steps[1] for i in range(4)]
    assert keys == [("key", None), ("key", None), ("key", None), ("key", "known")]
    attributes = [found.chain(i).steps[2] for i in (4, 5, 6)]
    assert attributes == [("attribute", None), ("attribute", None), ("attribute", "name")]
    for secret in (b"alice", b"bobsmith", b"4111111111111111", b"caroljones", b"davemiller"):
        assert secret not in data


def test_the_app_does_not_see_the_child(program):
    with program("families") as target:
        port = json.loads(target.wait_for("alone"))
        for _ in range(5):
            target.walk()
        target.ask()
        target.go_on("alone")
        target.wait_for("family")
        for _ in range(5):
            target.walk()
        target.go_on("family")
        waited, own, told, descriptors = json.loads(target.wait_for("waited"))
        for _ in range(3):
            target.walk()
        assert len(os.listdir(f"/proc/{target.process.pid}/fd")) == descriptors - 1  # without the listing's
        target.go_on("waited")
        target.end()
        with socket.socket() as again:
            again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            again.bind(("127.0.0.1", port))
    assert (waited, own, told) == (None, True, 1)


@pytest.mark.some_versions
def test_no_child_stays(program):
    with program("holders") as target:
        target.wait_for("filled")
        for _ in range(20):
            found = target.walk()
            assert found.pause_ns > 0 and found.held_ns >= found.pause_ns
        until = time.monotonic() + 5
        while reader.children_of(target.process.pid) and time.monotonic() < until:
            time.sleep(0.05)
        assert reader.children_of(target.process.pid) == []
        target.go_on("filled")
        target.end()


def test_a_process_that_ends_takes_the_child_with_it(program):
    with program("leaves") as target:
        target.wait_for("filled")
        target.ask()
        target.go_on("filled")
        pid = target.process.pid
        target.end()
        until = time.monotonic() + 5
        while walkers_of(pid) and time.monotonic() < until:
            time.sleep(0.05)
        assert walkers_of(pid) == []


def test_a_process_that_is_killed_takes_the_child_with_it(program):
    with program("leaves") as target:
        target.wait_for("filled")
        target.ask()
        time.sleep(0.15)
        target.process.kill()
        target.process.wait()
        until = time.monotonic() + 5
        while walkers_of(target.process.pid) and time.monotonic() < until:
            time.sleep(0.05)
        assert walkers_of(target.process.pid) == []


def walkers_of(pid):
    """Children of it, and such as it has left behind."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdigit() and (folder / "comm").read_text() == "unslow-walk\n":
                parent = re.search(r"PPid:\t(\d+)", (folder / "status").read_text())
                if int(parent.group(1)) in (pid, 1, os.getpid()):
                    found.append(folder.name)
        except OSError:
            continue
    return found


def test_threads_in_c_meanwhile(program):
    with program("busy") as target:
        target.wait_for("busy")
        walks = [target.walk() for _ in range(4)]
        target.go_on("busy")
        target.end()
    assert all(walk.objects > 3000 and not walk.flags for walk in walks)


def limited_group(limit):
    """A control group of its own for a process; None: this machine gives none."""
    for parent, name in ((Path("/sys/fs/cgroup/memory"), "memory.limit_in_bytes"),
                         (Path("/sys/fs/cgroup"), "memory.max")):
        folder = parent / f"unslow-walk-{os.getpid()}"
        try:
            folder.mkdir()
            (folder / name).write_text(str(limit))
            return folder
        except OSError:
            if folder.exists():
                folder.rmdir()
    return None


@pytest.mark.some_versions
@pytest.mark.parametrize("limit, kept, walks, forks", [(160, 120, 100, False), (400, 120, 20, True)])
def test_a_process_near_its_limit_survives_walks(program, limit, kept, walks, forks):
    """MiB; at worst a fork needs as much again, and some for the child."""
    group = limited_group(limit << 20)
    if group is None:
        pytest.skip("no control group of memory can be made here")
    try:
        with program("full", str(kept)) as target:
            (group / "cgroup.procs").write_text(str(target.process.pid))
            target.wait_for("begun")
            target.go_on("begun")
            target.wait_for("full", 120)
            for _ in range(walks):
                walk = target.walk(done=False)
                if forks:
                    assert walk.state == reader.DONE, walk.reason
                else:
                    assert "no room to fork" in walk.reason, walk.reason
                assert walk.room_bytes <= limit << 20
            target.go_on("full")
            target.end()
    finally:
        group.rmdir()


@pytest.mark.some_versions
def test_a_process_near_its_own_limit_survives_walks(program):
    """Address space, not memory: fork(2) itself may be refused, or the child's tables."""
    with program("full", "60") as target:
        target.go_on("begun")
        target.wait_for("full")
        target.walk()  # a process without a channel cannot say that it has no room for one
        size = int(Path(f"/proc/{target.process.pid}/statm").read_text().split()[0]) * 4096 + (1 << 20)
        resource.prlimit(target.process.pid, resource.RLIMIT_AS, (size, size))
        for _ in range(30):
            walk = target.walk(done=False)
            assert walk.state == reader.DONE or walk.reason and "by signal" not in walk.reason, walk.reason
        target.go_on("full")
        target.end()
