"""The sampled heap on every CPython: sums are unbiased, lines are right, nothing is harmed."""

import contextlib
import math
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import heap_channel as reader  # noqa: E402

PROGRAM = Path(__file__).with_name("heap_truth.py")
BLOCK = 200
LEAK_LINE = next(i for i, line in enumerate(PROGRAM.read_text().splitlines(), 1)
                 if line.endswith("# line: leak"))


def at_least(python_version, *version):
    return tuple(int(part) for part in python_version.split(".")[:2]) >= version


def heap_of(python, mode, count, want=reader.SAMPLED, interval=16 << 10, exact_ms=0, **environment):
    with reader.channel() as channel:
        channel.ask(want, interval, exact_ms)
        channel.run([python, PROGRAM, mode, count], **environment)
        (heap,) = channel.heaps()
    assert heap.generation == 1
    return heap


def near(estimate, truth, interval, sigmas=5):
    """Within so many standard errors: sqrt(interval / truth) of the truth each. The interval is that
    of the end: it grows when samples come too fast."""
    assert abs(estimate - truth) < sigmas * math.sqrt(interval * truth), (estimate, truth)


@pytest.mark.parametrize("malloc",
                         ["", "malloc", "debug", "malloc_debug", "pymalloc", "mimalloc"])
def test_a_leak_is_at_its_line(python, python_version, malloc):
    if malloc == "mimalloc" and not at_least(python_version, 3, 13):
        pytest.skip("3.13 has mimalloc")
    more = {"PYTHONMALLOC": malloc} if malloc else {}
    heap = heap_of(python, "leak", 20000, **more)
    assert heap.reason == "" or malloc.startswith("malloc"), heap.reason
    lines = heap.by_line("heap_truth.py")
    block = BLOCK + 24 if malloc == "malloc_debug" else BLOCK  # what its hooks add
    near(lines[LEAK_LINE], 20000 * block, heap.interval)
    assert heap.by_function()["drop"] < 0.1 * 20000 * BLOCK
    assert max(lines, key=lines.get) == LEAK_LINE


def test_what_is_made_and_freed_is_counted_as_made(python):
    heap = heap_of(python, "leak", 20000)
    made = sum(bytes_made for name, bytes_made in heap.by_function("made").items()
               if name in ("drop", "<listcomp>", "drop.<locals>.<listcomp>"))
    truth = sum(3 * (133 + i % 300) for i in range(20000))
    assert truth < made < truth * 1.6  # lists and closures are made, too
    short = heap.total("short")
    assert short > truth * 0.9
    assert heap.frees > 500


def test_nothing_is_there_unless_it_is_asked_for(python):
    with reader.channel() as channel:
        channel.run([python, PROGRAM, "leak", 2000])
        assert channel.heaps() == []


def test_threads(python):
    heap = heap_of(python, "threads", 5000)
    near(heap.by_function()["keep"], 4 * 5000 * BLOCK, heap.interval)


def test_realloc_moves_the_sample(python):
    heap = heap_of(python, "grows", 3000)
    near(heap.by_function(domain=reader.MALLOC)["grows"], 3000 * 1000 * 1.06, heap.interval, 6)


def test_mimalloc_serves_large_blocks_itself(python, python_version):
    if not at_least(python_version, 3, 13):
        pytest.skip("3.13 has mimalloc")
    heap = heap_of(python, "big", 20, interval=128 << 10, PYTHONMALLOC="mimalloc")
    near(heap.by_function(domain=reader.OBJECT)["big"], 20 << 20, heap.interval)
    assert heap.by_function(domain=reader.MAPPED)["big"] == 0


def test_what_shrinks_is_counted_once(python):
    heap = heap_of(python, "shrinks", 20000)
    near(heap.by_function()["shrinks"], 20000 * BLOCK, heap.interval)


def test_large_blocks_name_who_asked_for_them(python):
    heap = heap_of(python, "big", 20, interval=128 << 10)
    near(heap.by_function()["big"], 20 << 20, heap.interval)
    native = {heap.native(site) for site in heap.sites if site.native and site.domain == reader.MALLOC
              and heap.stack(site) and heap.stack(site)[0].function == "big"}
    assert native and all("python" in text and "+0x" in text for text in native), native


def test_memory_of_c_code_has_the_line_that_called_it(python):
    heap = heap_of(python, "texts", 1000)
    near(heap.by_function(domain=reader.MALLOC)["texts"], 1000 * 5000, heap.interval)


def test_numpy(python):
    if subprocess.run([python, "-c", "import numpy"], stderr=subprocess.DEVNULL).returncode:
        pytest.skip("no numpy here")
    heap = heap_of(python, "arrays", 50, interval=128 << 10)
    near(heap.by_function()["arrays"], 50 * 800000, heap.interval)


def shared_library(name):
    for folder in ("/usr/lib", "/usr/lib64", f"/usr/lib/{os.uname().machine}-linux-gnu"):
        for path in sorted(Path(folder).glob(f"{name}.so*")):
            return str(path)
    pytest.skip(f"no {name} here")


@pytest.mark.parametrize("first", ["allocator", "agent"])
def test_another_malloc_keeps_its_blocks(python, first):
    order = [shared_library("libjemalloc"), str(reader.AGENT)]
    preload = ":".join(order if first == "allocator" else order[::-1])
    heap = heap_of(python, "leak", 20000, LD_PRELOAD=preload)
    near(heap.by_line("heap_truth.py")[LEAK_LINE], 20000 * BLOCK, heap.interval)
    heap = heap_of(python, "big", 20, interval=128 << 10, LD_PRELOAD=preload)
    near(heap.by_function(domain=reader.MALLOC)["big"], 20 << 20, heap.interval)


def test_a_program_at_a_fixed_address():
    """Debian's python3 is one: what dlsym() says of malloc there is its own stub."""
    if not os.access("/usr/bin/python3", os.X_OK):
        pytest.skip("no system Python here")
    heap = heap_of("/usr/bin/python3", "big", 20, interval=128 << 10)
    near(heap.by_function(domain=reader.MALLOC)["big"], 20 << 20, heap.interval)
    assert heap.reason == ""


# --- free lists ---------------------------------------------------------------------


@pytest.mark.parametrize("mode, innocent, guilty, each", [
    ("recycle", {"churn", "churn.<locals>.<listcomp>", "<listcomp>"}, "leaker", 24),
    ("recycle_tuples",
     {"churn_containers", "churn_containers.<locals>.<listcomp>", "<listcomp>"}, "leak_tuple", 64),
])
def test_free_lists_do_not_move_the_blame(python, python_version, mode, innocent, guilty, each):
    if not at_least(python_version, 3, 13):
        pytest.skip("before 3.13 nobody tells")
    count = 60000
    heap = heap_of(python, mode, count, want=reader.SAMPLED | reader.RECYCLED)
    assert heap.recycled > 0
    by = heap.by_function(domain=reader.OBJECT)
    near(by[guilty], each * count, heap.interval)
    # of what churn() made last, a free list of 100 may hold some
    assert sum(by[name] for name in innocent) <= 64 << 10, dict(by)


def test_free_lists_are_said_to_be_unknown(python, python_version):
    if at_least(python_version, 3, 13):
        pytest.skip("3.13 tells")
    heap = heap_of(python, "leak", 100, want=reader.SAMPLED | reader.RECYCLED)
    assert "free list" in heap.reason


# --- truth ----------------------------------------------------------------------------


def traced_lines(python):
    printed = subprocess.run([python, PROGRAM, "traced", "2000"], stdout=subprocess.PIPE,
                             text=True, check=True).stdout
    return {int(line): int(size) for line, size in map(str.split, printed.splitlines())}


def test_sums_are_tracemallocs(python):
    truth = traced_lines(python)
    interval = 16 << 10
    sums, runs = dict.fromkeys(truth, 0), 4
    for _ in range(runs):
        lines = heap_of(python, "lines", 2000, interval=interval).by_line("heap_truth.py")
        for line in truth:
            sums[line] += lines[line]
    large = {line: size for line, size in truth.items() if size > 8 * interval}
    assert len(large) >= 4
    for line, size in large.items():
        near(sums[line] / runs, size, interval / runs)


def test_exact_is_exact(python):
    truth = traced_lines(python)
    heap = heap_of(python, "lines", 2000, want=reader.SAMPLED | reader.EXACT)
    lines = heap.by_line("heap_truth.py")
    text = PROGRAM.read_text().splitlines()
    exact = {line: size for line, size in truth.items() if "kept[4 * i" in text[line - 1]}
    assert heap.thinned == 0
    assert len(exact) == 4
    assert {line: lines[line] for line in exact} == exact


def test_exact_ends_by_itself(python):
    heap = heap_of(python, "leak", 50000, want=reader.SAMPLED | reader.EXACT, exact_ms=20)
    near(heap.by_function()["leak"], 50000 * BLOCK, heap.interval, 6)
    assert heap.samples < 200000


def test_too_many_samples_become_fewer(python):
    heap = heap_of(python, "leak", 100000, interval=4 << 10)
    assert heap.doubled > 0 and heap.interval == (4 << 10) << heap.doubled
    near(heap.by_function()["leak"], 100000 * BLOCK, heap.interval)


def line_of(mark):
    return next(i for i, text in enumerate(PROGRAM.read_text().splitlines(), 1) if text.endswith("# line: " + mark))


def test_a_large_block_that_grows_by_steps_leaves_the_small_ones(python):
    heap = heap_of(python, "adds", 20000)
    assert heap.doubled == 0
    near(heap.by_line("heap_truth.py")[line_of("beside")], 5 * 4000 * BLOCK, heap.interval)
    assert heap.by_line("heap_truth.py")[line_of("adds")] < 4 * heap.interval  # freed
    largest = max(site.peak for site in heap.sites if site.domain == reader.MALLOC)
    assert 1.9e6 < largest < 2.3e6, largest


def weights(heap):
    return {live.weight for live in heap.live if live.size == BLOCK}


@pytest.mark.some_versions
def test_samples_come_nearer_where_they_cost_little(python):
    with reader.channel() as channel:
        channel.ask(reader.SAMPLED)
        target = channel.start([python, PROGRAM, "slowly", 40])
        assert target.stdout.readline() == "ready\n"
        # a thread comes to the new distance with its next sample
        wait_for(lambda: channel.heaps() and len(weights(channel.heaps()[0])) > 1, 60)
        kept = int(target.communicate("\n", timeout=60)[0])
        (heap,) = channel.heaps()
    assert heap.interval <= 16 << 10
    # of several distances: each sample stands for what it was taken at
    near(heap.by_line("heap_truth.py")[line_of("slowly")], kept * BLOCK, 128 << 10)


@pytest.mark.some_versions
def test_a_distance_that_was_asked_for_stays(python):
    with reader.channel() as channel:
        channel.ask(reader.SAMPLED, 128 << 10)
        target = channel.start([python, PROGRAM, "slowly", 40])
        assert target.stdout.readline() == "ready\n"
        wait_for(lambda: channel.heaps() and len(channel.heaps()[0].seconds) >= 4, 60)
        target.communicate("\n", timeout=60)
        (heap,) = channel.heaps()
    assert heap.interval == 128 << 10 and heap.doubled == 0


# --- processes --------------------------------------------------------------------------


def test_a_forks_child_goes_on_with_what_it_inherited(python):
    count = 20000
    with reader.channel() as channel:
        channel.ask(reader.SAMPLED, 16 << 10)
        channel.run([python, PROGRAM, "forks", count])
        parent, child = channel.heaps()
    assert child.parent == parent.pid and parent.parent == 0

    def bytes_of(heap, name):
        return sum(value for function, value in heap.by_function().items() if name in function)

    near(bytes_of(parent, "before"), count * BLOCK, parent.interval)
    near(bytes_of(child, "before"), count // 2 * BLOCK, parent.interval)
    near(bytes_of(child, "after"), count * BLOCK, child.interval)
    assert bytes_of(parent, "after") == 0
    assert any(live.flags & reader.PRE_FORK for live in child.live)
    assert not any(live.flags & reader.PRE_FORK for live in parent.live)


def test_a_child_without_fork_handlers_writes_nothing(python):
    heap = heap_of(python, "clones", 20000)
    near(heap.by_function()["before"], 20000 * BLOCK, heap.interval)
    assert heap.by_function("made")["after"] == 0


def test_forks_under_load(python):
    with reader.channel() as channel:
        channel.ask(reader.SAMPLED, 16 << 10)
        channel.run([python, PROGRAM, "forks_many", 15])
        # one that takes no sample, as the interval grew under load, makes no file
        assert len(channel.heaps()) > 12


# --- on and off ----------------------------------------------------------------------------


def wait_for(condition, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.02)
    assert condition()


def test_late_and_off_again(python, python_version):
    all_hooks = (reader.HOOK_MALLOC | reader.HOOK_MEM | reader.HOOK_OBJECT | reader.HOOK_MMAP)
    with reader.channel() as channel:
        target = channel.start([python, PROGRAM, "asked", 20000])
        assert target.stdout.readline() == "ready\n"
        assert channel.heaps() == []
        channel.ask(reader.SAMPLED, 16 << 10)
        wait_for(lambda: [heap.hooks for heap in channel.heaps()] == [all_hooks])
        wait_for(lambda: channel.heaps()[0].samples > 500)
        (heap,) = channel.heaps()
        assert heap.ended_ns == 0
        channel.ask(0)
        wait_for(lambda: channel.heaps()[0].hooks == 0)
        samples = channel.heaps()[0].samples
        time.sleep(0.3)
        (heap,) = channel.heaps()
        assert heap.samples == samples and heap.ended_ns > heap.began_ns
        channel.ask(reader.SAMPLED, 64 << 10)
        wait_for(lambda: channel.heaps()[0].hooks == all_hooks)
        wait_for(lambda: channel.heaps()[0].samples > samples + 50)
        assert target.communicate("\n", timeout=20)[0] == "done\n"
        assert target.returncode == 0
        (heap,) = channel.heaps()
    assert heap.ended_ns > heap.began_ns


def test_on_and_off_many_times(python):
    with reader.channel() as channel:
        target = channel.start([python, PROGRAM, "asked", 2000])
        assert target.stdout.readline() == "ready\n"
        end = time.monotonic() + 8
        for i in range(100):
            want = (0, reader.SAMPLED, reader.SAMPLED | reader.RECYCLED,
                    reader.SAMPLED | reader.EXACT)[i % 4]
            channel.ask(want, (4 << 10) << i % 5, exact_ms=10)
            seen = channel.generation
            wait_for(lambda: not channel.heaps() or channel.heaps()[0].generation == seen)
            if time.monotonic() > end:
                break
        assert i > 20
        assert target.communicate("\n", timeout=20)[0] == "done\n"
        assert target.returncode == 0


@contextlib.contextmanager
def read_by_another(channel):
    """A process that stands for the reader, and may be killed."""
    other = subprocess.Popen(["sleep", "600"])
    channel.read_by(other.pid)
    try:
        yield other
    finally:
        other.kill()
        other.wait()


def is_sampling(channel):
    return bool(channel.heaps()) and channel.heaps()[0].hooks != 0


def test_nobody_reads_nobody_samples(python):
    with reader.channel() as channel, read_by_another(channel) as other:
        channel.ask(reader.SAMPLED, 16 << 10)
        target = channel.start([python, PROGRAM, "asked", 2000])
        assert target.stdout.readline() == "ready\n"
        wait_for(lambda: is_sampling(channel))
        channel.close()
        other.kill()  # nobody waits for it: its number stays
        wait_for(lambda: not is_sampling(channel))
        assert target.communicate("\n", timeout=20)[0] == "done\n"


@pytest.mark.some_versions
def test_a_late_reader_loses_nothing_that_is_live(python):
    with reader.channel() as channel, read_by_another(channel) as other:
        channel.ask(reader.SAMPLED, 16 << 10)
        target = channel.start([python, PROGRAM, "asked", 20000])
        assert target.stdout.readline() == "ready\n"
        wait_for(lambda: is_sampling(channel) and channel.heaps()[0].samples > 500)
        (before,) = channel.heaps()
        channel.silent = True
        wait_for(lambda: channel.states() == [reader.ASLEEP])
        samples = channel.heaps()[0].samples
        wait_for(lambda: channel.heaps()[0].samples > samples + 500)
        channel.silent = False
        wait_for(lambda: channel.states() == [reader.ON])
        wait_for(lambda: channel.heaps()[0].samples > samples + 1000)
        (after,) = channel.heaps()
        assert after.began_ns == before.began_ns and after.ended_ns == 0
        kept = {(live.address, live.born_ns) for live in before.live}
        assert kept & {(live.address, live.born_ns) for live in after.live}
        # silent again, and gone this time
        channel.silent = True
        wait_for(lambda: channel.states() == [reader.ASLEEP])
        assert is_sampling(channel)
        other.kill()
        wait_for(lambda: not is_sampling(channel))
        assert target.communicate("\n", timeout=20)[0] == "done\n"


@pytest.mark.some_versions
def test_what_a_child_frees_while_the_reader_is_late_is_gone(python):
    count = 20000
    with reader.channel() as channel, read_by_another(channel):
        channel.ask(reader.SAMPLED, 16 << 10)
        target = channel.start([python, PROGRAM, "forks_late", count])
        assert target.stdout.readline() == "ready\n"
        wait_for(lambda: is_sampling(channel))
        channel.silent = True
        wait_for(lambda: channel.states() == [reader.ASLEEP])
        target.stdin.write("\n")
        target.stdin.flush()
        assert target.stdout.readline() == "freed\n"
        channel.silent = False
        wait_for(lambda: len(channel.heaps()) == 2)
        target.communicate("\n", timeout=20)
        parent, child = channel.heaps()
    held = sum(value for name, value in child.by_function().items() if "before" in name)
    near(held, count // 2 * BLOCK, parent.interval)


def test_a_reader_that_says_sleep_is_not_waited_for(python):
    with reader.channel() as channel:
        channel.ask(reader.SAMPLED, 16 << 10)
        target = channel.start([python, PROGRAM, "asked", 2000])
        assert target.stdout.readline() == "ready\n"
        wait_for(lambda: is_sampling(channel))
        channel.command(reader.SLEEP)
        wait_for(lambda: not is_sampling(channel))
        assert target.communicate("\n", timeout=20)[0] == "done\n"


# --- seconds ---------------------------------------------------------------------------------


def test_seconds_are_written(python):
    with reader.channel() as channel:
        channel.ask(reader.SAMPLED, 16 << 10)
        target = channel.start([python, PROGRAM, "asked", 20000])
        assert target.stdout.readline() == "ready\n"
        wait_for(lambda: channel.heaps() and len(channel.heaps()[0].seconds) >= 2)
        page = os.sysconf("SC_PAGESIZE")
        rss = int(Path(f"/proc/{target.pid}/statm").read_text().split()[1]) * page
        (heap,) = channel.heaps()
        target.communicate("\n", timeout=20)
    row = heap.seconds[-1]
    assert rss / 2 < row["rss_bytes"] < rss * 2
    assert row["threads"] >= 2
    assert 0 < row["rss_anonymous_bytes"] < rss * 2
    assert row["live_bytes"] > 0 and row["made_bytes"] > row["live_bytes"]
    assert 256 << 10 <= row["arena_bytes"] < rss
    assert heap.seconds[0]["at_ns"] < row["at_ns"]
