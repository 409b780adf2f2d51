"""`unslow attach --dry-run` and `unslow doctor TARGET`: what would be done to a target, without touching it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import harness
import pytest

NOBODY = 65534
SYSTEM_PYTHON = "/usr/bin/python3"  # where any user may run it
SLEEP = "import time; print('ready', flush=True); time.sleep(1000)"
BUSY = "print('ready', flush=True)\nwhile True: pass"
APP = ("def app(environ, start_response):\n"
       "    start_response('200 OK', [('Content-Length', '0')])\n"
       "    return []\n")
SECTIONS = ("reads", "stops", "writes", "holds", "never", "where")


def dry_run(target, *options, **more):
    return subprocess.run([harness.UNSLOW, "attach", "--dry-run", *options, str(target)],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, timeout=60, **more)


def plan_of(target, *options, status=0, **more):
    done = dry_run(target, "--json", *options, **more)
    assert done.returncode == status and not done.stderr, (done.stdout, done.stderr)
    plan = json.loads(done.stdout)
    assert plan["schema"] == "unslow.plan/1" and plan["exit"] == status
    return plan


@pytest.fixture
def start():
    """Function that starts a program and waits for its first line; all are killed at the end."""
    started = []

    def make(code, *command, python=sys.executable, **options):
        process = subprocess.Popen([*command, python, "-c", code], stdout=subprocess.PIPE, text=True,
                                   **options)
        started.append(process)
        assert process.stdout.readline() == "ready\n"
        return process

    yield make
    for process in reversed(started):  # a tracer before what it traces
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.fixture
def server(tmp_path):
    (tmp_path / "app.py").write_text(APP)
    port = harness.net.free_port()
    process = subprocess.Popen(harness.gunicorn(sys.executable, "app:app", port, "-w", "2"), cwd=tmp_path,
                               stdin=subprocess.DEVNULL)
    try:
        harness.net.wait_for_port(port, process, 30)
        workers = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        harness.net.wait_until(lambda: [None][len(workers.read_text().split()) < 2], IndexError)
        process.port = port
        process.workers = [int(pid) for pid in workers.read_text().split()]
        yield process
        assert process.poll() is None
    finally:
        harness.net.stop(process)


def settled(target, *options, **more):
    """The plan once each process of it is past its start."""
    found = []

    def look():
        done = dry_run(target, "--json", *options, **more)
        found[:] = [json.loads(done.stdout)]
        return [None][any(each["engine"] == "none" for each in found[0]["processes"])]

    harness.net.wait_until(look, IndexError)
    return found[0]


@pytest.mark.parametrize("options, engine, share", [
    ([], "stop", 0.005), (["--engine", "stop"], "stop", 0.005), (["--engine", "prefix"], "prefix", 0),
    (["--never-stop"], "prefix", 0)])
def test_a_server_and_its_workers(server, tmp_path, options, engine, share):
    folder = tmp_path / "empty"
    folder.mkdir()
    plan = settled(f":{server.port}", *options, cwd=folder, env={**os.environ, "HOME": str(folder)})
    version = ".".join(map(str, sys.version_info[:3]))
    assert [(each["pid"], each["role"], each["started_by"]) for each in plan["processes"]] == [
        (server.pid, "root", None), *((pid, "worker", server.pid) for pid in server.workers)]
    for each in plan["processes"]:
        assert (each["python"], each["engine"], each["threads"]) == (version, engine, 1)
    assert all(plan[section] for section in SECTIONS)
    assert (plan["stop_budget"], plan["in_the_way"]) == (share, [])
    assert ("nothing" in str(plan["stops"])) == (share == 0)
    assert plan["recording"].startswith("./unslow-gunicorn-")
    assert not list(folder.iterdir())


def test_what_attach_and_doctor_say_is_one(server):
    plan = settled(f":{server.port}")
    said = subprocess.run([harness.UNSLOW, "doctor", "--json", str(server.pid)], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, timeout=60, check=True).stdout
    again = json.loads(said)["attach"]
    for one in (plan, again):
        one.pop("schema", None)
        one.pop("recording"), one.pop("where")  # named by the second
    assert again == plan


def test_an_engine_that_attach_does_not_have(server):
    done = dry_run(server.pid, "--engine", "none")
    assert done.returncode == 2 and "--engine" in done.stderr and not done.stdout


def test_a_busy_process_is_not_stopped(start):
    """The kernel counts each time a thread gives way: a stop would be one of its own will."""
    process = start(BUSY)
    status = Path(f"/proc/{process.pid}/status")

    def stops():
        return [line for line in status.read_text().splitlines()
                if line.startswith(("voluntary", "TracerPid"))]

    before = stops()
    for options in [[], ["--never-stop"], ["--engine", "stop"]]:
        assert plan_of(process.pid, *options)["processes"][0]["python"]
    assert stops() == before
    assert process.poll() is None


def test_a_program_without_python_above_one(start):
    """The shell is no obstacle: attach watches what is below it."""
    process = start(SLEEP, "sh", "-c", '"$@"; true', "sh")
    plan = plan_of(process.pid)
    assert [(each["role"], each["engine"]) for each in plan["processes"]] == [
        ("root", "none"), ("child", "stop")]
    assert "no Python" in plan["processes"][0]["reason"] and plan["in_the_way"] == []
    subprocess.run(["kill", str(plan["processes"][1]["pid"])], check=True)


def test_another_python(start, tmp_path):
    library = tmp_path / "libpypy3.10-c.so"
    library.write_bytes(b"x" * 4096)
    code = f"import mmap; f = open({str(library)!r}); m = mmap.mmap(f.fileno(), 0, prot=1); {SLEEP}"
    plan = plan_of(start(code).pid, status=3)
    assert "is PyPy" in plan["in_the_way"][0]["text"] and plan["in_the_way"][0]["fix"]
    assert plan["reads"] == plan["where"] == [] and plan["recording"] is None


def test_a_process_that_is_gone():
    ended = subprocess.Popen(["true"])
    ended.wait()
    done = dry_run(ended.pid, "--json")
    assert done.returncode == 3 and "no process has the id" in done.stderr


@pytest.mark.skipif(os.geteuid() != 0 or not os.access(SYSTEM_PYTHON, os.X_OK),
                    reason=f"changes the user, who must be able to run {SYSTEM_PYTHON}")
def test_the_process_of_another_user(start):
    process = start(SLEEP, python=SYSTEM_PYTHON, cwd="/")
    plan = plan_of(process.pid, status=4, user=NOBODY, group=NOBODY, extra_groups=[], cwd="/tmp")
    (obstacle,) = plan["in_the_way"]
    assert "belongs to another user" in obstacle["text"] and "sudo" in obstacle["fix"]
    assert (plan["processes"][0]["engine"], plan["processes"][0]["python"]) == ("none", None)


def test_a_process_that_is_traced(start):
    """Who is traced already cannot be stopped by us: auto gives way, --engine stop is told."""
    process = start(SLEEP)
    tracer = start("import ctypes, sys, time\n"
                   f"ctypes.CDLL(None, use_errno=True).ptrace(0x4206, {process.pid}, None, None)\n" + SLEEP)
    plan = plan_of(process.pid)
    assert plan["processes"][0]["engine"] == "prefix"
    assert f"process {tracer.pid} traces it" in plan["processes"][0]["reason"]
    plan = plan_of(process.pid, "--engine", "stop")
    assert f"traced by process {tracer.pid}" in plan["in_the_way"][0]["text"]


def test_no_file_can_be_made(server, tmp_path):
    plan = plan_of(server.pid, "-o", str(tmp_path / "none" / "a.rec"), status=1)
    assert "cannot make the recording" in plan["in_the_way"][0]["text"]
    assert not (tmp_path / "none").exists()
    home = tmp_path / "home"
    home.mkdir()
    environment = {key: value for key, value in os.environ.items() if key != "XDG_STATE_HOME"}
    plan = settled(server.pid, cwd="/proc", env={**environment, "HOME": str(home)})
    assert plan["recording"].startswith(f"{home}/.local/state/unslow/") and not list(home.iterdir())
