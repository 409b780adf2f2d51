"""`unslow attach`: a server that already runs, with workers that come and go, sampled from outside."""

import json
import os
import subprocess
import sys
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


def attach(target, recording, *options):
    return subprocess.Popen([harness.UNSLOW, "attach", str(target), "-o", str(recording),
                             "--no-answer", *options], stdin=subprocess.DEVNULL,
                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def test_a_running_server_and_workers_that_are_replaced(tmp_path):
    (tmp_path / "app.py").write_text(APP)
    port = harness.net.free_port()
    server = subprocess.Popen(harness.gunicorn(sys.executable, "app:app", port, "-w", "2",
                                               "--max-requests", "40"),
                              cwd=tmp_path, stdin=subprocess.DEVNULL)
    try:
        harness.net.wait_for_port(port, server, 30)
        process = attach(f":{port}", tmp_path / "a.rec")
        assert "attached" in process.stderr.readline()
        target = harness.client.Target("127.0.0.1", port, "/")
        for _ in range(400):
            try:
                assert harness.client.get(target)[0] == 200
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
    shown = json.loads(subprocess.run([harness.UNSLOW, "show", "funcs", "--json", "-n", "1",
                                       str(recording.path)], stdout=subprocess.PIPE,
                                      timeout=60, check=True).stdout)
    assert "busy" in map(str, shown["rows"][0]), shown


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
    target = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True)
    assert target.stdout.readline() == "ready\n"
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
