"""Processes that are another user than unslow. The channel is private; what can be seen is seen."""

import os
import sqlite3
import subprocess
import sys

import pytest
import runner

TIMEOUT_S = 30
NOBODY = 65534
# A worker as gunicorn's --user makes it: forked by root, gives root up, works with threads.
WORKER = f"""
import os, sqlite3, threading
def work():
    connection = sqlite3.connect(":memory:")
    connection.execute("select 42").fetchall()
    barrier.wait()
    connection.close()
barrier = threading.Barrier(10)
if os.fork() == 0:
    os.setgid({NOBODY})
    os.setuid({NOBODY})
    threads = [threading.Thread(target=work) for _ in range(10)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    os._exit(0)
os.wait()
"""

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


def watched(tmp_path, *command):
    """(what unslow said, connection to its recording)"""
    path = tmp_path / "a.rec"
    environment = {**os.environ, "UNSLOW_DISABLE": "0"}
    done = subprocess.run([str(runner.binary()), "run", "--no-answer", "-o", str(path), "--",
                           *command], env=environment, stdin=subprocess.DEVNULL, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=TIMEOUT_S)
    assert done.returncode == 0, done.stderr
    return done.stderr, sqlite3.connect(path)


def test_a_worker_that_gives_up_root_is_seen(tmp_path):
    said, recording = watched(tmp_path, sys.executable, "-c", WORKER)
    (opened,), = recording.execute(
        "SELECT count(*) FROM handle WHERE kind = 'sqlite' AND opened_ns IS NOT NULL")
    assert opened == 10, said  # each thread has a ring: made before it was too late
    assert recording.execute("SELECT sum(count) FROM loss").fetchone()[0] in (None, 0)


def test_a_process_that_was_never_root_is_named(tmp_path):
    """It cannot reach the channel, and that is said with the cure; nothing is opened to it."""
    tell = ("setpriv", "--reuid", str(NOBODY), "--clear-groups", "--")
    # The system's Python: one in /root is not nobody's to start.
    script = ["/usr/bin/python3", "-c", "import time; time.sleep(3)"]
    if subprocess.run([*tell, "/usr/bin/python3", "-c", ""]).returncode:
        pytest.skip("no Python that user nobody may start")
    library = runner.binary().parent / "agent" / "libunslow-agent.so"
    if subprocess.run([*tell, "test", "-r", str(library)]).returncode:
        pytest.skip("user nobody may not read the agent")
    said, recording = watched(tmp_path, *tell, *script)
    assert f"runs as user {NOBODY} and is not watched" in said
    assert f"setpriv --reuid {NOBODY}" in said
    assert recording.execute("SELECT value FROM meta WHERE key = 'shut_out_user'").fetchone() == (
        NOBODY,)
