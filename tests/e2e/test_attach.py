"""`unslow attach`: a server that already runs, with workers that come and go, sampled from outside."""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import harness
import pytest

APP = ("def busy(number):\n"
       "    for _ in range(20000):\n"
       "        number += 1\n"
       "    return number\n"
       "def app(environ, start_response):\n"
       "    busy(0)\n"
       "    start_response('200 OK', [('Content-Length', '0')])\n"
       "    return []\n")


BUSY = ("import atexit, signal, sys, time\n"
        "alarms = 0\n"
        "def alarm(*_):\n"
        "    global alarms\n"
        "    alarms += 1\n"
        "signal.signal(signal.SIGALRM, alarm)\n"
        "signal.setitimer(signal.ITIMER_REAL, 0.02, 0.02)\n"
        # Python gives up its handler when it ends: a late alarm would end it first.
        "atexit.register(signal.setitimer, signal.ITIMER_REAL, 0)\n"
        "def busy():\n"
        "    return sum(range(2000))\n"
        "print('ready', flush=True)\n")


TRUTH = harness.ROOT / "bench" / "sampler-truth"
SYSTEM_PYTHON = "/usr/bin/python3"  # where any user may run it


def attach(target, recording, *options, **more):
    return subprocess.Popen([harness.UNSLOW, "attach", str(target), "-o", str(recording),
                             "--no-answer", *options], stdin=subprocess.DEVNULL,
                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, **more)


def start(code, python=sys.executable, **more):
    target = subprocess.Popen([python, "-c", code], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True, **more)
    assert target.stdout.readline() == "ready\n"
    return target


def engine_of(path):
    return harness.Recording(path).query("SELECT name, reason, scheduled, verified, caught, torn, "
                                         "late, stopped_ns, stop_p99_ns, cpu_ns FROM v1_engine")


def test_a_running_server_and_workers_that_are_replaced(tmp_path):
    (tmp_path / "app.py").write_text(APP)
    port = harness.net.free_port()
    server = subprocess.Popen(harness.gunicorn(sys.executable, "app:app", port, "-w", "2",
                                               "--max-requests", "100"),
                              cwd=tmp_path, stdin=subprocess.DEVNULL)
    try:
        harness.net.wait_for_port(port, server, 30)
        process = attach(f":{port}", tmp_path / "a.rec")
        assert "attached" in process.stderr.readline()
        for _ in range(800):
            try:
                assert harness.client.get(port, "/")[0] == 200
            except OSError:
                pass  # a worker that ends has closed it
        process.send_signal(harness.signal.SIGINT)
        said = process.stderr.read()
        assert process.wait(30) == 0, said
        assert server.poll() is None
    finally:
        harness.net.stop(server)
    recording = harness.Recording(tmp_path / "a.rec")
    engines = recording.query("SELECT name, scheduled, verified, caught, torn, late FROM v1_engine")
    assert len(engines) > 3  # the arbiter, two workers, and some of those that followed
    for name, scheduled, *fates in engines:
        assert (name, scheduled) == ("stop", sum(fates))
    assert sum(row[2] for row in engines) > 0
    shown = json.loads(subprocess.run([harness.UNSLOW, "show", "funcs", "--json", "-n", "20",
                                       str(recording.path)], stdout=subprocess.PIPE,
                                      timeout=60, check=True).stdout)
    assert any("busy" in map(str, row) for row in shown["rows"]), shown


def test_what_is_no_target(tmp_path):
    process = attach("no-program-is-called-so", tmp_path / "a.rec")
    assert process.wait(30) == 3
    assert "no process is called" in process.stderr.read()
    sleep = subprocess.Popen(["sleep", "60"])
    harness.net.wait_until(lambda: [None][os.path.basename(os.readlink(
        f"/proc/{sleep.pid}/exe")) != "sleep"], IndexError)
    process = attach(sleep.pid, tmp_path / "a.rec")
    status, said = process.wait(30), process.stderr.read()
    sleep.kill()
    sleep.wait()
    assert status == 3 and "which is no Python" in said
    assert not Path(tmp_path, "a.rec").exists()


@pytest.mark.parametrize("ending", ["exit", "kill"])
def test_a_target_that_ends(tmp_path, ending):
    """Attached until its end, the target's own status is its parent's as before."""
    code = "import sys; print('ready', flush=True); sys.stdin.readline(); sys.exit(7)"
    target = start(code)
    process = attach(target.pid, tmp_path / "a.rec")
    assert "attached" in process.stderr.readline()
    if ending == "exit":
        target.communicate("\n")
    else:
        target.kill()
        target.communicate()
    assert target.returncode == (7 if ending == "exit" else -9)
    assert process.wait(30) == 0
    assert "the target has ended" in process.stderr.read()


@pytest.mark.parametrize("options", [[], ["--never-stop"]])
def test_a_busy_target_with_a_timer(tmp_path, options):
    """Stopped or not, its timer's signals all arrive, and the row of the engine adds up."""
    target = start(BUSY + "while alarms < 100: busy()\nprint(alarms)")
    process = attach(target.pid, tmp_path / "a.rec", *options)
    assert target.communicate(timeout=60)[0] == "100\n"
    said = process.communicate(timeout=30)[1]
    assert process.returncode == 0, said
    (name, reason, scheduled, *fates, stopped_ns, p99_ns, cpu_ns), = engine_of(tmp_path / "a.rec")
    assert scheduled == sum(fates) > 0 and cpu_ns > 0
    if options:
        assert (name, stopped_ns) == ("prefix", 0) and "unreliable" in reason and "unreliable" in said
        assert fates[0] + fates[1] > 0
    else:
        assert name == "stop" and stopped_ns >= p99_ns > 0 and fates[0] > 0


def test_code_that_is_made_and_thrown_away(tmp_path):
    """Each text is compiled where the last one was: a frame is never given another's name."""
    target = start("import sys, time\nprint('ready', flush=True)\nend, i = time.monotonic() + 6, 0\n"
                   "while time.monotonic() < end:\n"
                   "    i += 1\n"
                   "    exec(compile(f'def outer_{i}(): return inner_{i}()\\n'\n"
                   "                 f'def inner_{i}(): return sum(n for n in range(3000))\\n'\n"
                   "                 f'outer_{i}()', f'<text {i}>', 'exec'), {})\n")
    process = attach(target.pid, tmp_path / "a.rec", "--rate", "500")
    said = process.communicate(timeout=60)[1]
    assert process.returncode == 0 and target.wait(30) == 0, said
    pairs = harness.Recording(tmp_path / "a.rec").query(
        "SELECT c.file, c.function, p.file, p.function FROM v1_frame c JOIN v1_frame p ON p.id = c.parent_id "
        "WHERE c.file LIKE '<text %' AND p.file LIKE '<text %'")
    assert len(pairs) > 50
    for file, function, caller_file, caller in pairs:
        number = file[len("<text "):-1]
        assert caller_file == file, (file, function, caller_file, caller)
        for name in (function, caller):
            assert name.startswith("<") or name.split("_")[1].split(".")[0] == number, (file, function, caller)


WORKERS = ("import queue, sys, threading, time\n"
           "def burst(number):\n"
           "    for i in range(6000):\n"
           "        number += i * i\n"
           "def work():\n"
           "    while tasks.get():\n"
           "        burst(0)\n"
           "tasks = queue.Queue()\n"
           "threads = [threading.Thread(target=work) for _ in range(3)]\n"
           "for thread in threads: thread.start()\n"
           "print('ready', flush=True)\n"
           "sys.stdin.readline()\n"
           "begin = time.process_time()\n"
           "for _ in range(500):\n"
           "    for _ in threads: tasks.put(True)\n"
           "    time.sleep(0.008)\n"
           "for _ in threads: tasks.put(False)\n"
           "for thread in threads: thread.join()\n"
           "print(time.process_time() - begin)\n")


def test_bursts_between_looks_are_no_wait(tmp_path):
    """Workers that wait, and compute for less than a look's period: no CPU is their wait's."""
    target = start(WORKERS)
    process = attach(target.pid, tmp_path / "a.rec")
    assert "attached" in process.stderr.readline()
    used_ns = float(target.communicate("\n", timeout=60)[0]) * 1e9
    said = process.communicate(timeout=30)[1]
    assert process.returncode == 0, said
    recording = harness.Recording(tmp_path / "a.rec")
    cpu_ns, ticks = recording.query("SELECT sum(cpu_ns), sum(ticks) FROM v1_sample")[0]
    assert ticks > 100 and used_ns / 2 < cpu_ns < used_ns * 1.02  # what its clocks counted while it was looked at
    by_state = dict(recording.query("SELECT state, sum(cpu_ns) FROM v1_sample GROUP BY 1"))
    assert sum(by_state.get(state, 0) for state in ("call", "lock", "sleep", "gil")) == 0
    in_function = dict(recording.query(
        "SELECT coalesce(f.function, s.state), sum(cpu_ns) FROM v1_sample s LEFT JOIN v1_frame f ON f.id = s.stack_id "
        "GROUP BY 1"))
    assert in_function.get("Condition.wait", 0) < 0.2 * cpu_ns, in_function
    assert in_function.get("burst", 0) + in_function.get("unseen", 0) > 0.4 * cpu_ns, in_function
    shown = subprocess.run([harness.UNSLOW, "show", "lines", "-n", "1", recording.path], stdout=subprocess.PIPE,
                           timeout=60, check=True, text=True).stdout
    assert ("place not seen" in " ".join(shown.split())) == ("unseen" in by_state), shown


@pytest.mark.parametrize("engine", ["stop", "prefix"])
@pytest.mark.parametrize("python", ["3.8", "3.11", "3.12"])
def test_code_made_at_the_same_addresses(python, engine):
    """Up to 3.11 nothing but its bytes tells it from what was there before, whatever its file's name."""
    program = harness.ROOT / f".venv-{python}" / "bin" / "python"
    if not program.exists():
        pytest.skip(f"no {program}")
    done = subprocess.run([sys.executable, TRUTH, "--engine", engine, "--shapes", "exec", "--threads", "1",
                           "--seconds", "1.5", "--rate", "1000", program], timeout=120,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_heads_that_are_not_linked_yet(tmp_path):
    """A 3.12 generator that is resumed is current before it knows its caller: 2 % of the looks at one."""
    program = harness.ROOT / ".venv-3.12" / "bin" / "python"
    if not program.exists():
        pytest.skip(f"no {program}")
    done = subprocess.run([sys.executable, TRUTH, "--engine", "stop", "--shapes", "gen", "--threads", "1",
                           "--seconds", "3", "--rate", "3000", program], timeout=120,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    assert done.returncode == 0, done.stdout
    verified, caught = (int(re.search(fate + r" (\d+)", done.stdout)[1]) for fate in ("verified", "caught"))
    assert verified > 100 and caught < verified / 100, done.stdout


def test_killed_while_it_looks_the_target_goes_on(tmp_path):
    target = start(BUSY + "while alarms < 50: busy()\nprint('half', flush=True)\n"
                   "while alarms < 100: busy()\nprint(alarms)")
    for number in range(5):
        process = attach(target.pid, tmp_path / f"{number}.rec", "--rate", "1000")
        assert "attached" in process.stderr.readline()
        process.kill()
        process.wait(30)
    assert target.stdout.readline() == "half\n"
    status = Path(f"/proc/{target.pid}/status").read_text()
    assert "TracerPid:\t0\n" in status and "State:\tt" not in status
    assert target.communicate(timeout=60) == ("100\n", None) and target.returncode == 0


def test_killed_while_it_is_looked_at_its_parent_hears(tmp_path):
    """Each of several busy targets is reaped by its own parent though unslow traces it."""
    for number in range(5):
        target = start(BUSY + "while True: busy()")
        process = attach(target.pid, tmp_path / f"{number}.rec", "--rate", "1000")
        assert "attached" in process.stderr.readline()
        target.kill()
        assert target.wait(30) == -9
        assert process.wait(30) == 0, process.stderr.read()


@pytest.mark.skipif(os.geteuid() != 0 or not os.access(SYSTEM_PYTHON, os.X_OK),
                    reason=f"changes the user, who must be able to run {SYSTEM_PYTHON}")
def test_shut_out_while_it_looks():
    """A process that shuts others out (PR_SET_DUMPABLE 0) is no longer looked at, which is said."""
    other = {"user": 65534, "group": 65534, "extra_groups": [], "cwd": "/"}
    code = ("import ctypes, sys\nprint('ready', flush=True)\nsys.stdin.readline()\n"
            "ctypes.CDLL(None).prctl(4, 0)\nsys.stdin.readline()")
    target = start(code, python=SYSTEM_PYTHON, **other)
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o777)
        process = attach(target.pid, Path(folder, "a.rec"), **other)
        said = process.stderr.readline()
        assert "attached" in said, said
        target.stdin.write("\n")
        target.stdin.flush()
        said = process.communicate(timeout=30)[1]
    assert "may not be looked at any more" in said and process.returncode == 0, said
    target.communicate("\n", timeout=30)
    assert target.returncode == 0


@pytest.mark.parametrize("python", ["3.11", "3.12"])
def test_greenlets_are_sampled_from_outside(tmp_path, python):
    """Where greenlets rewrite frames the agent cannot sample; run looks from outside instead."""
    program = harness.ROOT / f".venv-{python}" / "bin" / "python"
    if not program.exists():
        pytest.skip(f"no {program}")
    code = ("import sqlite3, time, greenlet\n"
            "def busy():\n"
            "    return sum(range(3000))\n"
            "def work():\n"
            "    end = time.monotonic() + 1.5\n"
            "    while time.monotonic() < end:\n"
            "        busy()\n"
            "        main.switch()\n"
            "main = greenlet.getcurrent()\n"
            "other = greenlet.greenlet(work)\n"
            "sqlite3.connect(':memory:')\n"
            "while not other.dead:\n"
            "    other.switch()\n")
    done = subprocess.run([harness.UNSLOW, "run", "--no-answer", "-o", tmp_path / "a.rec", "--",
                           program, "-c", code], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          text=True, timeout=60, check=False)
    assert done.returncode == 0 and "engine stop" in done.stderr, done.stderr
    (name, reason, scheduled, *fates, _, _, _), = engine_of(tmp_path / "a.rec")
    assert name == "stop" and "greenlets" in reason and scheduled == sum(fates)
    assert fates[0] > scheduled / 2
    # a script's run is the unit of all its threads, whichever greenlet is on
    assert harness.Recording(tmp_path / "a.rec").query(
        "SELECT DISTINCT in_unit FROM v1_sample WHERE source = 2 AND ticks > 0") == [(1,)]


@pytest.mark.parametrize("python", ["3.11", "3.12"])
def test_greenlets_that_come_late(tmp_path, python):
    """The agent's ticks until then and those from outside are one row, which has all that was sampled."""
    program = harness.ROOT / f".venv-{python}" / "bin" / "python"
    if not program.exists():
        pytest.skip(f"no {program}")
    code = ("import sqlite3, time\n"
            "def busy(seconds):\n"
            "    end = time.monotonic() + seconds\n"
            "    while time.monotonic() < end:\n"
            "        sum(range(3000))\n"
            "sqlite3.connect(':memory:')\n"
            "busy(1)\n"
            "import greenlet\n"
            "greenlet.greenlet(busy).switch(1)\n")
    done = subprocess.run([harness.UNSLOW, "run", "--no-answer", "-o", tmp_path / "a.rec", "--", program, "-c", code],
                          stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    assert done.returncode == 0 and "engine stop" in done.stderr, done.stderr
    (name, _, scheduled, *fates, _, _, _), = engine_of(tmp_path / "a.rec")
    ticks = dict(harness.Recording(tmp_path / "a.rec").query("SELECT source, sum(ticks) FROM v1_sample GROUP BY 1"))
    assert name == "stop" and scheduled == sum(fates)
    assert ticks[1] > 20 and ticks[2] > 20  # by the agent, from outside
    assert sum(ticks.values()) <= fates[0] + fates[1], ticks
