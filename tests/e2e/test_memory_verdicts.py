"""What is the matter with memory, in real servers: what a cache keeps is one leak, C code's own is told apart, a peak is none."""

import itertools
import json
import os
import subprocess
import sys
import time

import harness
import pytest

APP = "keeping_app.py"
KEEPER = """
#include <stdlib.h>
void keep(size_t size) { char *volatile kept = malloc(size); if (kept) kept[0] = 1; }
"""
SNAPSHOTS = 20  # enough for a verdict
ROUNDS = 2000  # of requests, at most: a state that does not come is a failure
# Bytes that a call keeps, as tracemalloc counts them: the cache's own table grows in steps and is left out.
TRUTH = f"""
import sys, tracemalloc
sys.path.insert(0, {str(harness.APPS)!r})
import keeping_app
tracemalloc.start()
before = tracemalloc.take_snapshot()
for number in range(4000):
    keeping_app.render("name-of-%d" % number, number)
print(sum(row.size_diff for row in tracemalloc.take_snapshot().compare_to(before, "lineno") if row.size_diff > 0) / 4000)
"""


# A list and a cache that a script keeps adding to: two leaks, however many lines make what they hold.
SCRIPT = """
import functools, os, time

KEPT = []

@functools.lru_cache(maxsize=None)
def render(number):
    return "page %d " % number * 20

number = 0
while not os.path.exists("stop"):
    for number in range(number + 1, number + 40):
        KEPT.append(bytearray(number % 7 + 200))
        render(number)
    time.sleep(0.01)
"""


def until_judged(server, path, walks=2):
    """Requests until the worker was looked at so often that growth can be judged, and walked twice."""
    numbers = itertools.count(1000)
    for _ in range(ROUNDS):
        for _ in range(60):
            assert server.get(path.format(next(numbers)))[0] == 200
        looked = server.recording.query(
            "SELECT (SELECT max(n) FROM (SELECT count(*) AS n FROM v1_heap_snapshot WHERE units > 0 GROUP BY process_id)), "
            "(SELECT max(n) FROM (SELECT count(*) AS n FROM v1_walk WHERE state = 'done' GROUP BY process_id))")[0]
        if (looked[0] or 0) >= SNAPSHOTS and (looked[1] or 0) >= walks:
            return
    raise AssertionError(f"looks, walks: {looked}; {server.stderr()}")


def of_memory(recording):
    return [found for found in recording.why()["findings"] if found["cause"] in (
        "memory-leak", "native-memory-leak", "memory-fragmentation", "peak-allocation")]


def place(found):
    return os.path.basename(found["where"][0]["file"]), found["where"][0]["line"]


def shown(recording):
    done = subprocess.run([harness.UNSLOW, "show", "memory", "--json", str(recording.path)], stdout=subprocess.PIPE,
                          timeout=60, check=True)
    return json.loads(done.stdout)


def test_what_a_cache_keeps_is_one_leak(watched):
    with watched(lambda port: harness.gunicorn(sys.executable, "keeping_app:app", port),
                 options=["--memory=8K", "--walk=2", "--no-answer"]) as server:
        until_judged(server, "/page/name-of-{0}/{0}", walks=3)
    truth = float(subprocess.run([sys.executable, "-c", TRUTH], stdout=subprocess.PIPE, timeout=60, check=True).stdout)
    found = of_memory(server.recording)
    assert [one["cause"] for one in found] == ["memory-leak"], found
    assert "functools.lru_cache of keeping_app.render keeps" in found[0]["title"], found
    assert "maxsize" in found[0]["fix"], found
    leak = [one for one in shown(server.recording)["verdicts"] if one["verdict"] == "leak" and one["sure"]]
    assert len(leak) == 1, leak
    # of what is kept some is made outside of the lines that a walk was asked about
    assert leak[0]["low_bytes"] * 0.8 <= truth <= leak[0]["high_bytes"] * 1.4, (leak, truth)


def test_blocks_of_c_code(watched, tmp_path):
    (tmp_path / "keep.c").write_text(KEEPER)
    library = tmp_path / "keeper.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, tmp_path / "keep.c"], check=True, timeout=60)
    with watched(lambda port: harness.gunicorn(sys.executable, "keeping_app:app", port),
                 options=["--memory=8K", "--walk=2", "--no-answer"], environment={"KEEPER": str(library)}) as server:
        until_judged(server, "/native/{0}", walks=3)
    found = of_memory(server.recording)
    assert [(one["cause"], one["confidence"]) for one in found] == [("native-memory-leak", "likely")], found
    assert "keeper.so" in found[0]["title"] and place(found[0]) == (
        APP, harness.marked(harness.APPS / APP, "native-memory-leak")), found
    assert "; by keep (keeper.so)" in found[0]["because"], found
    kept = [one for one in shown(server.recording)["verdicts"] if one["verdict"] == "native-leak"]
    # one of twenty intervals does not hold it
    assert len(kept) == 1 and kept[0]["low_bytes"] <= 1001 * 1.2 and kept[0]["high_bytes"] >= 1000 * 0.8, kept


def test_a_peak_is_no_leak(watched):
    with watched(lambda port: harness.gunicorn(sys.executable, "keeping_app:app", port),
                 options=["--memory", "--no-answer"]) as server:
        server.load("/whole", 12)
        server.load("/page/same/1", 60)
        time.sleep(2.5)  # what is resident is looked at once a second
    found = of_memory(server.recording)
    assert [one["cause"] for one in found] == ["peak-allocation"], found
    assert place(found[0]) == (APP, harness.marked(harness.APPS / APP, "peak-allocation")) and found[0]["route"] == "/whole", found
    resident = shown(server.recording)["resident"]
    parts = [value for name, value in resident["parts"].items() if name != "resident" and value is not None]
    assert abs(sum(parts) - resident["rss_bytes"]) < 1, resident


@pytest.mark.parametrize("options, is_said", [((), True), (("--preload",), False)])
def test_workers_that_share_nothing(watched, options, is_said):
    with watched(lambda port: harness.gunicorn(sys.executable, "tables_app:app", port, "-w", "2", *options),
                 options=["--memory", "--no-answer"]) as server:
        for _ in range(ROUNDS):
            server.load("/row/7", 60)
            looked = server.recording.query(
                "SELECT count(*) FROM (SELECT 1 FROM v1_heap_snapshot WHERE units >= 64 GROUP BY process_id)")[0][0]
            resident = server.recording.query(
                "SELECT count(*) FROM (SELECT 1 FROM v1_heap_second WHERE units >= 64 GROUP BY process_id)")[0][0]
            if min(looked, resident) >= 2:
                break
        else:
            raise AssertionError(f"workers: {looked}, {resident}; {server.stderr()}")
    said = [one for one in shown(server.recording)["verdicts"] if one["verdict"] == "not-shared"]
    assert bool(said) == is_said, shown(server.recording)["verdicts"]
    # what both imported besides is alike, too
    assert not said or 64 << 20 <= said[0]["high_bytes"] and said[0]["low_bytes"] <= 80 << 20, said


def test_a_script_that_keeps_two_things(tmp_path):
    (tmp_path / "keep.py").write_text(SCRIPT)
    process = subprocess.Popen([harness.UNSLOW, "run", "-o", tmp_path / "a.rec", "--walk=1", "--memory=8K", "--no-answer", "--",
                                sys.executable, "keep.py"], cwd=tmp_path, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    recording = harness.Recording(tmp_path / "a.rec")
    until = time.monotonic() + 90
    looked = None
    while looked is None or looked[0] < 24 or looked[1] < 3 or min(looked[2:]) < 6:  # walks may be cut on a busy machine
        assert time.monotonic() < until, looked
        time.sleep(0.3)
        try:
            looked = recording.query("SELECT (SELECT count(*) FROM v1_heap_snapshot), (SELECT count(*) FROM v1_walk WHERE state = 'done'), "
                                     "(SELECT count(*) FROM v1_walk_holder WHERE root = 'cache' AND site_id IS NOT NULL), "
                                     "(SELECT count(*) FROM v1_walk_holder WHERE root = 'module' AND site_id IS NOT NULL)")[0]
        except Exception:  # not there yet, or being written
            looked = None
    (tmp_path / "stop").touch()
    assert process.wait(timeout=60) == 0, process.stderr.read()
    held = [found["title"].split("Memory leaks: ")[1].split(" keeps ")[0] for found in of_memory(recording)]
    assert sorted(held) == ["__main__.KEPT", "functools.lru_cache of __main__.render"], of_memory(recording)
