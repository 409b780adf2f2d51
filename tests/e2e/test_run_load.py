"""`unslow run --load`: the app is loaded once it answers, and each request is known from both ends."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import harness


def run(tmp_path, load, *command, **options):
    recording = harness.Recording(tmp_path / "run.rec")
    done = subprocess.run([harness.UNSLOW, "run", "-o", str(recording.path), "--load", load, "--", *command],
                          cwd=harness.APPS, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=90, text=True,
                          env={**os.environ, "APP_DSN": "unused"}, **options)
    return done, recording


def flask(port):
    return harness.gunicorn(sys.executable, "flask_app:app", port)


def test_each_request_is_known_from_both_ends(tmp_path):
    port = harness.net.free_port()
    done, recording = run(tmp_path, f"':{port}/nap' -R 50 -n 60", *flask(port))
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""  # the app's, which said nothing
    assert "60 answered" in " ".join(done.stderr.split())
    rows = recording.query("SELECT response_ns, late_ns, before_ns, server_ns, after_ns, unit_id, status "
                           "FROM v1_client_request ORDER BY intended_ns")
    assert len(rows) == 60
    for response, late, before, server, after, unit, status in rows:
        assert status == 200 and unit is not None
        assert server > 5_000_000  # it naps
        assert abs(late + before + server + after - response) < 1_000, rows
    # the one that was waited with is a request of the server's, and none of the client's
    assert recording.requests() >= 61
    trace = recording.query("SELECT trace FROM v1_client_request")[0][0]
    shown = subprocess.run([harness.UNSLOW, "show", "trace", "--json", "--request", trace,
                            str(recording.path)], stdout=subprocess.PIPE, check=True)
    kinds = [row[2] for row in json.loads(shown.stdout)["rows"]]
    assert kinds[0] == "client" and "request" in kinds and "sleep" in kinds and kinds[-1] == "client"


def test_an_app_that_ends_ends_the_load(tmp_path):
    port = harness.net.free_port()
    done, recording = run(tmp_path, f":{port}/ -d 60s", sys.executable, "-c",
                          "import sys, time; time.sleep(1); sys.exit(7)")
    assert done.returncode == 7, done.stderr
    assert "stopped while it waited" in done.stderr


def test_the_loads_gate_is_the_runs(tmp_path):
    port = harness.net.free_port()
    done, _ = run(tmp_path, f":{port}/nap -R 20 -n 10 --fail-on 'p50>1ms'", *flask(port))
    assert done.returncode == 1, done.stderr


def test_words_that_are_no_load_start_nothing(tmp_path):
    for load, said in ((":1/ --nonsense", "nonsense"), ("':1/", "quote"), ("-R 5", "takes one URL"),
                       ("http://user:secret@127.0.0.1/", "Authorization")):
        done, recording = run(tmp_path, load, sys.executable, "-c", "print('started')")
        assert done.returncode == 2 and said in done.stderr, done.stderr
        assert done.stdout == "" and not recording.path.exists()


def test_a_wrong_port_is_told_beside_those_of_the_app(tmp_path):
    port, wrong = harness.net.free_port(), harness.net.free_port()
    done, recording = run(tmp_path, f"--wait 8s :{wrong}/", *flask(port))
    assert f"nobody listens on port {wrong}, where --load goes; the app listens on {port}" in done.stderr
    recording.path.unlink()
    done, _ = run(tmp_path, f":{port}/nap -n 5", *flask(port))
    assert "nobody listens" not in done.stderr


COUNTS_SIGINT = """
import http.server, signal, sys, threading, time
seen = []
signal.signal(signal.SIGINT, lambda *_: seen.append(1))
server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), http.server.BaseHTTPRequestHandler)
threading.Thread(target=server.serve_forever, daemon=True).start()
while not seen:
    time.sleep(0.01)
time.sleep(1)  # shuts down
print("signals", len(seen), flush=True)
"""


def test_ctrl_c_reaches_the_app_once(tmp_path):
    """The load ends by it, too, which is no reason to stop an app that ends already."""
    port = harness.net.free_port()
    process = subprocess.Popen(
        [harness.UNSLOW, "run", "-o", str(tmp_path / "a.rec"), "--load", f":{port}/ -R 20 -d 30s", "--",
         sys.executable, "-c", COUNTS_SIGINT, str(port)], stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    try:
        harness.net.wait_for_port(port, process, 20)
        time.sleep(1)
        os.killpg(process.pid, signal.SIGINT)
        said = process.communicate(timeout=30)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    assert "signals 1" in said[0], said


def test_a_killed_unslow_takes_its_load_along(tmp_path):
    port = harness.net.free_port()
    process = subprocess.Popen(
        [harness.UNSLOW, "run", "-o", str(tmp_path / "a.rec"), "--load", f":{port}/ -R 20 -d 60s", "--",
         sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"], stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        harness.net.wait_for_port(port, process, 20)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        load = [pid for pid in children if b"load" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")]
        assert len(load) == 1, children
        process.kill()
        process.wait()
        until = time.monotonic() + 10
        while Path(f"/proc/{load[0]}").exists() and time.monotonic() < until:
            if Path(f"/proc/{load[0]}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                break
            time.sleep(0.05)
        else:
            assert not Path(f"/proc/{load[0]}").exists()
    finally:
        os.killpg(process.pid, signal.SIGKILL)
