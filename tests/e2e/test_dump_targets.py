"""Targets that are none, or in an unusual state: what `unslow dump` says, its status, and that the
target goes on as before."""

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import harness
import pytest

NOBODY = 65534
SLEEP = "import threading, time; print('ready', flush=True); time.sleep(1000)"


def dump(target, *prefix):
    return subprocess.run([*prefix, harness.UNSLOW, "dump", str(target)], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60)


@pytest.fixture
def start():
    """Function that starts a command and waits for its first line; all are killed at the end."""
    started = []

    def make(*command, **options):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **options)
        started.append(process)
        assert process.stdout.readline() == "ready\n"
        return process

    yield make
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def state(pid):
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def test_a_stopped_process_is_read_and_stays_stopped(start):
    process = start(sys.executable, "-c", SLEEP)
    process.send_signal(signal.SIGSTOP)
    harness.net.wait_until(lambda: [None][state(process.pid) != "T"], IndexError)
    done = dump(process.pid)
    assert done.returncode == 0, done.stderr
    assert "stopped by a signal" in done.stdout and "nothing was stopped" in done.stdout
    assert state(process.pid) == "T"


def test_a_zombie_is_named(start):
    ended = subprocess.Popen(["true"])
    harness.net.wait_until(lambda: [None][state(ended.pid) != "Z"], IndexError)
    done = dump(ended.pid)
    ended.wait()
    assert done.returncode == 3
    assert "has ended; its parent" in done.stderr


def test_another_pythons_are_named(start, tmp_path):
    """PyPy by the library it maps."""
    library = tmp_path / "libpypy3.10-c.so"
    library.write_bytes(b"x" * 4096)
    code = f"import mmap; f = open({str(library)!r}); m = mmap.mmap(f.fileno(), 0, prot=1); {SLEEP}"
    done = dump(start(sys.executable, "-c", code).pid)
    assert done.returncode == 3
    assert "is PyPy" in done.stderr


def test_processes_that_end_meanwhile(tmp_path):
    """Whatever the instant: a stack, or that it has ended; the process's own status is kept."""
    code = "import sys, time; time.sleep({}); sys.exit(7)"
    for i in range(20):
        process = subprocess.Popen([sys.executable, "-c", code.format(i * 0.004)])
        done = dump(process.pid)
        assert done.returncode in (0, 3), done.stderr
        assert process.wait() == 7


def test_a_process_that_forks_and_execs_while_it_is_read(start):
    """Its threads come and go; it is never hung by a look."""
    code = ("import subprocess, threading\nprint('ready', flush=True)\n"
            "while True:\n"
            "    t = threading.Thread(target=sum, args=([1, 2],)); t.start(); t.join()\n"
            "    subprocess.call(['true'])\n")
    process = start(sys.executable, "-c", code)
    for _ in range(20):
        done = dump(process.pid)
        assert done.returncode == 0, done.stderr
    assert process.poll() is None
    before = Path(f"/proc/{process.pid}/schedstat").read_text()
    harness.net.wait_until(
        lambda: [None][Path(f"/proc/{process.pid}/schedstat").read_text() == before], IndexError)
    assert "TracerPid:\t0\n" in Path(f"/proc/{process.pid}/status").read_text()


def test_a_timer_goes_on_under_many_looks(start):
    """SIGALRM every 5 ms while it computes: none is lost by being stopped for a look."""
    code = ("import signal, sys\n"
            "seen = 0\n"
            "def tick(*_):\n"
            "    global seen\n"
            "    seen += 1\n"
            "signal.signal(signal.SIGALRM, tick)\n"
            "signal.setitimer(signal.ITIMER_REAL, 0.005, 0.005)\n"
            "print('ready', flush=True)\n"
            "while seen < 200: pass\n"
            "signal.setitimer(signal.ITIMER_REAL, 0)\n"
            "sys.exit(9)\n")
    process = start(sys.executable, "-c", code)
    while process.poll() is None:
        assert dump(process.pid).returncode in (0, 3)
    assert process.returncode == 9


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_another_users_process_needs_sudo(start):
    process = start(sys.executable, "-c", SLEEP)
    nobody = ("setpriv", "--reuid", str(NOBODY), "--clear-groups", "--")
    if subprocess.run([*nobody, "test", "-x", harness.UNSLOW]).returncode:
        pytest.skip("user nobody may not run unslow")
    done = dump(process.pid, *nobody)
    assert done.returncode == 4
    assert "belongs to another user; run the same command with sudo" in done.stderr
    assert done.stderr.count("\n") == 1


def can_unshare():
    return subprocess.run(["unshare", "-pf", "--mount-proc", "true"],
                          stderr=subprocess.DEVNULL).returncode == 0


@pytest.mark.skipif(not can_unshare(), reason="no new namespaces here")
@pytest.mark.parametrize("threads", ["", "import threading; threading.Thread(target=lambda: "
                                         "time.sleep(1000), daemon=True).start(); "])
def test_a_process_in_its_own_pid_namespace(start, threads):
    """Threads have their number outside."""
    code = f"import time; {threads}{SLEEP}"
    outer = start("unshare", "-pf", "--mount-proc", "--kill-child", sys.executable, "-c", code)
    done = dump(outer.pid)
    assert done.returncode == 0, done.stderr
    inner = Path(f"/proc/{outer.pid}/task/{outer.pid}/children").read_text().split()[0]
    assert f"thread {inner} MainThread: sleeps" in done.stdout


def test_a_deleted_and_replaced_executable(start, tmp_path):
    """The file of that name is another by now: symbols come from memory."""
    copy = tmp_path / "python-app"
    shutil.copy(os.path.realpath(sys.executable), copy)
    process = start(str(copy), "-c", SLEEP, env={
        **os.environ, "PYTHONHOME": sys.base_prefix,
        "LD_LIBRARY_PATH": os.path.join(sys.base_prefix, "lib")})
    copy.unlink()
    shutil.copy("/bin/true", copy)
    done = dump(process.pid)
    assert done.returncode == 0, done.stderr
    assert "MainThread: sleeps" in done.stdout


def test_a_name_and_a_tree(start):
    """A shell that starts a Python is a target, too; what is no Python in it is passed over."""
    process = start("sh", "-c", f'"{sys.executable}" -c "{SLEEP}"; true')
    done = dump(process.pid)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("process ") == 1 and "MainThread" in done.stdout
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    os.kill(int(children[0]), signal.SIGKILL)


def test_bare_unslow_lists_the_server_and_its_next_commands(tmp_path):
    (tmp_path / "app.py").write_text("def app(environ, start_response):\n"
                                     "    start_response('200 OK', [])\n    return []\n")
    port = harness.net.free_port()
    server = subprocess.Popen(harness.gunicorn(sys.executable, "app:app", port, "-w", "2"),
                              cwd=tmp_path, stdin=subprocess.DEVNULL)
    version = ".".join(map(str, sys.version_info[:3]))
    try:
        harness.net.wait_for_port(port, server, 30)

        def listed():
            done = subprocess.run([harness.UNSLOW], stdout=subprocess.PIPE, text=True, timeout=60,
                                  check=True)
            block, = [block for block in done.stdout.split("\n\n")
                      if block.startswith(f":{port} ")]
            head, command, *following = block.splitlines()
            if "2 workers" not in head:
                raise ValueError(head)
            return head, command, following

        head, command, following = harness.net.wait_until(listed, ValueError, 30)
        assert re.fullmatch(rf":{port}  gunicorn, process {server.pid} and 2 workers, CPython {re.escape(version)}, "
                            r"at most [0-9.]+ MiB resident, [0-9]+ % of a core", head)
        assert command.endswith("app:app")
        assert [line.split()[:3] for line in following] == [["unslow", "attach", f":{port}"],
                                                            ["unslow", "dump", f":{port}"]]
        done = subprocess.run([harness.UNSLOW, "dump", f":{port}"], stdout=subprocess.PIPE,
                              text=True, timeout=60)
        assert done.returncode == 0 and done.stdout.count("\nprocess ") == 2
        checked = subprocess.run([harness.UNSLOW, "doctor", f":{port}"], stdout=subprocess.PIPE,
                                 text=True, timeout=60)
        assert checked.returncode == 0
        assert f"process {server.pid} is CPython {version}" in checked.stdout
        assert "it started 2 other processes" in checked.stdout
    finally:
        harness.net.stop(server)
