"""What computes is named by its line: in scripts shorter than a second, on event loops wherever they run, in C."""

import os
import socket
import sys
import threading
import time

import harness
import pytest

PYTHON = sys.executable


def first_of(recording):
    return next(found for found in recording.why()["findings"] if found["list"] == "slow")


def assert_names(found, cause, app):
    place = found["where"][0]
    assert (found["cause"], os.path.basename(place["file"]), place["line"]) == (
        cause, app, harness.marked(harness.APPS / app, cause)), found


def run(folder, *command):
    """The recording of a script's run."""
    done = harness.subprocess.run(
        [harness.UNSLOW, "run", "--no-answer", "-o", folder / "run.rec", "--", *command], cwd=harness.APPS,
        stdin=harness.subprocess.DEVNULL, stdout=harness.subprocess.DEVNULL, timeout=60)
    assert done.returncode == 0
    return harness.Recording(folder / "run.rec")


@pytest.mark.parametrize("script, cause", [("cpu_script.py", "hot-python-loop"),
                                           ("asyncio_script.py", "cpu-hog-in-event-loop")])
def test_a_script_of_a_second(program, tmp_path, script, cause):
    recording = run(tmp_path, PYTHON, script)
    assert_names(first_of(recording), cause, script)
    wall, unexplained = recording.query("SELECT wall_ns, unexplained_ns FROM v1_unit WHERE kind = 'run'")[0]
    assert unexplained < wall / 10, "what it waited before it had a channel is known, too"


@pytest.mark.parametrize("words", [[], ["thread"]])
def test_a_loop_of_a_script(program, tmp_path, words):
    assert_names(first_of(run(tmp_path, PYTHON, "loop_script.py", *words)), "cpu-hog-in-event-loop", "loop_script.py")


def late_answer(listener):
    """One client's question, after most of the time that it sleeps beside it."""
    connection, _ = listener.accept()
    with connection:
        connection.recv(1)
        time.sleep(1.2)
        connection.sendall(b"!")


def test_a_loop_of_a_script_that_sleeps(program, tmp_path):
    recording = run(tmp_path, PYTHON, "timer_script.py")
    wall, slept, net = recording.query("SELECT wall_ns, sleep_ns, io_net_ns FROM v1_unit WHERE kind = 'run'")[0]
    assert slept > wall / 2 and net < slept / 10, (wall, slept, net)
    assert "timers of its event loop (asyncio.sleep, call_later, time limits) at timer_script.py" in \
        recording.why()["findings"][0]["title"]


def test_a_loop_of_a_script_that_waits_for_a_service_beside_timers(program, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        service = threading.Thread(target=late_answer, args=(listener,))
        service.start()
        recording = run(tmp_path, PYTHON, "timer_script.py", str(listener.getsockname()[1]))
        service.join()
    slept, net = recording.query("SELECT sleep_ns, io_net_ns FROM v1_unit WHERE kind = 'run'")[0]
    assert net > slept, (slept, net)


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_a_loop_of_a_server(watched, loop):
    with watched(lambda port: harness.uvicorn(PYTHON, "hog_app:app", str(port), "--loop", loop)) as server:
        others = threading.Thread(target=server.load, args=("/quick", 100))
        others.start()
        assert server.load("/hog", 40, threads=2) == [200] * 40
        others.join()
    assert_names(first_of(server.recording), "cpu-hog-in-event-loop", "hog_app.py")


def test_a_hash_that_the_handler_calls(watched):
    with watched(lambda port: harness.gunicorn(PYTHON, "hash_app:app", port)) as server:
        assert server.load("/account", 60) == [200] * 60
    assert server.recording.why()["probe"]["events_dropped"] == 0, server.recording.query("SELECT * FROM v1_loss")
    found = first_of(server.recording)
    assert_names(found, "crypto-on-hot-path", "hash_app.py")
    assert "pbkdf2_hmac" in str(found["evidence"])


def test_the_start_of_a_server_is_no_work(watched):
    """Its imports are sampled once they take long, and are no part of requests."""
    slow = "import time\nwhile time.process_time() < 0.6: sum(range(1000))\n"  # CPU: on a busy machine, too
    with watched(lambda port: [PYTHON, "-c", slow + "import sys, uvicorn; uvicorn.run('hog_app:app', port=int("
                               f"sys.argv[1]), log_level='warning')", str(port)]) as server:
        assert server.load("/quick", 20) == [200] * 20
    of_start = "SELECT total(ticks) FROM v1_sample s JOIN v1_frame f ON f.id = s.stack_id " \
               "WHERE f.file = '<string>' AND s.state = 'python' AND in_unit = ?"
    assert server.recording.query(of_start, 0)[0][0] > 20
    assert server.recording.query(of_start, 1)[0][0] == 0


MANY_REQUESTS = """
import socket, werkzeug.test
from flask import Flask
app = Flask("many")
@app.route("/")
def page():
    return "x"
with socket.socket() as listener:
    listener.bind(("127.0.0.1", 0))
environ = werkzeug.test.EnvironBuilder("/").get_environ()
for _ in range(62000):
    b"".join(app(dict(environ), lambda *_: None))
"""


def test_the_lines_of_a_large_recording_are_shown_after_the_answer(program, tmp_path):
    (tmp_path / "many.py").write_text(MANY_REQUESTS)
    done = harness.subprocess.run(
        [harness.UNSLOW, "run", "--lines", "many.py:page", "-o", tmp_path / "many.rec", "--", PYTHON, "many.py"],
        cwd=tmp_path, stdin=harness.subprocess.DEVNULL, stderr=harness.subprocess.PIPE, timeout=60, text=True)
    assert done.returncode == 0 and "cannot be evaluated" not in done.stderr
    assert "62000" in done.stderr.split("lines counted by")[1], done.stderr
