"""Exact calls and lines from a process to the program's tables, on every CPython. Counts are compared with the truth;
of times only what cannot be shorter."""

import json
import marshal
import os
import signal
import sqlite3
import subprocess

import harness
import pytest

TALK = """
import asyncio

def cpu_intensive_call():
    return sum(n * n for n in range(20_000))

async def baz():
    await asyncio.sleep(0.2)

async def foo():
    await asyncio.sleep(0.2)
    await baz()
    await asyncio.sleep(0.1)
    cpu_intensive_call()

asyncio.run(foo())
"""
WRAPPED = """
import asyncio, time

def blocks():
    time.sleep(0.1)

async def hands_over():
    await asyncio.get_running_loop().run_in_executor(None, blocks)

def wrapped(app):  # twice, as frameworks wrap an app in layers of the same code
    async def outer():
        await app()
    async def inner():
        await outer()
    return inner

async def main():
    app = wrapped(wrapped(wrapped(hands_over)))
    for _ in range(3):
        await app()

asyncio.run(main())
"""
LOOP = """
import select, sys

def turn(n):
    return n + 1

n = 0
while n < 4000 and not select.select([sys.stdin], [], [], 0.005)[0]:  # until its input ends
    n = turn(n)
"""


def record(tmp_path, python, source, *options):
    (tmp_path / "prog.py").write_text(source)
    done = subprocess.run([harness.UNSLOW, "run", "-o", "a.rec", *options, "--", python, "prog.py"], cwd=tmp_path,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=True)
    return harness.Recording(tmp_path / "a.rec"), done.stderr


def show(recording, view, *options):
    done = subprocess.run([harness.UNSLOW, "show", view, "--json", "-n", "5000", *options, str(recording.path)],
                          cwd=recording.path.parent, stdout=subprocess.PIPE, timeout=60, check=True)  # 3.8: paths as typed
    shown = json.loads(done.stdout)
    names = [column["name"] for column in shown["columns"]]
    return shown, [dict(zip(names, row)) for row in shown["rows"]]


def functions(recording, *options):
    return {row["name"].split(".")[-1]: row for row in show(recording, "funcs", *options)[1]}


def test_the_talks_program_in_one_command(program, python, tmp_path):
    """foo 1 call, sleep 3, baz 1; waiting apart from running; the table comes with the answer."""
    recording, said = record(tmp_path, python, TALK, "--calls")
    rows = functions(recording)
    assert {name: rows[name]["calls"] for name in ("foo", "sleep", "baz", "cpu_intensive_call")} == {
        "foo": 1, "sleep": 3, "baz": 1, "cpu_intensive_call": 1}
    assert rows["sleep"]["waiting"] >= 500 - 1 and rows["baz"]["waiting"] >= 200 - 1
    foo = rows["foo"]
    assert foo["waiting"] >= 500 - 1
    assert foo["total"] == pytest.approx(foo["running"] + foo["waiting"] + foo["ready"], rel=1e-4)
    assert foo["running"] < foo["total"] - 500 + 1
    assert "calls counted by" in said and "waiting ms" in said


OVERLAPPING = """
import asyncio

async def waits():
    await asyncio.sleep(0.2)

async def main():
    await asyncio.gather(*(waits() for _ in range(5)))

asyncio.run(main())
"""


@pytest.mark.parametrize("options", [["--calls"], ["--calls=prog:waits"]])
def test_waits_at_the_same_time_are_not_added_up(program, python, tmp_path, options):
    recording, _ = record(tmp_path, python, OVERLAPPING, *options, "--no-answer")
    (began, ended), = recording.query("SELECT began_ns, ended_ns FROM v1_call_process")
    rows = {row["name"]: row for row in show(recording, "calls", "--all")[1]}
    assert rows["waits"]["total"] >= 5 * 200 - 5
    rows.pop("waits")
    rows.pop("sleep", None)
    # as printed, in six digits
    assert all(row["total"] <= 1.0001 * (ended - began) / 1e6 for row in rows.values()), rows
    said = subprocess.run([harness.UNSLOW, "show", "calls", "--all", str(recording.path)], stdout=subprocess.PIPE,
                          text=True, check=True).stdout
    assert "tasks waited beside each other" in " ".join(said.split())


def test_a_wait_for_a_pool_counts_once(program, python, tmp_path):
    """Each layer awaits the same: it is the time of the innermost alone, and once in what each function lasted."""
    recording, _ = record(tmp_path, python, WRAPPED, "--calls", "--no-answer")
    subprocess.run([harness.UNSLOW, "export", "pstats", "-o", str(tmp_path / "a.pstats"), str(recording.path)], check=True)
    with open(tmp_path / "a.pstats", "rb") as file:
        stats = marshal.load(file)
    layers = {name.split(".")[-1]: row for (_, _, name), row in stats.items()
              if name.split(".")[-1] in ("main", "inner", "outer", "hands_over")}
    assert {name: row[1] for name, row in layers.items()} == {"main": 1, "inner": 9, "outer": 9, "hands_over": 3}
    whole = layers["main"][3]
    assert layers["hands_over"][3] >= 3 * 0.1 - 0.001
    assert layers["hands_over"][2] >= 3 * 0.1 / 2  # the pool may begin while the work is still handed over
    assert all(row[3] <= whole * 1.001 for row in layers.values())
    # what is not theirs ran meanwhile: handing over, the pool's first thread
    own = sum(row[2] for row in layers.values())
    beside = sum(row[2] for (_, _, name), row in stats.items()
                 if name.split(".")[-1] not in (*layers, "blocks", "select", "poll", "_worker", "_recv_msg"))
    assert whole - beside <= own <= whole * 1.001
    nodes = [row["total"] for row in show(recording, "calls", "--all")[1]
             if row["name"] == "main" and row["file"].endswith("prog.py")]  # site has one, too
    assert sum(nodes) == pytest.approx(whole * 1e3, rel=0.02)


def test_chosen_functions_alone(program, python, tmp_path):
    recording, _ = record(tmp_path, python, TALK, "--calls=__main__:foo,prog.py:7", "--no-answer")
    rows = functions(recording)
    assert set(rows) == {"foo", "baz"}
    assert all(row["p50"] is not None for row in rows.values())


def test_lines(program, python, tmp_path):
    recording, said = record(tmp_path, python, TALK, "--lines", "__main__:foo")
    rows = {row["line"]: row for row in show(recording, "lines")[1]}
    assert {line: row["hits"] for line, row in rows.items() if line > 10} == {11: 1, 12: 1, 13: 1, 14: 1}
    assert rows[11]["await"] >= 200 - 1 and rows[12]["await"] >= 200 - 1 and rows[14]["await"] == 0
    assert rows[11]["text"] == "await asyncio.sleep(0.2)"
    assert "lines counted by" in said


def start(tmp_path, python, *options):
    (tmp_path / "prog.py").write_text(LOOP)
    return subprocess.Popen([harness.UNSLOW, "run", "--no-answer", "-o", "a.rec", *options, "--", python, "prog.py"],
                            cwd=tmp_path, stdin=subprocess.PIPE, stderr=subprocess.PIPE)


def value(path, sql):
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return db.execute(sql).fetchone()[0]
    finally:
        db.close()


def wait_for(path, sql):
    def attempt():
        assert value(path, sql)

    harness.net.wait_until(attempt, (AssertionError, sqlite3.OperationalError), seconds=30)


def attach(process, *options):
    return subprocess.run([harness.UNSLOW, "attach", str(process.pid), *options], capture_output=True, text=True,
                          timeout=30)


def test_switched_on_and_off_in_a_process_that_runs(program, python, tmp_path):
    process = start(tmp_path, python)
    path = tmp_path / "a.rec"
    try:
        wait_for(path, "SELECT count(*) FROM v1_process WHERE python IS NOT NULL")
        harness.net.wait_until(lambda: attach(process, "--calls=__main__:turn").check_returncode(),
                               subprocess.CalledProcessError)
        wait_for(path, "SELECT count(*) FROM v1_call_process WHERE engine <> 'none'")
        done = attach(process, "--calls=off")
        assert done.returncode == 0 and "count no more" in done.stderr
        wait_for(path, "SELECT count(*) FROM v1_process")
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    recording = harness.Recording(path)
    (ended, engine, want, pattern), = recording.query("SELECT ended_ns, engine, want, pattern FROM v1_call_process")
    assert ended and engine != "none"
    assert want and pattern == "__main__:turn"  # what the counts are of; that it is over, ended_ns says
    assert set(functions(recording)) <= {"turn"}


@pytest.mark.some_versions
def test_a_killed_program_leaves_what_was_counted(program, python, tmp_path):
    process = start(tmp_path, python, "--calls")
    path = tmp_path / "a.rec"
    try:
        wait_for(path, "SELECT count(*) FROM v1_call WHERE kind = 'function'")
    finally:
        process.kill()
        process.communicate(timeout=30)
    shown, rows = show(harness.Recording(path), "calls")
    assert shown["note"] is None and rows


@pytest.mark.some_versions
def test_requests_of_workers(watched, python):
    """A view is called once a request, below the route of its request, whichever worker had it."""
    command = lambda port: harness.gunicorn(python, "flask_app:app", port, "-w", "2")  # noqa: E731
    with watched(command, environment={"APP_DSN": "unused"}, options=["--calls"]) as server:
        assert server.load("/hello", 30, threads=2) == [200] * 30
        assert server.load("/items/7", 12, threads=2) == [200] * 12
    rows = functions(server.recording)
    assert (rows["hello"]["calls"], rows["item"]["calls"]) == (30, 12)
    shown, tree = show(server.recording, "calls", "--route", "/items/<int:number>")
    assert shown["scope"] == "requests" and tree[0]["name"] == "/items/<int:number>"
    assert "hello" not in {row["name"] for row in tree}


@pytest.mark.some_versions
def test_timeline_of_requests(watched, python):
    command = lambda port: harness.gunicorn(python, "flask_app:app", port)  # noqa: E731
    with watched(command, environment={"APP_DSN": "unused"}, options=["--timeline"]) as server:
        assert server.load("/items/7", 12) == [200] * 12
    out = server.recording.path.with_name("trace.json")
    subprocess.run([harness.UNSLOW, "export", "chrome", "-o", str(out), str(server.recording.path)], check=True)
    events = json.loads(out.read_text())["traceEvents"]
    assert sum(event["ph"] == "b" for event in events) == 12
    assert sum(event["ph"] == "X" and event["name"] == "item" for event in events) == 12
    assert os.stat(out).st_mode & 0o777 == 0o600
