"""`unslow run --walk`: objects by type that grow, and what holds them, of one command."""

import json
import subprocess
import sys
import time

import harness

LEAK = """
import functools, os, sys, time

class Page:
    def __init__(self, number):
        self.number = number
        self.body = [number] * 10

KEPT = []

@functools.lru_cache(maxsize=None)
def render(number):
    return "page %d " % number * 20

number = 0
while not os.path.exists("stop"):
    for number in range(number + 1, number + 20):
        KEPT.append(Page(number))
        render(number)
    time.sleep(0.02)
"""


def show(view, recording, *options):
    done = subprocess.run([harness.UNSLOW, "show", view, "--json", *options, str(recording)], stdout=subprocess.PIPE,
                          timeout=60, check=True)
    shown = json.loads(done.stdout)
    names = [column["name"] for column in shown["columns"]]
    return [dict(zip(names, row)) for row in shown["rows"]]


def run(tmp_path, *options):
    (tmp_path / "leak.py").write_text(LEAK)
    return subprocess.Popen([harness.UNSLOW, "run", "-o", tmp_path / "a.rec", *options, "--", sys.executable, "leak.py"],
                            cwd=tmp_path, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def walks(recording):
    try:
        return recording.query("SELECT count(*) FROM v1_walk WHERE state = 'done' AND NOT cut AND NOT holders_cut")[0][0]
    except Exception:  # not there yet, or being written
        return 0


def until_walked(recording, count):
    until = time.monotonic() + 60
    while walks(recording) < count:
        assert time.monotonic() < until
        time.sleep(0.1)


def stop(tmp_path, process):
    (tmp_path / "stop").touch()
    _, said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    return said


def test_growth_and_holders(tmp_path):
    process = run(tmp_path, "--walk=1")
    recording = harness.Recording(tmp_path / "a.rec")
    until_walked(recording, 3)
    stop(tmp_path, process)
    types = {row["type"]: row for row in show("types", recording.path, "-n", "5000")}
    page = types["__main__.Page"]
    assert page["class"] == 1 and 0 < page["grown"] < page["count"]
    assert page["size grown"] < page["size"]
    assert types["list"]["grown"] >= page["grown"]
    holders = show("holders", recording.path)
    kept = [row for row in holders if row["held by"] == "__main__.KEPT"]
    assert kept and kept[0]["object"] == "list" and kept[0]["length"] == page["count"]
    cache = [row for row in holders if row["root"] == "cache" and row["root name"] == "__main__.render"]
    assert cache and cache[0]["cache hits"] == 0 and cache[0]["cache limit"] is None
    assert cache[0]["held by"].startswith("functools.lru_cache of __main__.render (maxsize=None, ")
    for row in recording.query("SELECT pause_ns, held_ns, took_ns, objects, bytes FROM v1_walk WHERE state = 'done'"):
        assert 0 < row[0] <= row[1] and row[2] > 0 and row[3] > 1000 and row[4] > 0


def test_a_walk_is_asked_for_meanwhile(tmp_path):
    process = run(tmp_path)
    recording = harness.Recording(tmp_path / "a.rec")
    until = time.monotonic() + 60
    while True:
        try:
            (pid,) = recording.query("SELECT pid FROM v1_process")[0]
            break
        except Exception:  # not there yet
            assert time.monotonic() < until
            time.sleep(0.1)
    done = subprocess.run([harness.UNSLOW, "attach", str(pid), "--walk"], capture_output=True, text=True, timeout=60,
                          check=True)
    assert "walk their heaps now" in done.stderr
    until_walked(recording, 1)
    stop(tmp_path, process)
    rows = show("types", recording.path)
    assert rows and all(row["grown"] is None for row in rows)
    refused = subprocess.run([harness.UNSLOW, "attach", str(pid), "--walk", "--calls"], capture_output=True, text=True,
                             timeout=60, check=False)
    assert refused.returncode in (2, 3)


def test_without_the_agent_it_is_refused(tmp_path):
    done = subprocess.run([harness.UNSLOW, "run", "--no-agent", "--walk", "--", "true"], cwd=tmp_path,
                          capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2 and "leave out --no-agent" in done.stderr
    done = subprocess.run([harness.UNSLOW, "run", "--walk=0.1", "--", "true"], cwd=tmp_path, capture_output=True,
                          text=True, timeout=60, check=False)
    assert done.returncode == 2 and "once a second" in done.stderr


def test_what_grows_is_looked_for(tmp_path):
    """A leak of few bytes among much that is larger: the line that makes it, and who holds it."""
    (tmp_path / "leak.py").write_text('TABLES = [b"x" * 1000000 for _ in range(40)]\n' + LEAK.replace(
        "    time.sleep(0.02)\n", "    time.sleep(0.002)\n"))
    process = subprocess.Popen([harness.UNSLOW, "run", "-o", tmp_path / "a.rec", "--walk=1", "--memory=8K", "--", sys.executable,
                                "leak.py"], cwd=tmp_path, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    recording = harness.Recording(tmp_path / "a.rec")
    until_walked(recording, 4)
    stop(tmp_path, process)
    made = recording.query("SELECT h.expression, h.root, f.function, f.app_line FROM v1_walk_holder h JOIN v1_walk w ON w.id = "
                           "h.walk_id JOIN v1_heap_site s ON s.id = h.site_id JOIN v1_frame f ON f.id = s.stack_id WHERE "
                           "w.id = (SELECT max(id) FROM v1_walk WHERE state = 'done' AND NOT cut AND NOT holders_cut) AND f.app_file LIKE '%leak.py'")
    kept = [row for row in made if row[0].startswith("__main__.KEPT[")]
    lines = LEAK.count("\n", 0, LEAK.index("class Page")) + 2, LEAK.count("\n", 0, LEAK.index("KEPT.append")) + 2
    assert kept and {row[3] for row in kept} <= set(range(lines[0], lines[1] + 1)), made
    assert any(row[1] == "cache" and row[0].startswith("functools.lru_cache of __main__.render") for row in made), made
    shown = show("holders", recording.path, "-n", "500")
    assert any("leak.py:" in (row["made at"] or "") and row["held by"].startswith("__main__.KEPT[") for row in shown)
