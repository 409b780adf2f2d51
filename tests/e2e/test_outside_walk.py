"""Walks of a heap from outside: of a process that has no room to fork, and of one without an agent."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time

import harness
import pytest
from memory_group import memory_group

PROGRAM = """
import gc, os, sys, time

class Page:
    def __init__(self, number):
        self.number = number

def until(name):
    while not os.path.exists(name):
        time.sleep(0.05)

until("go")
KEPT = [Page(number) for number in range(10000)]
FULL = [bytes([number % 256]) * 4096 for number in range(30 * 1024)]
gc.collect()
open("full", "w").close()
until("stop")
"""

CHURN = """
import os, sys, threading, time

class Page:
    def __init__(self, number):
        self.number = number

KEPT = [Page(number) for number in range(20000)]

def churns():
    while not os.path.exists("stop"):
        things = [[number, {number: [number]}] for number in range(500)]
        things.append(things)

threads = [threading.Thread(target=churns) for _ in range(2)]
for thread in threads:
    thread.start()
print("ready", flush=True)
for thread in threads:
    thread.join()
"""


LEAK = """
import functools, os, time

class Page:
    def __init__(self, number):
        self.rows = [number] * 10

while not os.path.exists("go"):
    time.sleep(0.05)
FULL = [bytes([number % 256]) * 4096 for number in range(30 * 1024)]
KEPT, TEXTS = [], {}

@functools.lru_cache(maxsize=None)
def render(number):
    return "page %d " % number * 20

number = 0
while not os.path.exists("stop"):
    number += 1
    KEPT.append(Page(number))
    TEXTS["%d" % number] = "text of %d " % number * 20
    render(number)
    if number == 500:
        open("full", "w").close()
    time.sleep(0.002)
"""


def wait_for(state, timeout=120):
    until = time.monotonic() + timeout
    while not state():
        assert time.monotonic() < until
        time.sleep(0.1)


def rows(recording, sql):
    try:
        return recording.query(sql)
    except Exception:  # not there yet, or being written
        return []


def types_of(recording, walk):
    return {name: (count, tracked, size) for name, count, tracked, size in recording.query(
        "SELECT type, sum(count), sum(tracked), sum(bytes) FROM v1_walk_type WHERE walk_id = ? GROUP BY 1", walk)}


def show_types(path):
    done = subprocess.run([harness.UNSLOW, "show", "types", "--json", "-n", "5000", str(path)], stdout=subprocess.PIPE,
                          timeout=60, check=True)
    shown = json.loads(done.stdout)
    names = [column["name"] for column in shown["columns"]]
    return {row[names.index("type")]: dict(zip(names, row)) for row in shown["rows"]}


class Full:
    """The program under `unslow run`, in a group of its own."""

    def __init__(self, folder, group, program, *options):
        self.folder, self.group = folder, group
        (folder / "full.py").write_text(program)
        self.recording = harness.Recording(folder / "a.rec")
        self.process = subprocess.Popen([harness.UNSLOW, "run", "--no-answer", "-o", folder / "a.rec", *options, "--",
                                         sys.executable, "full.py"], cwd=folder, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        wait_for(lambda: rows(self.recording, "SELECT pid FROM v1_process"))
        (self.pid,), = rows(self.recording, "SELECT pid FROM v1_process")
        group.add(self.pid)
        (folder / "go").touch()
        wait_for((folder / "full").exists)

    def ask(self):
        subprocess.run([harness.UNSLOW, "attach", str(self.pid), "--walk", "-q"], timeout=60, check=True)

    def walks(self, how):
        found = rows(self.recording, f"SELECT count(*) FROM v1_walk WHERE state = 'done' AND how = '{how}'")
        return found[0][0] if found else 0

    def walk_until(self, how, count):
        """Numbers may be skipped: so long as there are too few, another one is asked for."""
        until = time.monotonic() + 240
        while self.walks(how) < count:
            assert self.process.poll() is None and time.monotonic() < until
            self.ask()
            time.sleep(0.1)

    def end(self):
        (self.folder / "stop").touch()
        _, said = self.process.communicate(timeout=60)
        assert self.process.returncode == 0, said
        return said


@contextlib.contextmanager
def full(folder, program, *options):
    with memory_group("outside") as group:
        if group is None:
            pytest.skip("no control group of memory can be made here")
        target = Full(folder, group, program, *options)
        try:
            yield target
        finally:
            (folder / "stop").touch()
            target.process.wait(60)


def test_a_process_near_its_limit_survives_a_hundred_walks(tmp_path):
    with full(tmp_path, PROGRAM) as target:
        target.walk_until("fork", 1)
        inside = target.recording.query("SELECT max(id) FROM v1_walk WHERE state = 'done' AND how = 'fork'")[0][0]
        target.group.limit(target.group.usage() * 10 // 9)
        target.walk_until("outside", 100)
        assert target.walks("outside") >= 100
        said = target.end()
    recording = target.recording
    assert "is read from outside: no room to fork" in said
    # those before the limit may have been asked for twice
    last = recording.query("SELECT max(number) FROM v1_walk WHERE how = 'fork'")[0][0]
    first = recording.query("SELECT min(number) FROM v1_walk WHERE how = 'outside'")[0][0]
    assert last < first
    # the one that was asked for last may be under way when the program ends
    walks = recording.query("SELECT id, reason, pause_ns, cpu_ns, cut, objects FROM v1_walk WHERE how = 'outside' AND state = 'done'")
    assert len(walks) >= 100
    for _, reason, pause_ns, cpu_ns, cut, objects in walks:
        assert reason.startswith("no room to fork") and pause_ns == 0 and cpu_ns > 0
    assert all(cut or objects > 10000 for *_, cut, objects in walks), walks
    whole = [walk[0] for walk in walks if not walk[4]]
    assert whole
    # what is tracked is the same to both; nothing runs in the process but its waiting
    before, after = types_of(recording, inside), types_of(recording, whole[-1])
    assert after["__main__.Page"][0] == before["__main__.Page"][1] == 10000
    assert after["__main__.Page"][2] == before["__main__.Page"][2]
    tracked = sum(row[1] for row in before.values())
    assert abs(sum(row[0] for row in after.values()) - tracked) <= 0.01 * tracked
    page = show_types(recording.path)["__main__.Page"]
    assert page["count"] == 10000 and page["grown"] == 0 and page["read"].startswith("outside")


def test_what_grows_is_named_from_outside(tmp_path):
    """A list of a module, a dict of texts, which the collector leaves out, a cache; each by the line that fills it."""
    with full(tmp_path, LEAK, "--memory=8K") as target:
        target.group.limit(target.group.usage() * 10 // 9)
        wanted = {"__main__.KEPT[", "__main__.TEXTS[", "functools.lru_cache of __main__.render (maxsize=None, "}
        lines = {LEAK[:LEAK.index(text)].count("\n") + 1
                 for text in ("self.rows", "KEPT.append", "TEXTS[", "return \"page", "render(number)\n    if")}

        def named():
            found = rows(target.recording, "SELECT DISTINCT h.expression FROM v1_walk_holder h JOIN v1_walk w ON w.id = h.walk_id "
                         "JOIN v1_heap_site s ON s.id = h.site_id JOIN v1_frame f ON f.id = s.stack_id WHERE w.how = 'outside' "
                         f"AND f.app_line IN ({', '.join(map(str, lines))})")
            target.ask()
            return {start for start in wanted for text, in found if text.startswith(start)} == wanted

        wait_for(named, 120)
        target.end()
    keys = target.recording.query("SELECT count(*) FROM v1_walk_holder WHERE expression LIKE '%[''%'")
    assert keys[0][0] == 0


def test_without_an_agent_while_it_works(tmp_path):
    (tmp_path / "churn.py").write_text(CHURN)
    process = subprocess.Popen([sys.executable, "churn.py"], cwd=tmp_path, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               text=True)
    try:
        assert process.stdout.readline() == "ready\n"
        counts = []
        for number in range(30):
            path = tmp_path / f"{number}.rec"
            done = subprocess.run([harness.UNSLOW, "attach", str(process.pid), "--walk", "-o", path], capture_output=True,
                                  text=True, timeout=60, check=False)
            assert process.poll() is None
            if done.returncode != 0:  # the collector was at work all the while
                counts.append(0)
                continue
            assert f"unslow show types {path}" in done.stderr
            counts.append(show_types(path)["__main__.Page"]["count"])
            if counts[-1] == 20000:
                break
        assert max(counts) == 20000, counts
    finally:
        (tmp_path / "stop").touch()
        assert process.wait(60) == 0


def test_growth_while_it_is_watched(tmp_path):
    """A walk at the begin, one at the end."""
    (tmp_path / "grows.py").write_text("import os, time\nclass Page:\n    pass\nKEPT = [Page() for _ in range(1000)]\n"
                                       "print('ready', flush=True)\nwhile not os.path.exists('stop'):\n"
                                       "    KEPT.append(Page())\n    time.sleep(0.001)\n")
    process = subprocess.Popen([sys.executable, "grows.py"], cwd=tmp_path, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               text=True)
    try:
        assert process.stdout.readline() == "ready\n"
        done = subprocess.run([harness.UNSLOW, "attach", str(process.pid), "--walk", "--for", "2s", "-o", tmp_path / "a.rec"],
                              capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        page = show_types(tmp_path / "a.rec")["__main__.Page"]
        assert page["count"] > 1000 and page["grown"] > 0 and page["class"] == 1 and page["keeps"] is None
    finally:
        (tmp_path / "stop").touch()
        assert process.wait(60) == 0


def interrupt_at_once():
    """A signal that waits goes with execve(2)."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    os.kill(os.getpid(), signal.SIGINT)


def test_interrupted(tmp_path):
    """Ctrl-C is not left waiting until the heaps of all processes were read, seconds each."""
    process = subprocess.Popen([sys.executable, "-c", "import sys; print('ready', flush=True); sys.stdin.read()"],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout.readline() == "ready\n"
        for more in [], ["--for", "60s"]:
            path = tmp_path / f"{len(more)}.rec"
            done = subprocess.run([harness.UNSLOW, "attach", str(process.pid), "--walk", *more, "-o", path], capture_output=True,
                                  text=True, timeout=50, check=False, preexec_fn=interrupt_at_once)
            assert "ended before the heaps of 1 of 1 processes were read" in done.stderr
            assert harness.Recording(path).query("SELECT count(*) FROM v1_walk") == [(0,)]
    finally:
        process.stdin.close()
        assert process.wait(60) == 0


def test_killed_while_it_is_read(tmp_path):
    """What was read until then is no walk of it that time was over for."""
    program = "import sys; KEPT = [[i] for i in range(2000000)]; print('ready', flush=True); sys.stdin.read()"
    for number in range(6):
        process = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert process.stdout.readline() == "ready\n"
        path = tmp_path / f"{number}.rec"
        attach = subprocess.Popen([harness.UNSLOW, "attach", str(process.pid), "--walk", "-q", "-o", path], stderr=subprocess.PIPE)
        time.sleep(0.1 * number)
        process.kill()
        process.communicate()
        attach.communicate(timeout=60)
        if path.exists():
            walks = harness.Recording(path).query("SELECT state, cut, types, reason, took_ns FROM v1_walk LEFT JOIN (SELECT walk_id, "
                                                  "count(*) AS types FROM v1_walk_type GROUP BY 1) ON walk_id = id")
            for state, cut, types, reason, took_ns in walks:
                assert not (state == "done" and cut and took_ns < 2e9), walks
                assert state == "done" or (types is None and reason), walks
